export type { KeyWrapper } from './contract.ts';
export { openFileKeyWrapper } from './file-wrapper.ts';
export { replaceFile, writeOnce } from './durable-file.ts';
export { openDataKeys } from './data-keys.ts';
export type { DataKeyOptions, DataKeys } from './data-keys.ts';
export { shredFile, syncFolder } from './shred.ts';

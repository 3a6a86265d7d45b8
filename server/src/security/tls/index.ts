export { keepTls, type KeptTls, type TlsOptions } from './keep.ts';
export { namesOfThisMachine } from './names.ts';
export type { TlsMaterial } from './material.ts';

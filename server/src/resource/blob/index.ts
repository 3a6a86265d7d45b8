export type { BlobId, BlobInfo, BlobStore } from './contract.ts';
export { blobMigrations } from './schema.ts';
export { openBlobStore, rackFolders, replaceRack, type BlobStoreOptions, type EmbeddedBlobStore } from './store.ts';
export type { ScrubOptions, ScrubResult } from './housekeeping.ts';

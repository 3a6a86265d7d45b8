export { registerUpload, documentHeader, type UploadDeps } from './register.ts';
export { uploadMigrations } from './schema.ts';
export type { Uploads } from './uploads.ts';

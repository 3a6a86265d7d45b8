export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './server.ts';
export { keepEmbeddedPostgres, type KeptPostgres } from './keep.ts';

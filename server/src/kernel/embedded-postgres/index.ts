export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './server.ts';
export { keepEmbeddedPostgres, type KeptPostgres } from './keep.ts';
export { runningPostgres } from './leftover.ts';

export { registerWhiteboard, type BoardAdmission, type WhiteboardDeps, type WhiteboardDoor } from './register.ts';
export { whiteboardMigrations } from './schema.ts';
export { boardLimits } from './scene.ts';
export type { BoardFile } from './export.ts';

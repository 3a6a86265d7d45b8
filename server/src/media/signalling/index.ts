export { registerRoom, type RoomDoor } from './register.ts';
export type { RoomDependencies } from './lobby.ts';

export { LiveRoom, type LiveRoomOptions, type RoomConnection } from './live-room.ts';
export type { RoomAdmission } from './room-admission.ts';
export type { Admission } from './room-state.ts';

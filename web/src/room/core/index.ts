export { RoomClient, type RoomClientOptions } from './room-client.ts';
export type { RoomNotices, RoomSnapshot, Phase } from './snapshot.ts';
export type { Ending } from './reconnection.ts';

export { DeviceCheck, type DeviceCheckProps, type ReadyDevices } from './check/DeviceCheck.tsx';
export { WaitingRoom } from './WaitingRoom.tsx';
export { Room, type RoomProps } from './Room.tsx';
export { RoomClient, measureLink, type Ending, type RoomClientOptions, type RoomSnapshot } from './core/index.ts';

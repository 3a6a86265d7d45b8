export { registerRoom, type RoomDependencies, type RoomDoor } from './signalling/index.ts';
export { signallingLimits, type ChatLine, type EndReason, type LeaveReason, type RoomRole } from './protocol/index.ts';
export { MediaPool, type MediaListener, type MediaPoolOptions, type MediaService, type RoomMedia } from './pool/index.ts';
export type { Admission, RoomAdmission } from './rooms/index.ts';

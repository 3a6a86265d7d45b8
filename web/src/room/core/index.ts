export { RoomClient, type RoomClientOptions } from './room-client.ts';
export type { RoomNotices, RoomSnapshot, Phase } from './snapshot.ts';
export type { Ending } from './reconnection.ts';
export { measureLink, type LinkProbeOptions } from './link-probe.ts';
export { captureCamera, captureMicrophone, captureScreen, listDevices, playTestTone, watchLevel, type DeviceFault } from './devices.ts';

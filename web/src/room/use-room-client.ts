import { useEffect, useState, useSyncExternalStore } from 'react';
import type { ReadyDevices } from './check/DeviceCheck.tsx';
import { RoomClient, type RoomSnapshot } from './core/index.ts';

/** One client for the life of the component; leaving the page leaves the room. */
export function useRoomClient(url: string, ticket: string, devices: ReadyDevices): { client: RoomClient; snapshot: RoomSnapshot } {
  const [client] = useState(() => new RoomClient({ url, ticket }));
  useEffect(() => {
    const begin = async (): Promise<void> => {
      await client.setMicrophone(devices.microphone, devices.microphoneOn);
      await client.setCamera(devices.camera, devices.cameraOn);
      client.start();
    };
    void begin();
    return () => {
      client.leave();
      devices.microphone?.stop();
      devices.camera?.stop();
    };
    // The devices of the check are those of the whole stay.
  }, [client, devices]);
  const snapshot = useSyncExternalStore((onChange) => client.watch(onChange), () => client.snapshot);
  return { client, snapshot };
}

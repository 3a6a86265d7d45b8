import { useCallback, useEffect, useRef, useState } from 'react';
import { captureCamera, captureMicrophone, listDevices, type DeviceFault } from '../core/index.ts';

export interface Devices {
  readonly camera: MediaStreamTrack | null;
  readonly microphone: MediaStreamTrack | null;
  readonly cameraFault: DeviceFault | undefined;
  readonly microphoneFault: DeviceFault | undefined;
  readonly list: readonly MediaDeviceInfo[];
  readonly asking: boolean;
  chooseCamera(deviceId: string | undefined): void;
  chooseMicrophone(deviceId: string | undefined): void;
  /** Hands the tracks over: from now on they are not stopped when this component goes. */
  handOver(): void;
}

/** Opens camera and microphone, each by itself: one that is missing or refused does not take the other along. */
export function useDevices(): Devices {
  const [camera, setCamera] = useState<{ track: MediaStreamTrack | null; fault: DeviceFault | undefined }>({ track: null, fault: undefined });
  const [microphone, setMicrophone] = useState<{ track: MediaStreamTrack | null; fault: DeviceFault | undefined }>({ track: null, fault: undefined });
  const [list, setList] = useState<readonly MediaDeviceInfo[]>([]);
  const [asking, setAsking] = useState(true);
  const held = useRef<{ camera: MediaStreamTrack | null; microphone: MediaStreamTrack | null; handedOver: boolean; gone: boolean }>({ camera: null, microphone: null, handedOver: false, gone: false });

  const chooseCamera = useCallback(async (deviceId: string | undefined) => {
    held.current.camera?.stop();
    const found = await captureCamera(deviceId);
    held.current.camera = found.track;
    if (held.current.gone) { found.track?.stop(); return; }
    setCamera(found);
  }, []);
  const chooseMicrophone = useCallback(async (deviceId: string | undefined) => {
    held.current.microphone?.stop();
    const found = await captureMicrophone(deviceId);
    held.current.microphone = found.track;
    if (held.current.gone) { found.track?.stop(); return; }
    setMicrophone(found);
  }, []);

  useEffect(() => {
    const mine = held.current;
    mine.gone = false;
    const refresh = (): void => { void listDevices().then(setList); };
    const begin = async (): Promise<void> => {
      await chooseMicrophone(undefined);
      await chooseCamera(undefined);
      setAsking(false);
      refresh();
    };
    void begin();
    const media = globalThis.navigator.mediaDevices;
    media?.addEventListener('devicechange', refresh);
    return () => {
      media?.removeEventListener('devicechange', refresh);
      mine.gone = !mine.handedOver;
      if (mine.handedOver) return;
      mine.camera?.stop();
      mine.microphone?.stop();
    };
  }, [chooseCamera, chooseMicrophone]);

  return {
    camera: camera.track, microphone: microphone.track, cameraFault: camera.fault, microphoneFault: microphone.fault, list, asking,
    chooseCamera: (id) => { void chooseCamera(id); }, chooseMicrophone: (id) => { void chooseMicrophone(id); },
    handOver: () => { held.current.handedOver = true; },
  };
}

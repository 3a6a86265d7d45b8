/** Getting camera and microphone, with an answer for everything that can go wrong. */
export const deviceFaults = ['denied', 'none', 'busy', 'insecure', 'failed'] as const;
export type DeviceFault = (typeof deviceFaults)[number];

export interface Captured { readonly track: MediaStreamTrack | null; readonly fault: DeviceFault | undefined }

export function faultOf(error: unknown): DeviceFault {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'none';
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'failed';
}

async function capture(constraints: MediaStreamConstraints, pick: (stream: MediaStream) => MediaStreamTrack | undefined): Promise<Captured> {
  // Browsers hide the devices from pages that are not served over TLS.
  if (globalThis.navigator.mediaDevices === undefined) return { track: null, fault: 'insecure' };
  try {
    const stream = await navigator.mediaDevices.getUserMedia(constraints);
    return { track: pick(stream) ?? null, fault: undefined };
  } catch (error) {
    return { track: null, fault: faultOf(error) };
  }
}

const wanted = (deviceId: string | undefined) => (deviceId === undefined ? {} : { deviceId: { exact: deviceId } });

export const captureCamera = (deviceId?: string): Promise<Captured> =>
  capture({ video: { ...wanted(deviceId), width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } } }, (stream) => stream.getVideoTracks()[0]);

export const captureMicrophone = (deviceId?: string): Promise<Captured> =>
  capture({ audio: { ...wanted(deviceId), echoCancellation: true, noiseSuppression: true, autoGainControl: true } }, (stream) => stream.getAudioTracks()[0]);

/** Asks which screen to show; undefined when the user thought better of it. */
export async function captureScreen(): Promise<MediaStreamTrack | undefined> {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: false });
    const [track] = stream.getVideoTracks();
    if (track !== undefined) track.contentHint = 'detail';
    return track;
  } catch (error) {
    if (faultOf(error) === 'denied') return undefined;
    throw error;
  }
}

export const listDevices = async (): Promise<MediaDeviceInfo[]> =>
  (globalThis.navigator.mediaDevices === undefined ? [] : (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.deviceId !== ''));

/** Loudness of a track, 0 to 1, some thirty times a second; returns how to stop. */
export function watchLevel(track: MediaStreamTrack, onLevel: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    // -60 dB is the bottom of the meter.
    onLevel(Math.max(0, Math.min(1, 1 + (10 * Math.log10(power + 1e-9)) / 60)));
  }, 33);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}

/** Two soft tones, to hear whether the speaker works. */
export async function playTestTone(speakerId: string | undefined): Promise<void> {
  const context = new AudioContext();
  if (speakerId !== undefined && 'setSinkId' in context) await (context as AudioContext & { setSinkId(id: string): Promise<void> }).setSinkId(speakerId);
  const gain = context.createGain();
  gain.gain.value = 0.2;
  gain.connect(context.destination);
  for (const [index, hertz] of [523.25, 659.25].entries()) {
    const oscillator = context.createOscillator();
    oscillator.frequency.value = hertz;
    oscillator.connect(gain);
    oscillator.start(context.currentTime + index * 0.4);
    oscillator.stop(context.currentTime + index * 0.4 + 0.35);
  }
  setTimeout(() => void context.close(), 1_200);
}

/** What this browser sends: one connection with fixed places for voice, camera and screen; tracks are exchanged without negotiating anew. */
export interface LocalTracks { audio: MediaStreamTrack | null; main: MediaStreamTrack | null; auxiliary: MediaStreamTrack | null }

/** Each participant more means less for each: eleven pictures must come through one link. */
export function mainEncoding(others: number): { maxBitrate: number; scaleResolutionDownBy: number } {
  if (others <= 1) return { maxBitrate: 1_800_000, scaleResolutionDownBy: 1 };
  if (others <= 3) return { maxBitrate: 800_000, scaleResolutionDownBy: 1 };
  return others <= 6 ? { maxBitrate: 400_000, scaleResolutionDownBy: 1.5 } : { maxBitrate: 220_000, scaleResolutionDownBy: 2 };
}

export class SendLink {
  readonly peer: RTCPeerConnection;
  readonly generation: number;
  #senders: Record<keyof LocalTracks, RTCRtpSender>;

  constructor(generation: number, iceServers: readonly string[], onState: (state: RTCPeerConnectionState) => void) {
    this.generation = generation;
    this.peer = new RTCPeerConnection({ iceServers: iceServers.map((urls) => ({ urls })), bundlePolicy: 'max-bundle' });
    this.peer.onconnectionstatechange = () => onState(this.peer.connectionState);
    this.#senders = {
      audio: this.peer.addTransceiver('audio', { direction: 'sendonly' }).sender,
      main: this.peer.addTransceiver('video', { direction: 'sendonly', sendEncodings: [{ maxBitrate: 1_800_000 }] }).sender,
      auxiliary: this.peer.addTransceiver('video', { direction: 'sendonly', sendEncodings: [{ maxBitrate: 2_500_000 }] }).sender,
    };
  }

  /** Makes the offer. Candidates need not be in it: the server learns the address from the first check. */
  async offer(tracks: LocalTracks): Promise<string> {
    await Promise.all((['audio', 'main', 'auxiliary'] as const).map((role) => this.#senders[role].replaceTrack(tracks[role])));
    const offer = await this.peer.createOffer();
    await this.peer.setLocalDescription(offer);
    return offer.sdp ?? '';
  }

  async accept(sdp: string): Promise<void> {
    if (this.peer.signalingState === 'have-local-offer') await this.peer.setRemoteDescription({ type: 'answer', sdp });
  }

  async replace(role: keyof LocalTracks, track: MediaStreamTrack | null): Promise<void> {
    if (this.peer.signalingState !== 'closed') await this.#senders[role].replaceTrack(track);
  }

  async fitTo(others: number): Promise<void> {
    const sender = this.#senders.main;
    const parameters = sender.getParameters();
    const [encoding] = parameters.encodings;
    if (encoding === undefined) return;
    const wanted = mainEncoding(others);
    if (encoding.maxBitrate === wanted.maxBitrate && encoding.scaleResolutionDownBy === wanted.scaleResolutionDownBy) return;
    Object.assign(encoding, wanted);
    await sender.setParameters(parameters);
  }

  close(): void {
    this.peer.onconnectionstatechange = null;
    this.peer.close();
  }
}

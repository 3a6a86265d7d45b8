import type { ReceivePlanView } from '@bedside/server/media/protocol/index.ts';
import { withAudioNack } from './sdp.ts';

export interface ReceivedStreams {
  /** Picture and sound of each participant. */
  readonly byParticipant: ReadonlyMap<string, MediaStream>;
  readonly auxiliary: { readonly participantId: string; readonly stream: MediaStream } | undefined;
}

/** Safari and Firefox know the older name or none. */
type DelayableReceiver = RTCRtpReceiver & { jitterBufferTarget?: number | null };

/** What this browser receives: the server offers seats, and tells who sits where. */
export class ReceiveLink {
  readonly peer: RTCPeerConnection;
  readonly generation: number;
  #receivers = new Map<string, RTCRtpReceiver>();
  #streams = new Map<string, MediaStream>();
  #plan: ReceivePlanView = { seats: [], auxiliary: { mid: '', participantId: null } };
  #onChange: () => void;
  /** Descriptions are worked off one after the other. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(generation: number, iceServers: readonly string[], on: { state(state: RTCPeerConnectionState): void; change(): void }) {
    this.generation = generation;
    this.#onChange = on.change;
    this.peer = new RTCPeerConnection({ iceServers: iceServers.map((urls) => ({ urls })), bundlePolicy: 'max-bundle' });
    this.peer.onconnectionstatechange = () => on.state(this.peer.connectionState);
    this.peer.ontrack = ({ transceiver, receiver }) => {
      if (transceiver.mid !== null) this.#receivers.set(transceiver.mid, receiver);
      this.#onChange();
    };
  }

  /** Answers an offer; resolves with the answer's text. */
  answer(sdp: string): Promise<string> {
    const work = this.#queue.then(async () => {
      await this.peer.setRemoteDescription({ type: 'offer', sdp });
      const answer = await this.peer.createAnswer();
      const text = withAudioNack(answer.sdp ?? '');
      await this.peer.setLocalDescription({ type: 'answer', sdp: text });
      return text;
    });
    this.#queue = work.catch(() => undefined);
    return work;
  }

  setPlan(plan: ReceivePlanView): void {
    this.#plan = plan;
    this.#onChange();
  }

  /** Streams by participant as the plan says now. A seat keeps its stream object, so that playing goes on. */
  streams(): ReceivedStreams {
    const byParticipant = new Map<string, MediaStream>();
    for (const seat of this.#plan.seats) {
      if (seat.participantId !== null) byParticipant.set(seat.participantId, this.#stream(seat.audioMid, [seat.audioMid, seat.videoMid]));
    }
    const { mid, participantId } = this.#plan.auxiliary;
    return { byParticipant, auxiliary: participantId === null ? undefined : { participantId, stream: this.#stream(mid, [mid]) } };
  }

  /** Holds each participant's media back as long as repair needs; 0 leaves it to the browser. */
  setPlayoutDelay(delayMs: Readonly<Record<string, number>>): void {
    for (const seat of this.#plan.seats) {
      if (seat.participantId === null) continue;
      const wanted = delayMs[seat.participantId] ?? 0;
      for (const mid of [seat.audioMid, seat.videoMid]) this.#delay(mid, wanted);
    }
    const { mid, participantId } = this.#plan.auxiliary;
    if (participantId !== null) this.#delay(mid, delayMs[participantId] ?? 0);
  }

  close(): void {
    this.peer.onconnectionstatechange = null;
    this.peer.ontrack = null;
    this.peer.close();
  }

  #delay(mid: string, wantedMs: number): void {
    const receiver: DelayableReceiver | undefined = this.#receivers.get(mid);
    if (receiver === undefined || !('jitterBufferTarget' in receiver)) return;
    const target = wantedMs === 0 ? null : wantedMs;
    if (receiver.jitterBufferTarget !== target) receiver.jitterBufferTarget = target;
  }

  #stream(key: string, mids: readonly string[]): MediaStream {
    const stream = this.#streams.get(key) ?? new MediaStream();
    this.#streams.set(key, stream);
    for (const mid of mids) {
      const track = this.#receivers.get(mid)?.track;
      if (track !== undefined && !stream.getTracks().includes(track)) stream.addTrack(track);
    }
    return stream;
  }
}

import type { VideoCodec } from '../rtp/index.ts';
import type { TrackRole } from './media-packet.ts';
import type { ReceivePlan } from './webrtc/down-connection.ts';

/** What the server asks of a media process, over the channel of `child_process.fork`. Both ends are our own code of one version. */
export type MediaRequest =
  | { readonly type: 'publish'; readonly roomId: string; readonly participantId: string; readonly sdp: string }
  | { readonly type: 'subscribe'; readonly roomId: string; readonly participantId: string; readonly seats: number }
  | { readonly type: 'answer'; readonly roomId: string; readonly participantId: string; readonly negotiation: number; readonly sdp: string }
  | { readonly type: 'open-tracks'; readonly roomId: string; readonly participantId: string; readonly roles: readonly TrackRole[] }
  | { readonly type: 'close-participant'; readonly roomId: string; readonly participantId: string }
  | { readonly type: 'close-room'; readonly roomId: string }
  | { readonly type: 'probe'; readonly probeId: string; readonly sdp: string }
  | { readonly type: 'close-probe'; readonly probeId: string }
  | { readonly type: 'ping' };

export interface MediaResults {
  publish: { readonly sdp: string };
  subscribe: { readonly sdp: string; readonly negotiation: number; readonly plan: ReceivePlan };
  probe: { readonly sdp: string };
}

/** Link of one participant as the media process measures it. Fractions 0 to 1. */
export interface ParticipantQuality {
  readonly participantId: string;
  readonly upLossFraction: number; readonly downLossFraction: number;
  readonly residualLossFraction: number;
  readonly roundTripMs: number; readonly jitterMs: number;
  /** How long others should hold this one's media back when played by the participant of the same place in `playout`. */
  readonly playoutMs: Readonly<Record<string, number>>;
}

export type MediaEvent =
  | { readonly type: 'offer'; readonly roomId: string; readonly participantId: string; readonly negotiation: number; readonly sdp: string; readonly plan: ReceivePlan }
  | { readonly type: 'plan'; readonly roomId: string; readonly participantId: string; readonly plan: ReceivePlan }
  | { readonly type: 'state'; readonly roomId: string; readonly participantId: string; readonly direction: 'up' | 'down'; readonly state: string }
  | { readonly type: 'quality'; readonly roomId: string; readonly participants: readonly ParticipantQuality[]; readonly speakerId: string | null };

export type ToMedia = { readonly id: number; readonly request: MediaRequest };
export type FromMedia =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number; readonly ok: false; readonly error: { readonly kind: string; readonly code: string; readonly message: string } }
  | { readonly event: MediaEvent };

/** Settings of a media process, as its only argument, in JSON. */
export interface MediaProcessSettings {
  readonly bindAddress: string;
  readonly iceServers: readonly string[];
  readonly videoOrder: readonly VideoCodec[];
}

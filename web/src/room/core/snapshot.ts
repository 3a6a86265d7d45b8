import type { ChatLine, ParticipantView, QualityView } from '@bedside/server/media/protocol/index.ts';
import type { Ending } from './reconnection.ts';

export type Phase = 'connecting' | 'waiting' | 'inside' | 'reconnecting' | 'over';

/** All that a screen needs to draw the room; a new object for every change. */
export interface RoomSnapshot {
  readonly phase: Phase;
  readonly ending: Ending | undefined;
  /** The server's reason code when it did not let us in. */
  readonly refusal: string | undefined;
  readonly you: ParticipantView | undefined;
  /** The others, in order of arrival. */
  readonly participants: readonly ParticipantView[];
  readonly streams: ReadonlyMap<string, MediaStream>;
  readonly auxiliary: { readonly participantId: string; readonly stream: MediaStream } | undefined;
  readonly floorHolderId: string | undefined;
  readonly chat: readonly ChatLine[];
  readonly quality: ReadonlyMap<string, QualityView>;
  readonly speakerId: string | undefined;
  readonly consentNeeded: boolean;
  /** Media is not flowing although we are inside: it is being connected again. */
  readonly mediaConnected: boolean;
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
  readonly sharing: boolean;
}

export const firstSnapshot: RoomSnapshot = {
  phase: 'connecting', ending: undefined, refusal: undefined, you: undefined, participants: [], streams: new Map(), auxiliary: undefined, floorHolderId: undefined,
  chat: [], quality: new Map(), speakerId: undefined, consentNeeded: false, mediaConnected: false, microphoneOn: false, cameraOn: false, sharing: false,
};

/** One-time happenings that a screen may announce. */
export interface RoomNotices {
  muted: { readonly byId: string };
  failed: { readonly code: string; readonly about: string | undefined };
  chat: { readonly line: ChatLine };
  knocking: { readonly participant: ParticipantView };
  'share-ended': Record<string, never>;
}

import type { TrackRole } from '../sfu/index.ts';
import type { ChatLine, EndReason, LeaveReason, ParticipantView, RoomRole, ServerMessage } from '../protocol/index.ts';

/** Who somebody is in a room, from the join ticket. */
export interface Admission {
  readonly roomId: string;
  readonly participantId: string;
  readonly displayName: string;
  readonly role: RoomRole;
  /** The case that the meeting belongs to. */
  readonly caseId: string;
  readonly canAdmit: boolean;
}

/** `joining`: admitted, and being recorded with the case. `away`: the connection is lost, the seat is kept. */
export type Presence = 'waiting' | 'joining' | 'present' | 'away';

export interface Participant extends Admission {
  readonly presence: Presence;
  /** Before the connection was lost. */
  readonly presenceBefore: Presence;
  readonly consent: ParticipantView['consent'];
  readonly audio: boolean;
  readonly video: boolean;
  readonly hand: boolean;
  readonly awaySinceMs: number | undefined;
}

export interface RoomState {
  readonly roomId: string;
  readonly participants: ReadonlyMap<string, Participant>;
  readonly floorHolderId: string | undefined;
  readonly chat: readonly ChatLine[];
  /** Somebody has been in the room: its emptiness then ends it. */
  readonly used: boolean;
  readonly ended: boolean;
}

export type RoomEvent =
  | { readonly type: 'arrive'; readonly admission: Admission }
  | { readonly type: 'returned'; readonly participantId: string }
  /** The media process has been restarted: it must be told anew what passes. */
  | { readonly type: 'media-restarted' }
  | { readonly type: 'joined-recorded'; readonly participantId: string }
  | { readonly type: 'joined-failed'; readonly participantId: string }
  | { readonly type: 'vanished'; readonly participantId: string; readonly nowMs: number }
  | { readonly type: 'tick'; readonly nowMs: number }
  | { readonly type: 'leave'; readonly participantId: string }
  | { readonly type: 'admit'; readonly byId: string; readonly participantId: string; readonly accept: boolean }
  | { readonly type: 'mute'; readonly byId: string; readonly participantId: string }
  | { readonly type: 'remove'; readonly byId: string; readonly participantId: string }
  | { readonly type: 'end'; readonly byId: string }
  | { readonly type: 'shutdown' }
  | { readonly type: 'media-state'; readonly participantId: string; readonly audio: boolean; readonly video: boolean }
  | { readonly type: 'hand'; readonly participantId: string; readonly raised: boolean }
  | { readonly type: 'consent'; readonly participantId: string; readonly granted: boolean }
  | { readonly type: 'consent-recorded'; readonly participantId: string; readonly granted: boolean }
  | { readonly type: 'consent-failed'; readonly participantId: string }
  | { readonly type: 'floor'; readonly participantId: string; readonly action: 'take' | 'release' }
  | { readonly type: 'chat'; readonly participantId: string; readonly text: string; readonly clientId: string; readonly lineId: string; readonly sentAt: string }
  | { readonly type: 'chat-recorded'; readonly line: ChatLine }
  | { readonly type: 'chat-failed'; readonly line: ChatLine };

/** What must be done after a step. `record-*` call the process engine and come back as events. */
export type RoomEffect =
  | { readonly do: 'send'; readonly to: string; readonly message: ServerMessage }
  | { readonly do: 'welcome'; readonly participantId: string; readonly resumed: boolean }
  | { readonly do: 'wait'; readonly participantId: string }
  | { readonly do: 'disconnect'; readonly participantId: string; readonly reason: 'ended-by-host' | 'empty' | 'shutdown' | 'removed' | 'refused' | 'left' }
  | { readonly do: 'record-joined'; readonly participant: Participant }
  | { readonly do: 'record-left'; readonly participant: Participant; readonly reason: LeaveReason }
  | { readonly do: 'record-consent'; readonly participant: Participant; readonly granted: boolean }
  | { readonly do: 'record-chat'; readonly participant: Participant; readonly line: ChatLine }
  | { readonly do: 'record-ended'; readonly reason: EndReason }
  | { readonly do: 'open-tracks'; readonly participantId: string; readonly roles: readonly TrackRole[] }
  | { readonly do: 'close-media'; readonly participantId: string };

export interface Step { readonly state: RoomState; readonly effects: readonly RoomEffect[] }

export const emptyRoom = (roomId: string): RoomState => ({ roomId, participants: new Map(), floorHolderId: undefined, chat: [], used: false, ended: false });

/** Hosts and clinicians go straight in; patients and other guests wait until somebody who may admit lets them in. */
export const mustWait = (admission: Admission): boolean => !admission.canAdmit && (admission.role === 'patient' || admission.role === 'observer');

export const isInside = (participant: Participant): boolean =>
  participant.presence === 'present' || (participant.presence === 'away' && participant.presenceBefore === 'present');

export const viewOf = (participant: Participant): ParticipantView => ({
  participantId: participant.participantId, displayName: participant.displayName, role: participant.role, canAdmit: participant.canAdmit,
  presence: participant.presence === 'joining' ? 'waiting' : participant.presence,
  consent: participant.consent, audio: participant.audio, video: participant.video, hand: participant.hand,
});

/** The tracks that pass on to others: none before a patient's consent, none that is muted, the auxiliary one with the floor only. */
export function openRoles(state: RoomState, participant: Participant): TrackRole[] {
  const consented = participant.consent === 'not-needed' || participant.consent === 'granted';
  if (!consented || !isInside(participant)) return [];
  const roles: TrackRole[] = [];
  if (participant.audio) roles.push('audio');
  if (participant.video) roles.push('main');
  if (state.floorHolderId === participant.participantId) roles.push('auxiliary');
  return roles;
}

/** Everybody a message about `about` goes to: those inside, and for somebody who waits only those who may admit. */
export function toOthers(state: RoomState, about: Participant, message: ServerMessage): RoomEffect[] {
  return [...state.participants.values()]
    .filter((one) => one.participantId !== about.participantId && one.presence === 'present' && (isInside(about) || one.canAdmit))
    .map((one) => ({ do: 'send', to: one.participantId, message }));
}

export const toAll = (state: RoomState, message: ServerMessage): RoomEffect[] =>
  [...state.participants.values()].filter((one) => one.presence === 'present').map((one) => ({ do: 'send', to: one.participantId, message }));

export const withParticipant = (state: RoomState, participant: Participant): RoomState =>
  ({ ...state, participants: new Map(state.participants).set(participant.participantId, participant) });

/** Changes a participant and tells everybody, itself included. */
export function changed(state: RoomState, participant: Participant): { state: RoomState; effects: RoomEffect[] } {
  const next = withParticipant(state, participant);
  const message: ServerMessage = { type: 'participant', participant: viewOf(participant) };
  const self: RoomEffect[] = participant.presence === 'present' ? [{ do: 'send', to: participant.participantId, message }] : [];
  return { state: next, effects: [...toOthers(next, participant, message), ...self] };
}

export const refusal = (to: string, code: string, message: string, about?: string): RoomEffect =>
  ({ do: 'send', to, message: { type: 'error', code, message, retryable: false, ...(about === undefined ? {} : { about }) } });

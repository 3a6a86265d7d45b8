import { signallingLimits, type EndReason, type LeaveReason } from '../protocol/index.ts';
import {
  changed, isInside, mustWait, openRoles, refusal, toOthers, viewOf, withParticipant,
  type Admission, type Participant, type RoomEffect, type RoomState, type Step,
} from './room-state.ts';

const nothing = (state: RoomState): Step => ({ state, effects: [] });
const count = (state: RoomState, which: (one: Participant) => boolean): number => [...state.participants.values()].filter(which).length;
const isGuest = (one: Participant): boolean => one.presence === 'waiting' || (one.presence === 'away' && one.presenceBefore === 'waiting');

export function arrive(state: RoomState, admission: Admission): Step {
  if (state.participants.has(admission.participantId)) return returned(state, admission.participantId);
  const waits = mustWait(admission);
  const participant: Participant = {
    ...admission, presence: waits ? 'waiting' : 'joining', presenceBefore: 'waiting', consent: admission.role === 'patient' ? 'asked' : 'not-needed',
    audio: false, video: false, hand: false, awaySinceMs: undefined,
  };
  const full = waits ? count(state, isGuest) >= signallingLimits.mostWaiting : count(state, (one) => !isGuest(one)) >= signallingLimits.mostParticipants;
  if (full) {
    return { state, effects: [refusal(admission.participantId, 'room.full', 'The room is full.'), { do: 'disconnect', participantId: admission.participantId, reason: 'refused' }] };
  }
  const next = withParticipant(state, participant);
  if (!waits) return { state: next, effects: [{ do: 'record-joined', participant }] };
  return {
    state: next,
    effects: [{ do: 'wait', participantId: participant.participantId }, ...toOthers(next, participant, { type: 'participant', participant: viewOf(participant) })],
  };
}

/** The connection is back (or a second one took its place): the seat and everything about it is as before. */
export function returned(state: RoomState, participantId: string): Step {
  const before = state.participants.get(participantId);
  if (before === undefined) return nothing(state);
  const participant: Participant = before.presence === 'away' ? { ...before, presence: before.presenceBefore, awaySinceMs: undefined } : before;
  const step = changed(state, participant);
  if (participant.presence === 'joining') return nothing(withParticipant(state, participant));
  const welcome: RoomEffect = participant.presence === 'present' ? { do: 'welcome', participantId, resumed: true } : { do: 'wait', participantId };
  return { state: step.state, effects: [welcome, ...consentRequest(participant), ...step.effects] };
}

const consentRequest = (participant: Participant): RoomEffect[] =>
  (participant.consent === 'asked' && participant.presence === 'present' ? [{ do: 'send', to: participant.participantId, message: { type: 'consent-needed' } }] : []);

export function joinedRecorded(state: RoomState, participantId: string): Step {
  const before = state.participants.get(participantId);
  if (before === undefined || (before.presence !== 'joining' && before.presenceBefore !== 'joining')) return nothing(state);
  // Whoever vanished while being recorded is inside, and away.
  const participant: Participant = before.presence === 'away' ? { ...before, presenceBefore: 'present' } : { ...before, presence: 'present', presenceBefore: 'present' };
  const next = { ...withParticipant(state, participant), used: true };
  return {
    state: next,
    effects: [
      ...(participant.presence === 'present' ? [{ do: 'welcome', participantId, resumed: false } as const] : []),
      ...consentRequest(participant),
      ...toOthers(next, participant, { type: 'participant', participant: viewOf(participant) }),
    ],
  };
}

export function joinedFailed(state: RoomState, participantId: string): Step {
  const participants = new Map(state.participants);
  participants.delete(participantId);
  return {
    state: { ...state, participants },
    effects: [
      { do: 'send', to: participantId, message: { type: 'error', code: 'room.join-failed', message: 'Joining could not be recorded. Try again.', retryable: true } },
      { do: 'disconnect', participantId, reason: 'refused' },
    ],
  };
}

export function vanished(state: RoomState, participantId: string, nowMs: number): Step {
  const before = state.participants.get(participantId);
  if (before === undefined || before.presence === 'away') return nothing(state);
  return changed(state, { ...before, presence: 'away', presenceBefore: before.presence, awaySinceMs: nowMs });
}

export function tick(state: RoomState, nowMs: number): Step {
  const gone = [...state.participants.values()].filter((one) => one.awaySinceMs !== undefined && nowMs - one.awaySinceMs >= signallingLimits.seatKeptMs);
  return gone.reduce<Step>((step, one) => {
    const next = depart(step.state, one.participantId, 'vanished');
    return { state: next.state, effects: [...step.effects, ...next.effects] };
  }, nothing(state));
}

const disconnectReason = { left: 'left', removed: 'removed', refused: 'refused', vanished: undefined, ended: undefined } as const;

/** Takes a participant out of the room; the last one to go ends it. */
export function depart(state: RoomState, participantId: string, reason: Exclude<LeaveReason, 'ended'>): Step {
  const participant = state.participants.get(participantId);
  if (participant === undefined) return nothing(state);
  const participants = new Map(state.participants);
  participants.delete(participantId);
  const hadFloor = state.floorHolderId === participantId;
  const next: RoomState = { ...state, participants, floorHolderId: hadFloor ? undefined : state.floorHolderId };
  const socketReason = disconnectReason[reason];
  const effects: RoomEffect[] = [
    ...(socketReason === undefined ? [] : [{ do: 'disconnect', participantId, reason: socketReason } as const]),
    { do: 'close-media', participantId },
    ...toOthers(next, participant, { type: 'left', participantId, reason }),
    ...(hadFloor ? toOthers(next, participant, { type: 'floor', holderId: null }) : []),
    ...(isInside(participant) ? [{ do: 'record-left', participant, reason } as const] : []),
  ];
  const empty = count(next, (one) => !isGuest(one)) === 0;
  if (!empty || !next.used) return { state: next, effects };
  // Guests who still wait keep waiting for whoever comes next.
  return { state: { ...next, used: false }, effects: [...effects, { do: 'record-ended', reason: 'empty' }] };
}

export function admit(state: RoomState, byId: string, participantId: string, accept: boolean): Step {
  const guest = state.participants.get(participantId);
  if (state.participants.get(byId)?.canAdmit !== true) return { state, effects: [refusal(byId, 'room.forbidden', 'Only a host may admit.', 'admit')] };
  if (guest === undefined || !isGuest(guest)) return nothing(state);
  if (!accept) return depart(state, participantId, 'refused');
  if (count(state, (one) => !isGuest(one)) >= signallingLimits.mostParticipants) return { state, effects: [refusal(byId, 'room.full', 'The room is full.', 'admit')] };
  const participant: Participant = guest.presence === 'away' ? { ...guest, presenceBefore: 'joining' } : { ...guest, presence: 'joining' };
  return { state: withParticipant(state, participant), effects: [{ do: 'record-joined', participant }] };
}

export function end(state: RoomState, reason: EndReason): Step {
  const people = [...state.participants.values()];
  return {
    state: { ...state, participants: new Map(), floorHolderId: undefined, ended: true },
    effects: [
      ...people.map((one) => ({ do: 'disconnect', participantId: one.participantId, reason } as const)),
      ...people.filter(isInside).map((participant) => ({ do: 'record-left', participant, reason: 'ended' } as const)),
      ...(state.used ? [{ do: 'record-ended', reason } as const] : []),
    ],
  };
}

/** The effect that brings the media gate of a participant to what the state says. */
export const gate = (state: RoomState, participantId: string): RoomEffect[] => {
  const participant = state.participants.get(participantId);
  return participant === undefined ? [] : [{ do: 'open-tracks', participantId, roles: openRoles(state, participant) }];
};

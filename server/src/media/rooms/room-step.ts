import { signallingLimits } from '../protocol/index.ts';
import { admit, arrive, depart, end, gate, joinedFailed, joinedRecorded, returned, tick, vanished } from './membership.ts';
import { changed, isInside, refusal, toAll, type Participant, type RoomEffect, type RoomEvent, type RoomState, type Step } from './room-state.ts';

const nothing = (state: RoomState): Step => ({ state, effects: [] });
const and = (step: Step, ...more: readonly RoomEffect[]): Step => ({ state: step.state, effects: [...step.effects, ...more] });
const gated = (step: Step, participantId: string): Step => and(step, ...gate(step.state, participantId));

function floor(state: RoomState, participant: Participant, action: 'take' | 'release'): Step {
  const { participantId } = participant;
  const holderId = state.floorHolderId;
  if (action === 'release') {
    if (holderId !== participantId) return nothing(state);
    const next = { ...state, floorHolderId: undefined };
    return and({ state: next, effects: toAll(next, { type: 'floor', holderId: null }) }, ...gate(next, participantId));
  }
  if (holderId === participantId) return nothing(state);
  if (holderId !== undefined) return { state, effects: [refusal(participantId, 'room.floor-taken', 'Somebody else is sharing a screen.', 'floor')] };
  if (participant.role === 'observer' || participant.consent === 'asked' || participant.consent === 'refused') {
    return { state, effects: [refusal(participantId, 'room.forbidden', 'You may not share a screen.', 'floor')] };
  }
  const next = { ...state, floorHolderId: participantId };
  return and({ state: next, effects: toAll(next, { type: 'floor', holderId: participantId }) }, ...gate(next, participantId));
}

/** A host takes somebody's microphone away; the participant may switch it on again. */
function mute(state: RoomState, byId: string, participantId: string): Step {
  const target = state.participants.get(participantId);
  if (state.participants.get(byId)?.canAdmit !== true) return { state, effects: [refusal(byId, 'room.forbidden', 'Only a host may mute others.', 'mute')] };
  if (target === undefined || !isInside(target)) return nothing(state);
  const step = gated(changed(state, { ...target, audio: false }), participantId);
  return and(step, { do: 'send', to: participantId, message: { type: 'muted', byId } });
}

/** Consent counts once it is recorded; its withdrawal counts at once. */
function consent(state: RoomState, participant: Participant, granted: boolean): Step {
  if (participant.role !== 'patient') return nothing(state);
  const step = granted ? nothing(state) : gated(changed(state, { ...participant, consent: 'refused' }), participant.participantId);
  return and(step, { do: 'record-consent', participant, granted });
}

function fromInside(state: RoomState, event: Extract<RoomEvent, { participantId: string }>, participant: Participant): Step {
  const { participantId } = participant;
  switch (event.type) {
    case 'media-state': return gated(changed(state, { ...participant, audio: event.audio, video: event.video }), participantId);
    case 'hand': return changed(state, { ...participant, hand: event.raised });
    case 'floor': return floor(state, participant, event.action);
    case 'consent': return consent(state, participant, event.granted);
    case 'consent-recorded': return gated(changed(state, { ...participant, consent: event.granted ? 'granted' : 'refused' }), participantId);
    case 'consent-failed':
      return { state, effects: [{ do: 'send', to: participantId, message: { type: 'error', code: 'room.consent-failed', message: 'Your answer could not be recorded. Try again.', retryable: true, about: 'consent' } }] };
    case 'chat': {
      const line = { lineId: event.lineId, participantId, displayName: participant.displayName, text: event.text, sentAt: event.sentAt, clientId: event.clientId };
      return { state, effects: [{ do: 'record-chat', participant, line }] };
    }
    default: return nothing(state);
  }
}

/** The rules of a meeting: pure, one step an event. Times are part of the events. */
export function roomStep(state: RoomState, event: RoomEvent): Step {
  if (state.ended) return nothing(state);
  switch (event.type) {
    case 'arrive': return arrive(state, event.admission);
    case 'returned': {
      const step = returned(state, event.participantId);
      return gated(step, event.participantId);
    }
    case 'media-restarted':
      return { state, effects: [...[...state.participants.keys()].flatMap((id) => gate(state, id)), ...toAll(state, { type: 'media-restarted' })] };
    case 'joined-recorded': return gated(joinedRecorded(state, event.participantId), event.participantId);
    case 'joined-failed': return joinedFailed(state, event.participantId);
    case 'vanished': return vanished(state, event.participantId, event.nowMs);
    case 'tick': return tick(state, event.nowMs);
    case 'leave': return depart(state, event.participantId, 'left');
    case 'admit': return admit(state, event.byId, event.participantId, event.accept);
    case 'mute': return mute(state, event.byId, event.participantId);
    case 'remove':
      if (state.participants.get(event.byId)?.canAdmit !== true) return { state, effects: [refusal(event.byId, 'room.forbidden', 'Only a host may remove others.', 'remove')] };
      return depart(state, event.participantId, 'removed');
    case 'end':
      if (state.participants.get(event.byId)?.canAdmit !== true) return { state, effects: [refusal(event.byId, 'room.forbidden', 'Only a host may end the meeting.', 'end')] };
      return end(state, 'ended-by-host');
    case 'shutdown': return end(state, 'shutdown');
    case 'chat-recorded': {
      const next = { ...state, chat: [...state.chat, event.line].slice(-signallingLimits.keptChatLines) };
      return { state: next, effects: toAll(next, { type: 'chat', line: event.line }) };
    }
    case 'chat-failed':
      return {
        state,
        effects: [{ do: 'send', to: event.line.participantId, message: { type: 'error', code: 'room.chat-failed', message: 'The message could not be stored. Try again.', retryable: true, about: event.line.clientId } }],
      };
    default: {
      const participant = state.participants.get(event.participantId);
      return participant === undefined || !isInside(participant) ? nothing(state) : fromInside(state, event, participant);
    }
  }
}

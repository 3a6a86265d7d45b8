import type { ServerMessage } from '@bedside/server/media/protocol/index.ts';
import type { RoomSnapshot } from './snapshot.ts';

const mostChatLines = 500;

/** What a message of the server changes in the snapshot; pure. */
export function applyMessage(snapshot: RoomSnapshot, message: ServerMessage): Partial<RoomSnapshot> | undefined {
  switch (message.type) {
    case 'welcome':
      return {
        you: message.you, participants: message.participants, chat: message.chat, floorHolderId: message.floorHolderId ?? undefined,
        consentNeeded: message.you.consent === 'asked', sharing: message.floorHolderId === message.you.participantId,
      };
    case 'consent-needed': return { consentNeeded: true };
    case 'participant': {
      const { participant } = message;
      if (participant.participantId === snapshot.you?.participantId) return { you: participant, consentNeeded: participant.consent === 'asked' };
      const known = snapshot.participants.some((one) => one.participantId === participant.participantId);
      return { participants: known ? snapshot.participants.map((one) => (one.participantId === participant.participantId ? participant : one)) : [...snapshot.participants, participant] };
    }
    case 'left': {
      const quality = new Map(snapshot.quality);
      quality.delete(message.participantId);
      return { participants: snapshot.participants.filter((one) => one.participantId !== message.participantId), quality };
    }
    case 'floor': return { floorHolderId: message.holderId ?? undefined, sharing: message.holderId !== null && message.holderId === snapshot.you?.participantId };
    case 'chat': return { chat: [...snapshot.chat, message.line].slice(-mostChatLines) };
    case 'quality': return { quality: new Map(message.participants.map((one) => [one.participantId, one])), speakerId: message.speakerId ?? undefined };
    default: return undefined;
  }
}

import type { ChatLine, EndReason, LeaveReason } from '../protocol/index.ts';
import type { Admission } from './room-state.ts';

/**
 * What the room asks of the rest of the product: who may come in, and who is told of what happens.
 * The process engine issues the tickets and records the Encounter. A callback that rejects is an answer: joining, consenting or a chat line
 * that could not be recorded did not happen, and the participant is told so.
 */
export interface RoomAdmission {
  /** Redeems a join ticket; a ticket is good once. @throws unauthenticated, forbidden or gone when it is not. */
  admit(ticket: string): Promise<Admission>;
  onJoined(participant: Admission): Promise<void>;
  onLeft(participant: Admission, reason: LeaveReason): Promise<void>;
  onEnded(roomId: string, reason: EndReason): Promise<void>;
  /** Nothing of a patient is passed on before this has resolved. */
  onConsent(participant: Admission, granted: boolean): Promise<void>;
  onChat(participant: Admission, line: ChatLine): Promise<void>;
  /** Something that nobody can be told of any more failed for good (after retries). */
  onFault(error: unknown, roomId: string): void;
}

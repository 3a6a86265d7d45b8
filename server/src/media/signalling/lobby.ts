import type { Clock } from '../../kernel/index.ts';
import type { MediaService } from '../pool/index.ts';
import type { LiveRoom, RoomAdmission } from '../rooms/index.ts';
import type { ReadMessage } from './read-message.ts';

export interface RoomDependencies {
  readonly admission: RoomAdmission;
  readonly media: MediaService;
  readonly clock: Clock;
  /** STUN and TURN servers that browsers are told of. */
  readonly iceServers?: readonly string[];
  /** Most connections at once that have shown no ticket yet (device checks). */
  readonly mostUnadmitted?: number;
}

export interface Seat { readonly room: LiveRoom; readonly participantId: string }

/** What all connections share. */
export interface Lobby {
  readonly dependencies: RoomDependencies;
  readonly read: ReadMessage;
  readonly seats: Map<string, Seat>;
  unadmitted: number;
  roomOf(roomId: string): LiveRoom;
  newToken(): string;
}

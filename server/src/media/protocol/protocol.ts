/**
 * The protocol of `/room`: every message as a schema. Browser and server share the types; the server checks each message that comes in.
 * Text frames with one JSON object each. Sizes and rates are bounded by `signallingLimits`.
 */
import { Type, type Static, type TSchema } from 'typebox';
import { linkGrades } from '../../network/index.ts';

export const signallingLimits = {
  mostMessageBytes: 65_536, messagesPerSecond: 30, messageBurst: 90, mostChatCharacters: 2_000, keptChatLines: 500,
  mostParticipants: 12, mostWaiting: 20, seatKeptMs: 30_000, silentAfterMs: 6_000, pingEveryMs: 2_000,
} as const;

export const roomRoles = ['host', 'clinician', 'patient', 'observer'] as const;
export type RoomRole = (typeof roomRoles)[number];
export const endReasons = ['ended-by-host', 'empty', 'shutdown'] as const;
export type EndReason = (typeof endReasons)[number];
export const leaveReasons = ['left', 'removed', 'vanished', 'ended', 'refused'] as const;
export type LeaveReason = (typeof leaveReasons)[number];

const strict = { additionalProperties: false } as const;
const object = <const P extends Record<string, TSchema>>(properties: P) => Type.Object(properties, strict);
const literals = <const T extends readonly string[]>(values: T) => Type.Unsafe<T[number]>(Type.Enum([...values]));
const Id = Type.String({ minLength: 1, maxLength: 128 });
const Sdp = Type.String({ minLength: 10, maxLength: 48_000 });
const Secret = Type.String({ minLength: 8, maxLength: 4_096 });

const message = <const N extends string, const P extends Record<string, TSchema>>(type: N, properties: P) => object({ type: Type.Literal(type), ...properties });

export const clientMessages = {
  'join': message('join', { ticket: Secret }),
  'resume': message('resume', { token: Secret }),
  'ping': message('ping', { sentAt: Type.Number() }),
  'probe': message('probe', { sdp: Sdp }),
  'measured': message('measured', {
    roundTripMs: Type.Number({ minimum: 0, maximum: 60_000 }), jitterMs: Type.Number({ minimum: 0, maximum: 60_000 }),
    /** Absent when the measurement could not see loss (over the WebSocket). */
    lossFraction: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })), over: literals(['datagrams', 'websocket']),
  }),
  'publish': message('publish', { sdp: Sdp, generation: Type.Integer({ minimum: 0, maximum: 1e9 }) }),
  'subscribe': message('subscribe', { generation: Type.Integer({ minimum: 0, maximum: 1e9 }) }),
  'answer': message('answer', { sdp: Sdp, negotiation: Type.Integer({ minimum: 0, maximum: 1e9 }) }),
  'media-state': message('media-state', { audio: Type.Boolean(), video: Type.Boolean() }),
  'hand': message('hand', { raised: Type.Boolean() }),
  'chat': message('chat', { text: Type.String({ minLength: 1, maxLength: signallingLimits.mostChatCharacters }), clientId: Id }),
  'consent': message('consent', { granted: Type.Boolean() }),
  'floor': message('floor', { action: literals(['take', 'release']) }),
  'admit': message('admit', { participantId: Id, accept: Type.Boolean() }),
  'mute': message('mute', { participantId: Id }),
  'remove': message('remove', { participantId: Id }),
  'end': message('end', {}),
  'leave': message('leave', {}),
} as const;
export const ClientMessage = Type.Union(Object.values(clientMessages));
export type ClientMessages = { [K in keyof typeof clientMessages]: Static<(typeof clientMessages)[K]> };
export type ClientMessage = ClientMessages[keyof ClientMessages];

export const consentStates = ['not-needed', 'asked', 'granted', 'refused'] as const;
/** What everybody in the room may know of a participant. */
export const ParticipantView = object({
  participantId: Id, displayName: Type.String(), role: literals(roomRoles), canAdmit: Type.Boolean(),
  /** `waiting` is shown to those who may admit only; `away` = the connection is lost and the seat kept. */
  presence: literals(['waiting', 'present', 'away']),
  consent: literals(consentStates), audio: Type.Boolean(), video: Type.Boolean(), hand: Type.Boolean(),
});
export type ParticipantView = Static<typeof ParticipantView>;

const ChatLine = object({ lineId: Id, participantId: Id, displayName: Type.String(), text: Type.String(), sentAt: Type.String(), clientId: Id });
export type ChatLine = Static<typeof ChatLine>;
const Seat = object({ audioMid: Id, videoMid: Id, participantId: Type.Union([Id, Type.Null()]) });
const Plan = object({ seats: Type.Array(Seat), auxiliary: object({ mid: Id, participantId: Type.Union([Id, Type.Null()]) }) });
export type ReceivePlanView = Static<typeof Plan>;
const Graded = object({ value: Type.Number(), limit: Type.Number(), grade: literals(linkGrades) });
const LinkReport = object({ grade: literals(linkGrades), latencyMs: Graded, jitterMs: Graded, lossFraction: Type.Optional(Graded), over: literals(['datagrams', 'websocket']) });
export type LinkReportView = Static<typeof LinkReport>;
const Quality = object({
  participantId: Id, upLossFraction: Type.Number(), downLossFraction: Type.Number(), residualLossFraction: Type.Number(), roundTripMs: Type.Number(), jitterMs: Type.Number(),
  grade: literals(linkGrades),
});
export type QualityView = Static<typeof Quality>;

export const serverMessages = {
  'welcome': message('welcome', {
    you: ParticipantView, roomId: Id, resumeToken: Secret, participants: Type.Array(ParticipantView), chat: Type.Array(ChatLine),
    floorHolderId: Type.Union([Id, Type.Null()]), iceServers: Type.Array(Type.String()), resumed: Type.Boolean(),
  }),
  'waiting': message('waiting', { resumeToken: Secret }),
  'consent-needed': message('consent-needed', {}),
  'participant': message('participant', { participant: ParticipantView }),
  'left': message('left', { participantId: Id, reason: literals(leaveReasons) }),
  'published': message('published', { sdp: Sdp, generation: Type.Integer() }),
  'offer': message('offer', { sdp: Sdp, negotiation: Type.Integer(), generation: Type.Integer(), plan: Plan }),
  'plan': message('plan', { plan: Plan }),
  'probed': message('probed', { sdp: Sdp }),
  'graded': message('graded', { link: LinkReport }),
  'floor': message('floor', { holderId: Type.Union([Id, Type.Null()]) }),
  'chat': message('chat', { line: ChatLine }),
  'muted': message('muted', { byId: Id }),
  'quality': message('quality', { participants: Type.Array(Quality), speakerId: Type.Union([Id, Type.Null()]), playoutMs: Type.Record(Type.String(), Type.Number()) }),
  'media-restarted': message('media-restarted', {}),
  'media-failed': message('media-failed', { direction: literals(['up', 'down']) }),
  'ended': message('ended', { reason: literals([...endReasons, 'removed', 'refused', 'replaced', 'left']) }),
  'error': message('error', { code: Type.String(), message: Type.String(), retryable: Type.Boolean(), about: Type.Optional(Type.String()) }),
  'pong': message('pong', { sentAt: Type.Number() }),
} as const;
export type ServerMessages = { [K in keyof typeof serverMessages]: Static<(typeof serverMessages)[K]> };
export type ServerMessage = ServerMessages[keyof ServerMessages];

/** WebSocket close codes of this protocol. */
export const closeCodes = { ended: 4000, replaced: 4001, badMessage: 4002, tooFast: 4003, silent: 4004, refused: 4005, shutdown: 1001 } as const;

import { createHash } from 'node:crypto';
import { newSecret, type Migration, type Sql } from '../../../kernel/index.ts';
import type { Actor } from '../../../security/policy/index.ts';

export const ticketMigrations: readonly Migration[] = [{
  id: 'process/0002-ticket',
  up: `
    create table process.ticket (
      hash bytea primary key, door text not null check (door in ('room', 'whiteboard')),
      case_id text not null, encounter_id text, participant text not null, name text not null, role text not null, actor jsonb not null,
      expires_at timestamptz not null, used_at timestamptz);
    create index ticket_expiry on process.ticket (expires_at);`,
}];

export const doors = ['room', 'whiteboard'] as const;
export type Door = (typeof doors)[number];

export interface TicketContent {
  readonly caseId: string;
  readonly encounterId?: string;
  /** Account id of who may enter. */
  readonly participant: string;
  readonly name: string;
  readonly role: 'inviter' | 'invitee' | 'coordinator' | 'patient';
  /** For whom the room acts when it records presence, consent and the end of the session. */
  readonly actor: Actor;
}

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** How long a ticket opens its door; a whiteboard's may be shown again after a network change, a room's only once. */
const lifeMs: Readonly<Record<Door, number>> = { room: 5 * 60_000, whiteboard: 12 * 3_600_000 };

export async function issueTicket(sql: Sql, door: Door, content: TicketContent, now: Date): Promise<string> {
  const secret = newSecret();
  await sql.query("delete from process.ticket where expires_at < $1::timestamptz - interval '1 day'", [now]);
  await sql.query(
    'insert into process.ticket (hash, door, case_id, encounter_id, participant, name, role, actor, expires_at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9)',
    [hashOf(secret), door, content.caseId, content.encounterId ?? null, content.participant, content.name, content.role, JSON.stringify(content.actor), new Date(now.getTime() + lifeMs[door])]);
  return secret;
}

/** What the ticket stands for, or undefined when it is unknown, expired, or (room) used. */
export async function redeemTicket(sql: Sql, door: Door, secret: string, now: Date): Promise<TicketContent | undefined> {
  if (secret.length > 100) return undefined;
  const { rows } = await sql.query<{ case_id: string; encounter_id: string | null; participant: string; name: string; role: TicketContent['role']; actor: TicketContent['actor'] }>(
    `update process.ticket set used_at = $3 where hash = $1 and door = $2 and expires_at > $3 and (door = 'whiteboard' or used_at is null)
     returning case_id, encounter_id, participant, name, role, actor`, [hashOf(secret), door, now]);
  const row = rows[0];
  return row && { caseId: row.case_id, ...(row.encounter_id ? { encounterId: row.encounter_id } : {}), participant: row.participant, name: row.name, role: row.role, actor: row.actor };
}

/** Somebody who leads this session, for steps that the room itself must record (its end). */
export async function hostOf(sql: Sql, caseId: string): Promise<Actor | undefined> {
  const { rows } = await sql.query<{ actor: Actor }>(
    `select actor from process.ticket where case_id = $1 and role in ('inviter', 'invitee', 'coordinator') and used_at is not null order by used_at desc limit 1`, [caseId]);
  return rows[0]?.actor;
}

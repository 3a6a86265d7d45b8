import { expect, test } from 'vitest';
import { testDatabase } from '../../../kernel/testing.ts';
import { processMigrations } from '../migrations.ts';
import { clinician } from '../testing.ts';
import { issueTicket, redeemTicket, ticketMigrations, type TicketContent } from './tickets.ts';

const content: TicketContent = { caseId: 'c', participant: 'acc', name: 'Dr A', role: 'inviter', actor: clinician('a', 'district') };
const now = new Date('2026-03-02T08:00:00Z');
const later = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000);

test('a room ticket opens its door once, in time, and no other door', async () => {
  await using db = await testDatabase([...processMigrations, ...ticketMigrations]);
  const ticket = await issueTicket(db, 'room', content, now);
  expect(await redeemTicket(db, 'whiteboard', ticket, now)).toBeUndefined();
  const [first, second] = await Promise.all([redeemTicket(db, 'room', ticket, later(1)), redeemTicket(db, 'room', ticket, later(1))]);
  expect([first, second].filter((x) => x !== undefined)).toEqual([content]);
  const old = await issueTicket(db, 'room', content, now);
  expect(await redeemTicket(db, 'room', old, later(6))).toBeUndefined();
  expect(await redeemTicket(db, 'room', 'x'.repeat(5000), now)).toBeUndefined();
});

test('a whiteboard ticket may be shown again after a network change', async () => {
  await using db = await testDatabase([...processMigrations, ...ticketMigrations]);
  const ticket = await issueTicket(db, 'whiteboard', content, now);
  expect(await redeemTicket(db, 'whiteboard', ticket, later(1))).toEqual(content);
  expect(await redeemTicket(db, 'whiteboard', ticket, later(60))).toEqual(content);
});

import { forgetSentMails } from '../application/process/notification/index.ts';
import { pruneOutbox } from '../kernel/index.ts';
import type { OpenFhirRepository } from '../resource/fhir/index.ts';
import type { ImageRepository } from '../resource/image/index.ts';
import type { Authentication } from '../security/authentication/index.ts';
import type { Foundation } from './foundation.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** How long events and the memory of sent mails are kept: longer than any consumer is away and any job is repeated. */
const keptMs = 14 * dayMs;

/** Regular work that keeps the server as it is: partitions, keys, left-overs, damaged copies. Each is safe on several processes at once. @returns what stops it */
export function startUpkeep(foundation: Foundation, deps: { repository: OpenFhirRepository; images: ImageRepository; authentication: Authentication }): () => void {
  const { db, clock, blobs, log } = foundation;
  const every = (periodMs: number, what: string, work: () => Promise<unknown>): NodeJS.Timeout => setInterval(() => {
    work().catch((error: unknown) => { log.error({ err: error, what }, 'upkeep'); });
  }, periodMs).unref();
  const past = (ms: number): Date => new Date(clock.now().getTime() - ms);
  const timers = [
    every(minuteMs, 'storage', () => blobs.housekeep()),
    every(60 * minuteMs, 'authentication', () => deps.authentication.maintain()),
    every(60 * minuteMs, 'repository', () => deps.repository.upkeep()),
    every(60 * minuteMs, 'images', () => deps.images.sweep()),
    every(60 * minuteMs, 'outbox', () => pruneOutbox(db, past(keptMs))),
    every(dayMs, 'mails', () => forgetSentMails(db, past(keptMs))),
    every(dayMs, 'scrub', () => blobs.scrub()),
  ];
  return () => { for (const timer of timers) clearInterval(timer); };
}

/** True when whoever opened a connection may not act any more: their account or institution was suspended. */
export async function isRevoked({ db }: Foundation, actor: { readonly accountId: string; readonly institution?: string }): Promise<boolean> {
  const { rows } = await db.query<{ gone: boolean }>(
    `select exists (select 1 from security.account where id = $1 and status = 'suspended') or exists (select 1 from security.institution where id = $2 and status = 'suspended') as gone`,
    [actor.accountId, actor.institution ?? null]);
  return rows[0]?.gone ?? false;
}

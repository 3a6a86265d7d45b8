import { isLoopback } from '../kernel/index.ts';
import { demoAccounts, loadDemonstration } from '../demo/index.ts';
import type { OpenFhirRepository } from '../resource/fhir/index.ts';
import type { ImageRepository } from '../resource/image/index.ts';
import type { Authentication, DemonstrationAccount } from '../security/authentication/index.ts';
import type { Foundation } from './foundation.ts';
import { systemContext } from './system.ts';

/**
 * Whether this server shows the demonstration network: asked for, or a new embedded database that only this machine can reach, or one that
 * was a demonstration before. Never with BEDSIDE_DEMO=0.
 */
export async function isDemonstration({ db, settings, newDatabase }: Foundation): Promise<boolean> {
  if (settings.BEDSIDE_DEMO !== '') return settings.BEDSIDE_DEMO === '1';
  if (!isLoopback(settings.HOST)) return false;
  if (newDatabase) return true;
  const { rows } = await db.query<{ is: boolean }>('select exists (select 1 from security.account where demonstration) as is');
  return rows[0]?.is ?? false;
}

export const demonstrationAccounts = (): DemonstrationAccount[] =>
  demoAccounts.map((a) => ({ login: a.login, password: a.password, totpSecret: a.totpSecret, name: a.displayName, about: a.about }));

/** Writes what is missing of the network. Where it is no demonstration, accounts with published passwords are shut. */
export async function settleDemonstration(foundation: Foundation, deps: { repository: OpenFhirRepository; images: ImageRepository; authentication: Authentication; demonstration: boolean }): Promise<void> {
  const ctx = systemContext(foundation.clock);
  const { accounts } = deps.authentication;
  if (deps.demonstration) {
    await loadDemonstration({
      ctx, repository: deps.repository, blobs: foundation.blobs, images: deps.images,
      accounts: { find: (c, by) => accounts.find(c, by), create: (c, a) => accounts.create(c, a) },
      progress: (line) => { process.stdout.write(`${line}\n`); },
    });
  }
  const { rows } = await foundation.db.query<{ id: string; status: string; status_reason: string | null }>('select id, status, status_reason from security.account where demonstration');
  for (const { id, status, status_reason: reason } of rows) {
    if (!deps.demonstration && status === 'active') await accounts.suspend(ctx, id, demonstrationOff);
    if (deps.demonstration && status === 'suspended' && reason === demonstrationOff) await accounts.lift(ctx, id);
  }
}
const demonstrationOff = 'demonstration-off';

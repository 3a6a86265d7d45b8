import { randomBytes } from 'node:crypto';
import type { Clock } from '../kernel/index.ts';
import type { Actor, RequestContext } from '../security/policy/index.ts';

/** The server itself as an actor: for work that nobody asked for in person (reminders, seeding, import from the command line). */
export const systemActor: Actor = {
  accountId: 'system', role: 'system', name: 'Bedside', practitionerRoles: [], organizations: [], scopes: ['system/*.cruds'], methods: [], clientId: 'bedside',
};

export const systemContext = (clock: Clock): RequestContext => ({ actor: systemActor, purpose: 'SYSADMIN', traceId: randomBytes(16).toString('hex'), clock });

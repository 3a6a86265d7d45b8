import type { Clock } from '../kernel/index.ts';
import type { OpenFhirRepository } from '../resource/fhir/index.ts';
import type { SecurityAudit } from '../security/authentication/index.ts';
import { systemActor } from './system.ts';

/** Sign-in events go into the same audit trail as the accesses to the record. */
export const securityAudit = (repository: OpenFhirRepository, clock: Clock): SecurityAudit => (event) => repository.audit({
  actor: {
    ...systemActor, accountId: event.byAccountId ?? event.accountId ?? event.clientId ?? 'unknown', name: '', clientId: event.clientId ?? '', methods: event.methods ?? [],
    ...(event.institution ? { institution: event.institution } : {}),
  },
  purpose: 'SYSADMIN', traceId: '0'.repeat(32), clock, ...(event.remoteAddress ? { remoteAddress: event.remoteAddress } : {}),
}, {
  action: 'E', kind: event.kind, outcome: event.outcome === 'success' ? 0 : 4,
  ...(event.accountId ? { ids: [event.accountId] } : {}), ...(event.reason ? { detail: event.reason } : {}),
});

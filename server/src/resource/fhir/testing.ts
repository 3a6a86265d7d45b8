import { outboxMigrations, systemClock } from '../../kernel/index.ts';
import { testDatabase } from '../../kernel/testing.ts';
import type { Actor, Purpose, RequestContext } from '../../security/policy/index.ts';
import type { WriteHook } from './contract.ts';
import { createFhirRepository } from './repository.ts';
import { fhirMigrations } from './store/schema.ts';

/** Contexts and a fresh repository for the tests of this and higher layers. */
export function contextFor(actor: Partial<Actor> & Pick<Actor, 'role'>, purpose: Purpose = 'TREAT'): RequestContext {
  return {
    traceId: '0'.repeat(32), clock: systemClock, purpose,
    actor: { accountId: `account-${actor.role}`, name: 'Test', practitionerRoles: [], organizations: [], scopes: [actor.role === 'system' ? 'system/*.cruds' : 'user/*.cruds'], methods: ['pwd'], clientId: 'test', ...actor },
  };
}
export const systemContext = (institution?: string): RequestContext => contextFor({ role: 'system', ...(institution === undefined ? {} : { institution }) });
export const clinicianContext = (name: string, institution: string): RequestContext =>
  contextFor({ role: 'clinician', accountId: `account-${name}`, profile: `Practitioner/${name}`, practitionerRoles: [`PractitionerRole/${name}`], organizations: [institution], institution });
export const patientContext = (id: string): RequestContext => contextFor({ role: 'patient', accountId: `account-${id}`, profile: `Patient/${id}` }, 'PATRQT');

export async function testRepository(hooks: readonly WriteHook[] = [], baseUrl: () => string = () => 'http://test/fhir') {
  const db = await testDatabase([...outboxMigrations, ...fhirMigrations]);
  const repository = createFhirRepository({ db, clock: systemClock, hooks, baseUrl });
  await repository.upkeep();
  const close = async (): Promise<void> => { await repository.close(); await db.close(); };
  return { db, repository, close, [Symbol.asyncDispose]: close };
}

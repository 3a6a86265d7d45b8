/** Sign-in alone, on a PostgreSQL of its own, with people to sign in as and a page to come back to. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../server/src/kernel/embedded-postgres/index.ts';
import { migrate, openDatabase } from '../../server/src/kernel/index.ts';
import { securityMigrations, type DemonstrationAccount } from '../../server/src/security/authentication/index.ts';
import { startSignInServer, type SignInServer } from '../../server/src/security/authentication/testing.ts';

export const people: readonly DemonstrationAccount[] = [
  { login: 'a.district', password: 'demo-district', totpSecret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', name: 'Dr Ada Adams', about: 'Physician, District Hospital Riverside' },
  { login: 'b.university', password: 'demo-university', name: 'Prof. Benedikt Brückner', about: 'Cardiologist and administrator, University Hospital' },
  { login: 'p.patient', password: 'demo-patient', name: 'Pat Smith', about: 'Patient' },
  ...Array.from({ length: 9 }, (_, index) => ({ login: `expert${index}`, password: 'demo', name: `Dr Expert ${index}`, about: 'Expert, University Hospital' })),
];

export interface RunningSignIn { readonly server: SignInServer; close(): Promise<void> }

export async function startSignIn(): Promise<RunningSignIn> {
  const folder = await mkdtemp(join(tmpdir(), 'bedside-e2e-sign-in-'));
  await chmod(folder, 0o755); // as root, PostgreSQL runs as somebody else, who has to reach its folder
  const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), binariesFolder: join(tmpdir(), 'bedside-test-binaries'), settings: ['fsync=off'] });
  const db = openDatabase({ connectionString: postgres.connectionStringOf('postgres'), maxConnections: 6 });
  await migrate(db, securityMigrations);
  const server = await startSignInServer({
    db, folder, demonstrationAccounts: () => people,
    prepare: (app) => {
      for (const path of ['/', '/callback', '/join']) app.get(path, (_request, reply) => reply.type('text/html').send(`<!doctype html><html lang="en"><title>Front end</title><h1>${path}</h1></html>`));
      app.get('/bedside.svg', (_request, reply) => reply.type('image/svg+xml').send('<svg xmlns="http://www.w3.org/2000/svg"/>'));
    },
  });
  const create = (account: Omit<Parameters<SignInServer['auth']['accounts']['create']>[1], 'demonstration' | 'displayName' | 'login'>, person: DemonstrationAccount) => server.auth.accounts.create(server.system, {
    ...account, login: person.login, displayName: person.name, password: person.password, demonstration: true, ...(person.totpSecret ? { totpSecret: person.totpSecret } : {}),
  });
  await create({ memberships: [{ role: 'clinician', institution: 'district', profile: 'Practitioner/adams' }] }, people[0]!);
  await create({ memberships: [{ role: 'clinician', institution: 'university', profile: 'Practitioner/b', label: 'University Hospital' }, { role: 'institution-administrator', institution: 'university', label: 'University Hospital' }] }, people[1]!);
  await create({ memberships: [{ role: 'patient', profile: 'Patient/p' }] }, people[2]!);
  return {
    server,
    async close() {
      await server[Symbol.asyncDispose]();
      await db.close();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The address at which the front end begins a sign-in. */
export const authorizeUrl = (server: SignInServer, more: Readonly<Record<string, string>> = {}): string => `${server.url}/oauth/auth?${new URLSearchParams({
  client_id: 'bedside-web', response_type: 'code', redirect_uri: `${server.url}/callback`, scope: 'openid profile fhirUser user/*.cruds', state: 's', code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256', ...more,
})}`;

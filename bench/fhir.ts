import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bundle, Observation } from '@medplum/fhirtypes';
import fastify, { type FastifyInstance } from 'fastify';
import { migrate, openDatabase, outboxMigrations, systemClock, type Database } from '../server/src/kernel/index.ts';
import { startEmbeddedPostgres } from '../server/src/kernel/embedded-postgres/index.ts';
import { registerFhir } from '../server/src/exchange/fhir/index.ts';
import { createFhirRepository, fhirMigrations, type OpenFhirRepository } from '../server/src/resource/fhir/index.ts';
import type { RequestContext } from '../server/src/security/policy/index.ts';

type Print = (name: string, ours: number, reference: number, unit: string, what: string) => void;
const connections = 16;
const codes = ['8867-4', '8480-6', '8462-4', '29463-7', '8310-5', '2708-6', '718-7', '2345-7', '4548-4', '2160-0'];
const clinician: RequestContext = {
  traceId: '0'.repeat(32), clock: systemClock, purpose: 'TREAT',
  actor: { accountId: 'bench', role: 'clinician', name: 'Bench', profile: 'Practitioner/bench', practitionerRoles: ['PractitionerRole/bench'], organizations: ['north'], institution: 'north', scopes: ['user/*.cruds'], methods: ['pwd'], clientId: 'bench' },
};
const loader: RequestContext = { ...clinician, actor: { ...clinician.actor, role: 'system', scopes: ['system/*.cruds'] } };

const observation = (patient: number, n: number): Observation => ({
  resourceType: 'Observation', status: 'final', category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] }],
  code: { coding: [{ system: 'http://loinc.org', code: codes[n % codes.length]!, display: 'Measured value' }], text: 'Measured value' }, subject: { reference: `Patient/p${patient}` },
  effectiveDateTime: new Date(Date.UTC(2020, 0, 1) + n * 3_600_000).toISOString(), valueQuantity: { value: 60 + (n % 50), unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
});

/** FHIR store with access control, audit, validation and all search parameters on, against the same SQL with none of it. */
export async function bench(print: Print, options: { full: boolean }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bedside-bench-fhir-'));
  await chmod(folder, 0o711);
  const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), binariesFolder: join(tmpdir(), 'bedside-bench-binaries') });
  const db = openDatabase({ connectionString: postgres.connectionString, maxConnections: connections + 4 });
  const app = fastify();
  try {
    await migrate(db, [...outboxMigrations, ...fhirMigrations]);
    let base = '';
    const repository = createFhirRepository({ db, clock: systemClock, baseUrl: () => base });
    await repository.upkeep();
    const [patients, each] = options.full ? [2_000, 100] : [200, 100];
    const ids = await load(repository, patients, each);
    await db.query('vacuum analyze fhir."Observation"');
    await db.query('vacuum analyze fhir.clinical');
    await db.query('create table bench_raw (id text primary key, content text not null)');
    app.addHook('onRequest', async (r) => { r.ctx = clinician; });
    await registerFhir(app, { repository, operations: [], baseUrl: () => base, version: '0' });
    bareRoutes(app, db);
    await app.listen({ port: 0, host: '127.0.0.1' });
    const port = (app.server.address() as { port: number }).port;
    base = `http://127.0.0.1:${port}/fhir`;
    await compare(print, repository, db, port, ids, patients, options.full ? 10_000 : 3_000);
    await repository.close();
  } finally {
    await app.close();
    await db.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function load(repository: OpenFhirRepository, patients: number, each: number): Promise<string[]> {
  const ids: string[] = [];
  const one = async (p: number): Promise<void> => {
    await repository.update(loader, { resourceType: 'Patient', id: `p${p}`, name: [{ family: `Family${p}` }] }, { owner: 'north' });
    const bundle: Bundle = { resourceType: 'Bundle', type: 'transaction', entry: Array.from({ length: each }, (_, n) => ({ resource: observation(p, n), request: { method: 'POST', url: 'Observation' } })) };
    const done = await repository.bundle(loader, bundle);
    ids.push(...done.entry!.map((e) => e.response!.location!.split('/')[1]!));
  };
  for (let p = 0; p < patients; p += 8) await Promise.all(Array.from({ length: Math.min(8, patients - p) }, (_, i) => one(p + i)));
  return ids;
}

const readSql = { name: 'raw-read', text: 'select content from fhir."Observation" where id = $1' };
const searchSql = {
  name: 'raw-search', text: `select t.content from fhir.clinical c join fhir."Observation" t on t.id = c.id where c.patient = $1 and c.type = $2 and c.code = $3 order by c.date desc, c.id desc limit 21`,
};
const createSql = { name: 'raw-create', text: 'insert into bench_raw (id, content) values ($1, $2)' };

function bareRoutes(app: FastifyInstance, db: Database): void {
  app.get('/bare/read/:id', async (r, reply) => reply.type('application/json').send((await db.query<{ content: string }>({ ...readSql, values: [(r.params as { id: string }).id] })).rows[0]!.content));
  app.get('/bare/search/:p/:type/:code', async (r, reply) => {
    const { p, type, code } = r.params as { p: string; type: string; code: string };
    const { rows } = await db.query<{ content: string }>({ ...searchSql, values: [p, type, code] });
    return reply.type('application/json').send(`[${rows.map((x) => x.content).join(',')}]`);
  });
  app.addContentTypeParser('text/plain', { parseAs: 'string' }, (_r, text, done) => { done(null, text); });
  app.post('/bare/create/:id', async (r, reply) => { await db.query({ ...createSql, values: [(r.params as { id: string }).id, r.body] }); return reply.code(201).send(); });
}

async function compare(print: Print, repository: OpenFhirRepository, db: Database, port: number, ids: readonly string[], patients: number, count: number): Promise<void> {
  const type = repository.store.plan('Observation').number;
  const hashes = await Promise.all(codes.map(async (_, n) => (await db.query<{ code: string }>('select code::text from fhir.clinical where id = $1', [ids[n]!])).rows[0]!.code));
  const pick = (n: number): string => ids[(n * 7919) % ids.length]!;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const get = (path: string, body?: { type: string; text: string }): Promise<void> => new Promise((resolve, reject) => {
    const r = request({ port, host: '127.0.0.1', path, agent, method: body ? 'POST' : 'GET', ...(body ? { headers: { 'content-type': body.type, 'content-length': Buffer.byteLength(body.text) } } : {}) }, (response) => {
      response.resume().on('end', () => { if ((response.statusCode ?? 500) < 300) resolve(); else reject(new Error(`${path} ${response.statusCode}`)); });
    });
    r.on('error', reject).end(body?.text);
  });
  let made = 0;
  const code = (n: number): number => n % codes.length;
  const query = (n: number): string => `patient=p${n % patients}&code=http://loinc.org|${codes[code(n)]}&_sort=-date&_count=20`;
  const body = (n: number): string => JSON.stringify(observation(n % patients, n));
  const figures: [string, (n: number) => Promise<unknown>, (n: number) => Promise<unknown>, string][] = [
    ['fhir-read', (n) => repository.read(clinician, 'Observation', pick(n)), (n) => db.query({ ...readSql, values: [pick(n)] }), 'the same SQL sent raw through pg'],
    ['fhir-search', (n) => repository.search(clinician, 'Observation', query(n)), (n) => db.query({ ...searchSql, values: [`p${n % patients}`, type, hashes[code(n)]] }), 'the same SQL sent raw through pg'],
    ['fhir-create', (n) => repository.create(clinician, observation(n % patients, n), { source: body(n) }), (n) => db.query({ ...createSql, values: [`r${made++}`, body(n)] }), 'an insert of equal bytes into a table of two columns, committed row by row, raw through pg'],
    ['fhir-read-http', (n) => get(`/fhir/Observation/${pick(n)}`), (n) => get(`/bare/read/${pick(n)}`), 'the same SQL behind a bare fastify route'],
    ['fhir-search-http', (n) => get(`/fhir/Observation?${encodeURI(query(n))}`), (n) => get(`/bare/search/p${n % patients}/${type}/${hashes[code(n)]}`), 'the same SQL behind a bare fastify route'],
    ['fhir-create-http', (n) => get('/fhir/Observation', { type: 'application/fhir+json', text: body(n) }), (n) => get(`/bare/create/h${made++}`, { type: 'text/plain', text: body(n) }), 'an insert of equal bytes behind a bare fastify route'],
  ];
  for (const [name, ours, reference, what] of figures) {
    await rate(ours, Math.floor(count / 5));
    await rate(reference, Math.floor(count / 5));
    const [a1, b1, a2, b2] = [await rate(ours, count), await rate(reference, count), await rate(ours, count), await rate(reference, count)];
    print(name, (a1 + a2) / 2, (b1 + b2) / 2, 'requests/s', `${what}, ${connections} connections`);
  }
  agent.destroy();
}

/** Requests per second of `count` requests, 16 at a time. */
async function rate(work: (n: number) => Promise<unknown>, count: number): Promise<number> {
  const begun = performance.now();
  let next = 0;
  await Promise.all(Array.from({ length: connections }, async () => { while (next < count) await work(next++); }));
  return count / ((performance.now() - begun) / 1000);
}

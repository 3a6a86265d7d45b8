import fc from 'fast-check';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BedsideError } from '../../kernel/index.ts';
import type { RequestContext } from '../../security/policy/index.ts';
import { grants } from './grants.ts';
import { clinicianContext, contextFor, patientContext, systemContext, testRepository } from './testing.ts';

let setup: Awaited<ReturnType<typeof testRepository>>;
beforeAll(async () => { setup = await testRepository(); });
afterAll(() => setup.close());

const institutions = ['i0', 'i1', 'i2'] as const;
type Kind = 'Observation' | 'DiagnosticReport' | 'Task' | 'Appointment';
interface World {
  readonly rows: readonly { kind: Kind; owner: number; patient: number; caseId: number | undefined; draft: boolean }[];
  readonly participants: readonly { caseId: number; who: number; revoked: boolean; expired: boolean }[];
  readonly materials: readonly { caseId: number; row: number; removed: boolean }[];
  readonly patientGrants: readonly { patient: number; who: number; types: readonly Kind[] | undefined; emergency: boolean; revoked: boolean }[];
}
// Grantees: two clinicians, an institution, a patient.
const grantees = ['Practitioner/d0', 'PractitionerRole/d1', 'Organization/i2', 'Patient/P1'] as const;
const coordinatorOf = (institution: string): RequestContext => contextFor({ role: 'coordinator', profile: 'Practitioner/k2', institution, organizations: [institution] });
const actors = (tag: string): RequestContext[] => [
  clinicianContext(`d0`, `${tag}i0`), clinicianContext('d1', `${tag}i1`), clinicianContext('d2', `${tag}i2`), coordinatorOf(`${tag}i2`), patientContext(`${tag}P0`), patientContext(`${tag}P1`),
  contextFor({ role: 'institution-administrator', institution: `${tag}i0`, organizations: [`${tag}i0`] }), contextFor({ role: 'network-administrator' }), systemContext(),
];

const small = (n: number) => fc.nat({ max: n - 1 });
const worlds: fc.Arbitrary<World> = fc.record({
  rows: fc.array(fc.record({ kind: fc.constantFrom<Kind>('Observation', 'DiagnosticReport', 'Task', 'Appointment'), owner: small(3), patient: small(2), caseId: fc.option(small(2), { nil: undefined }), draft: fc.boolean() }), { minLength: 1, maxLength: 10 }),
  participants: fc.array(fc.record({ caseId: small(2), who: small(4), revoked: fc.boolean(), expired: fc.boolean() }), { maxLength: 4 }),
  materials: fc.array(fc.record({ caseId: small(2), row: small(10), removed: fc.boolean() }), { maxLength: 4 }),
  patientGrants: fc.array(fc.record({ patient: small(2), who: small(4), types: fc.option(fc.constant<readonly Kind[]>(['Observation', 'Task']), { nil: undefined }), emergency: fc.boolean(), revoked: fc.boolean() }), { maxLength: 3 }),
});

const draftable: readonly Kind[] = ['DiagnosticReport', 'Task'];
function resourceOf(row: World['rows'][number], id: string, tag: string): Resource {
  const reference = { reference: `Patient/${tag}P${row.patient}` };
  switch (row.kind) {
    case 'Observation': return { resourceType: 'Observation', id, status: 'final', code: { coding: [{ code: 'c' }] }, subject: reference };
    case 'DiagnosticReport': return { resourceType: 'DiagnosticReport', id, status: row.draft ? 'preliminary' : 'final', code: { coding: [{ code: 'c' }] }, subject: reference };
    case 'Task': return { resourceType: 'Task', id, status: row.draft ? 'draft' : 'requested', intent: 'order', for: reference };
    case 'Appointment': return { resourceType: 'Appointment', id, status: 'booked', participant: [{ actor: reference, status: 'accepted' }] };
  }
}

/** What an actor may see, written down a second time without SQL. */
function maySee(world: World, index: number, ctx: RequestContext, tag: string): boolean {
  const row = world.rows[index]!;
  const { actor } = ctx;
  if (actor.role === 'system') return true;
  if (actor.role === 'network-administrator') return false;
  const owner = `${tag}${institutions[row.owner]}`;
  if (actor.role === 'institution-administrator') return row.kind === 'Appointment' && actor.institution === owner;
  const released = !(row.draft && draftable.includes(row.kind));
  if ((actor.role === 'clinician' || actor.role === 'coordinator') && actor.organizations.includes(owner)) return true;
  if (actor.role === 'patient' && actor.profile === `Patient/${tag}P${row.patient}` && released) return true;
  const mine = [actor.profile, ...actor.practitionerRoles, ...(actor.role === 'coordinator' ? actor.organizations.map((o) => `Organization/${o}`) : [])];
  const isMine = (who: number): boolean => mine.includes(grantees[who]!.replace(/(Organization|Patient)\//, `$1/${tag}`));
  const cases = world.participants.filter((p, i) => isMine(p.who) && !p.expired && !lastRevoked(world, i)).map((p) => p.caseId);
  if (released && row.caseId !== undefined && cases.includes(row.caseId)) return true;
  if (released && world.materials.some((m) => m.row === index && !world.materials.some((n) => n.row === index && n.caseId === m.caseId && n.removed) && cases.includes(m.caseId))) return true;
  return world.patientGrants.some((g) => !g.revoked && isMine(g.who) && g.patient === row.patient && (g.types === undefined || g.types.includes(row.kind)) && (released || g.emergency));
}
/** Grants of one grantee in one case are one row: the world withdraws it when any of them is withdrawn, and the last until counts. */
const lastRevoked = (world: World, i: number): boolean => {
  const p = world.participants[i]!;
  const same = world.participants.filter((q) => q.caseId === p.caseId && q.who === p.who);
  return same.some((q) => q.revoked) || same.at(-1)!.expired;
};

async function build(world: World, tag: string): Promise<string[]> {
  const { repository } = setup;
  return repository.transaction(systemContext(), async (fhir) => {
    for (const p of [0, 1]) await fhir.create({ resourceType: 'Patient', id: `${tag}P${p}`, name: [{ family: 'Secret' }] }, { owner: `${tag}i0` });
    const ids: string[] = [];
    for (const [i, row] of world.rows.entries()) {
      ids.push((await fhir.create(resourceOf(row, `${tag}r${i}`, tag), { owner: `${tag}${institutions[row.owner]}`, ...(row.caseId === undefined ? {} : { caseId: `${tag}c${row.caseId}` }) })).id);
    }
    const change = grants(fhir);
    const to = (who: number): string => grantees[who]!.replace(/(Organization|Patient)\//, `$1/${tag}`);
    for (const p of world.participants) await change.addParticipant(`${tag}c${p.caseId}`, to(p.who), 'invitee', p.expired ? new Date(Date.now() - 1000) : undefined);
    for (const p of world.participants) if (p.revoked) await change.revokeParticipant(`${tag}c${p.caseId}`, to(p.who));
    for (const m of world.materials) if (m.row < ids.length) await change.addMaterial(`${tag}c${m.caseId}`, `${world.rows[m.row]!.kind}/${ids[m.row]}`);
    for (const m of world.materials) if (m.row < ids.length && m.removed) await change.removeMaterial(`${tag}c${m.caseId}`, `${world.rows[m.row]!.kind}/${ids[m.row]}`);
    // A withdrawal takes back all grants of the pair made so far, so those that stay are made after it.
    for (const wanted of [true, false]) for (const g of world.patientGrants) {
      if (g.revoked !== wanted) continue;
      await change.grantPatient({ patient: `${tag}P${g.patient}`, grantee: to(g.who), ...(g.types ? { types: g.types } : {}), purpose: g.emergency ? 'ETREAT' : 'TREAT' });
      if (g.revoked) await change.revokePatientGrant(`${tag}P${g.patient}`, to(g.who));
    }
    return ids;
  });
}

const entries = (text: string): string[] => ((JSON.parse(text) as Bundle).entry ?? []).map((e) => `${e.resource!.resourceType}/${e.resource!.id}`);

test('no search, count, include, chain, history or read shows more, or less, than a naive filter allows', async () => {
  const { repository } = setup;
  let run = 0;
  await fc.assert(fc.asyncProperty(worlds, async (world) => {
    const tag = `w${run++}-`;
    const ids = await build(world, tag);
    for (const ctx of actors(tag)) {
      for (const kind of ['Observation', 'DiagnosticReport', 'Task', 'Appointment'] as const) {
        const expected = world.rows.flatMap((row, i) => (row.kind === kind && maySee(world, i, ctx, tag) ? [`${kind}/${ids[i]}`] : [])).sort();
        const mine = (text: string): string[] => entries(text).filter((e) => e.startsWith(`${kind}/${tag}`)).sort();
        const label = `${ctx.actor.role} ${ctx.actor.profile ?? ''} ${kind}`;
        const byId = `_id=${ids.join(',')}`;
        expect(mine(await repository.search(ctx, kind, `${byId}&_count=1000`)), label).toEqual(expected);
        expect((JSON.parse(await repository.search(ctx, kind, `${byId}&_summary=count`)) as Bundle).total, label).toBe(expected.length);
        expect(mine(await repository.search(ctx, kind, `patient=${tag}P0,${tag}P1&_count=1000`)), label).toEqual(expected);
        const byCode = async (): Promise<string[]> => [...mine(await repository.search(ctx, kind, `patient=${tag}P0&code=c&_sort=-date`)), ...mine(await repository.search(ctx, kind, `patient=${tag}P1&code=c`))].sort();
        expect(kind === 'Observation' ? await byCode() : expected, label).toEqual(expected);
        const around = entries(await repository.search(ctx, 'Patient', `_id=${tag}P0,${tag}P1&_revinclude=${kind}:patient`)).filter((e) => e.startsWith(`${kind}/`));
        expect(around.every((e) => expected.includes(e)), label).toBe(true);
        const patientsHidden = entries(await repository.search(ctx, 'Patient', `_id=${tag}P0,${tag}P1`)).length === 0;
        const byName = mine(await repository.search(ctx, kind, `${byId}&patient.family=Secret`));
        expect(patientsHidden ? byName : [], label).toEqual([]);
        const history = entries(await repository.history(ctx, { type: kind }, '_count=1000')).filter((e) => e.startsWith(`${kind}/${tag}`)).sort();
        expect(history, label).toEqual(expected);
      }
      for (const [i, row] of world.rows.entries()) {
        const seen = await repository.read(ctx, row.kind, ids[i]!).then(() => true, (e: unknown) => { if (e instanceof BedsideError && e.kind === 'not-found') return false; throw e; });
        expect(seen, `${ctx.actor.role} reads ${row.kind}`).toBe(maySee(world, i, ctx, tag));
      }
    }
  }), { numRuns: 8, endOnFailure: true });
}, 180_000);

test('plain writes keep to the institution, and what belongs to a case is changed by operations only', async () => {
  const { repository } = setup;
  const [doctor, stranger] = [clinicianContext('w1', 'north'), clinicianContext('w2', 'south')];
  const { id } = await repository.create(doctor, { resourceType: 'Patient', name: [{ family: 'W' }] });
  const task = await repository.transaction(systemContext(), (fhir) => fhir.create({ resourceType: 'Task', status: 'requested', intent: 'order', for: { reference: `Patient/${id}` } }, { owner: 'north', caseId: 'case-w' }));
  const asTask = JSON.parse(task.text) as Resource;
  await expect(repository.update(doctor, asTask)).rejects.toMatchObject({ kind: 'forbidden', code: 'use-an-operation' });
  await expect(repository.remove(doctor, 'Task', task.id)).rejects.toMatchObject({ code: 'use-an-operation' });
  await expect(repository.update(stranger, asTask)).rejects.toMatchObject({ code: 'patient-not-visible' });
  await expect(repository.remove(stranger, 'Task', task.id)).rejects.toMatchObject({ kind: 'not-found' });
  expect(await repository.transaction(stranger, (fhir) => fhir.update(asTask, { byEngine: true }))).toMatchObject({ version: 2 });
  await repository.transaction(systemContext(), (fhir) => grants(fhir).grantPatient({ patient: id, grantee: 'Practitioner/w2' }));
  await expect(repository.update(stranger, { resourceType: 'Patient', id, name: [{ family: 'Changed' }] })).rejects.toMatchObject({ code: 'not-permitted' });
  await expect(repository.create(patientContext(id), { resourceType: 'Observation', status: 'final', code: { text: 'x' } })).rejects.toMatchObject({ code: 'use-an-operation' });
  await expect(repository.create(doctor, { resourceType: 'Organization', name: 'Mine' })).rejects.toMatchObject({ code: 'not-permitted' });
  await expect(repository.create({ ...doctor, actor: { ...doctor.actor, scopes: ['user/Patient.rs'] } }, { resourceType: 'Patient' })).rejects.toMatchObject({ code: 'insufficient-scope' });
  await expect(repository.search({ ...doctor, actor: { ...doctor.actor, scopes: ['patient/*.rs'] } }, 'Patient', '')).rejects.toMatchObject({ code: 'insufficient-scope' });
});

test('an institution keeps its own directory rows and no other', async () => {
  const { repository } = setup;
  const admin = (institution: string): RequestContext => contextFor({ role: 'institution-administrator', institution, organizations: [institution] });
  const made = await repository.create(admin('north'), { resourceType: 'Practitioner', name: [{ family: 'Dir' }] });
  expect((await repository.read(clinicianContext('x', 'south'), 'Practitioner', made.id)).id).toBe(made.id);
  await expect(repository.update(admin('south'), JSON.parse(made.text) as Resource)).rejects.toMatchObject({ code: 'not-permitted' });
  expect(await repository.update(admin('north'), JSON.parse(made.text) as Resource)).toMatchObject({ version: 2 });
});

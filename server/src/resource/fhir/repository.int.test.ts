import type { Bundle, Observation, Patient } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BedsideError } from '../../kernel/index.ts';
import { clinicianContext, systemContext, testRepository } from './testing.ts';

let setup: Awaited<ReturnType<typeof testRepository>>;
beforeAll(async () => { setup = await testRepository(); });
afterAll(() => setup.close());

const system = systemContext('north');
const patient = (over: Partial<Patient> = {}): Patient => ({ resourceType: 'Patient', name: [{ family: 'Müller', given: ['Änne'] }], gender: 'female', birthDate: '1970-03-04', ...over });
const ids = (text: string): string[] => ((JSON.parse(text) as Bundle).entry ?? []).map((e) => e.resource!.id!);

test('what is created is read back with its decimals, and an update keeps the version before', async () => {
  const { repository } = setup;
  const source = '{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.10,"unit":"mg"}}';
  const made = await repository.create(system, JSON.parse(source) as Observation, { source });
  expect(made).toMatchObject({ version: 1, outcome: 'created' });
  expect((await repository.read(system, 'Observation', made.id)).text).toContain('"value":1.10');
  const next = await repository.update(system, { ...(JSON.parse(made.text) as Observation), status: 'amended' });
  expect(next).toMatchObject({ version: 2, outcome: 'updated' });
  expect((await repository.vread(system, 'Observation', made.id, 1)).text).toBe(made.text);
  expect(JSON.parse(next.text)).toMatchObject({ status: 'amended', meta: { versionId: '2' } });
});

test('of many writers who rely on the same version one wins, and versions have no gap', async () => {
  const { repository } = setup;
  const { id } = await repository.create(system, patient());
  const tries = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => repository.update(system, patient({ id, birthDate: `199${i}-01-01` }), { ifMatch: 1 })));
  expect(tries.filter((t) => t.status === 'fulfilled')).toHaveLength(1);
  expect(tries.flatMap((t) => (t.status === 'rejected' ? [(t.reason as BedsideError).kind] : []))).toEqual(Array.from({ length: 7 }, () => 'precondition-failed'));
  await Promise.all(Array.from({ length: 8 }, (_, i) => repository.update(system, patient({ id, birthDate: `198${i}-01-01` }))));
  const history = JSON.parse(await repository.history(system, { type: 'Patient', id }, '')) as Bundle;
  expect(history.entry!.map((e) => e.resource!.meta!.versionId)).toEqual(['10', '9', '8', '7', '6', '5', '4', '3', '2', '1']);
});

test('a deleted resource is gone, is found by nothing, and can be brought back', async () => {
  const { repository } = setup;
  const { id } = await repository.create(system, patient({ identifier: [{ system: 'urn:x', value: 'gone' }] }));
  await repository.remove(system, 'Patient', id);
  expect(await repository.remove(system, 'Patient', id)).toMatchObject({ outcome: 'unchanged' });
  await expect(repository.read(system, 'Patient', id)).rejects.toMatchObject({ kind: 'gone' });
  expect(ids(await repository.search(system, 'Patient', 'identifier=gone'))).toEqual([]);
  expect(await repository.update(system, patient({ id }))).toMatchObject({ version: 3, outcome: 'created' });
  await expect(repository.vread(system, 'Patient', id, 2)).rejects.toMatchObject({ kind: 'gone' });
});

test('a resource that breaks the structure is refused with element and rule, and nothing is written', async () => {
  const { repository, db } = setup;
  const before = await db.query('select count(*) from fhir."Patient"');
  await expect(repository.create(system, { ...patient(), birthDate: '1970-13-01', gander: 'x' } as unknown as Patient)).rejects.toMatchObject({
    kind: 'unprocessable', details: { issues: [expect.objectContaining({ at: 'Patient.birthDate', rule: 'date' }), expect.objectContaining({ at: 'Patient.gander', rule: 'unknown-element' })] },
  });
  expect((await db.query('select count(*) from fhir."Patient"')).rows).toEqual(before.rows);
});

test('a transaction resolves urn:uuid references and is all or nothing', async () => {
  const { repository, db } = setup;
  const bundle = (status: string): Bundle => ({
    resourceType: 'Bundle', type: 'transaction', entry: [
      { fullUrl: 'urn:uuid:11111111-1111-4111-8111-111111111111', resource: { resourceType: 'Observation', status: status as 'final', code: { text: 'x' }, subject: { reference: 'urn:uuid:22222222-2222-4222-8222-222222222222' } }, request: { method: 'POST', url: 'Observation' } },
      { fullUrl: 'urn:uuid:22222222-2222-4222-8222-222222222222', resource: patient({ identifier: [{ system: 'urn:t', value: 'tx' }] }), request: { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=urn:t|tx' } },
    ],
  });
  const count = async () => (await db.query<{ n: string }>('select count(*) as n from fhir."Patient"')).rows[0]!.n;
  const before = await count();
  await expect(repository.bundle(system, bundle('nonsense'))).rejects.toMatchObject({ kind: 'unprocessable', details: { at: expect.stringContaining('Bundle.entry[0]') } });
  expect(await count()).toBe(before);
  const done = await repository.bundle(system, bundle('final'));
  expect(done.entry!.map((e) => e.response!.status)).toEqual(['201', '201']);
  const patientId = done.entry![1]!.response!.location!.split('/')[1]!;
  const [observation] = ids(await repository.search(system, 'Observation', `patient=${patientId}`));
  expect(done.entry![0]!.response!.location).toContain(observation);
  expect((await repository.bundle(system, bundle('final'))).entry![1]!.response!.status).toBe('200');
});

test('paging shows what stands still exactly once while others write', async () => {
  const { repository } = setup;
  const made: string[] = [];
  for (let i = 0; i < 25; i++) made.push((await repository.create(system, patient({ birthDate: `19${50 + (i % 5)}-01-01`, identifier: [{ system: 'urn:page', value: 'p' }] }))).id);
  const seen: string[] = [];
  let query: string | undefined = 'identifier=urn:page|p&_sort=birthdate&_count=4';
  while (query !== undefined) {
    const page = JSON.parse(await repository.search(system, 'Patient', query)) as Bundle;
    seen.push(...page.entry!.map((e) => e.resource!.id!));
    await repository.create(system, patient({ birthDate: '1940-01-01', identifier: [{ system: 'urn:page', value: 'p' }] }));
    const next = page.link!.find((l) => l.relation === 'next')?.url;
    query = next?.slice(next.indexOf('?') + 1);
    if (seen.length > 60) break;
  }
  expect(seen.filter((id) => made.includes(id)).sort()).toEqual([...made].sort());
  await expect(repository.search(system, 'Patient', 'gender=female&_cursor=AAAA')).rejects.toMatchObject({ code: 'search-cursor' });
});

test('a search by patient and code goes through the narrow table, newest first', async () => {
  const { repository } = setup;
  const { id } = await repository.create(system, patient());
  const observation = (day: number, code: string): Observation => ({ resourceType: 'Observation', status: 'final', subject: { reference: `Patient/${id}` }, effectiveDateTime: `2024-01-${String(day).padStart(2, '0')}`, code: { coding: [{ system: 'http://loinc.org', code }] }, valueQuantity: { value: day, unit: 'mg', system: 'http://unitsofmeasure.org', code: 'mg' } });
  const made: string[] = [];
  for (let day = 1; day <= 5; day++) made.unshift((await repository.create(system, observation(day, '1-1'))).id);
  await repository.create(system, observation(9, '2-2'));
  expect(ids(await repository.search(system, 'Observation', `patient=${id}&code=1-1&_sort=-date&_count=3`))).toEqual(made.slice(0, 3));
  expect(ids(await repository.search(system, 'Observation', `patient=Patient/${id}&code=http://loinc.org|1-1,http://loinc.org|2-2&_sort=-date`))).toHaveLength(6);
  expect(ids(await repository.search(system, 'Observation', `patient=${id}&code=http://other|1-1`))).toEqual([]);
  expect(ids(await repository.search(system, 'Observation', `patient=${id}&code-value-quantity=1-1$gt3`))).toHaveLength(2);
  expect(ids(await repository.search(system, 'Observation', `patient=${id}&combo-value-quantity=ge4|http://unitsofmeasure.org|mg&date=lt2024-01-06`))).toHaveLength(2);
  await repository.update(system, { ...observation(31, '1-1'), id: made[4]! });
  expect(ids(await repository.search(system, 'Observation', `patient=${id}&code=1-1&_sort=-date&_count=1`))).toEqual([made[4]]);
});

test('staff see what their institution owns and nothing of another', async () => {
  const { repository } = setup;
  const { id } = await repository.create(clinicianContext('a', 'north'), patient());
  await expect(repository.read(clinicianContext('b', 'south'), 'Patient', id)).rejects.toMatchObject({ kind: 'not-found' });
  expect((await repository.read(clinicianContext('c', 'north'), 'Patient', id)).id).toBe(id);
  await expect(repository.create(clinicianContext('b', 'south'), { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: { reference: `Patient/${id}` } })).rejects.toMatchObject({ code: 'patient-not-visible' });
  await expect(repository.update(clinicianContext('b', 'south'), patient({ id }))).rejects.toMatchObject({ kind: 'not-found' });
});

test('every access leaves a trace that cannot be changed', async () => {
  const { repository, db } = setup;
  const doctor = clinicianContext('tracer', 'north');
  const { id } = await repository.create(doctor, patient());
  await Promise.all(Array.from({ length: 5 }, () => repository.read(doctor, 'Patient', id)));
  await repository.read(doctor, 'Patient', 'absent').catch(() => undefined);
  const { rows } = await db.query<{ kind: string; outcome: number }>("select kind, outcome from audit.event where account = 'account-tracer' order by id");
  expect(rows.map((r) => `${r.kind} ${r.outcome}`)).toEqual(['create 0', ...Array.from({ length: 5 }, () => 'read 0'), 'read 4']);
  await expect(db.query('delete from audit.event')).rejects.toThrow('append-only');
  const trail = JSON.parse(await repository.search(doctor, 'AuditEvent', `patient=${id}&action=C`)) as Bundle;
  expect(trail.entry).toHaveLength(1);
  const event = trail.entry![0]!.resource!;
  expect(JSON.parse((await repository.read(doctor, 'AuditEvent', event.id!)).text)).toEqual(event);
});

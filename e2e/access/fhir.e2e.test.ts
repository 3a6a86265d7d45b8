import type { Bundle, CapabilityStatement, Parameters, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoAccounts } from '../../server/src/demo/index.ts';
import { classOf as typeClassOf, ownTimes } from '../../server/src/security/policy/index.ts';
import { storyPatient } from '../support/case.ts';
import { parametersOf, type Person } from '../support/people.ts';
import { actionRows, actionsBy, operationRows, typeRows } from './fhir.ts';
import { everybody, rowOf, tableOf, type Who } from './who.ts';
import { openWorld, type AccessWorld } from './world.ts';

let world: AccessWorld;
let capability: CapabilityStatement;
beforeAll(async () => {
  world = await openWorld();
  capability = await world.server.nobody.fhir<CapabilityStatement>('GET', 'metadata');
});
afterAll(async () => { await world?.server[Symbol.asyncDispose](); });

const membershipOf = (login: string) => demoAccounts.find((a) => a.login === login)!.memberships[0]!;
const accountHouse = (login: string): string | undefined => membershipOf(login).institution;
const accountPatient = (login: string): string => membershipOf(login).profile!.replace('Patient/', '');
const rest = (): NonNullable<CapabilityStatement['rest']>[number] => capability.rest![0]!;

test('every action of a case is for whom its declaration names, and hidden from strangers', async () => {
  const others = new Set(Object.keys(operationRows).map((name) => name.split('$')[1]!));
  const served = rest().resource!.find((r) => r.type === 'Task')!.operation!.map((o) => o.name!).filter((name) => !others.has(name));
  const wanted = Object.entries(actionsBy).flatMap(([by, actions]) => actions.map((action) => [action, actionRows[by as keyof typeof actionRows]] as [string, string]));
  const found: [string, string][] = [];
  for (const action of served) found.push([action, await rowOf(world.people, (person) => person.ask('POST', `/fhir/Task/${world.closed.id}/$${action}`, { body: parametersOf({}) }))]);
  expect(tableOf(found)).toEqual(tableOf(wanted));
});

test('every other operation answers those that its table names', async () => {
  const accounts = await world.people['network'].fhir<Parameters>('GET', '$accounts?text=admin-b');
  const account = accounts.parameter![0]!.part!.find((p) => p.name === 'id')!.valueId!;
  const operate = (name: string, input: Record<string, unknown>) => (p: Person) => p.ask('POST', `/fhir/${name}`, { body: parametersOf(input) });
  const calls: Record<string, (person: Person) => ReturnType<Person['ask']>> = {
    '$accounts': (p) => p.ask('GET', '/fhir/$accounts'), '$suspend-account': operate('$suspend-account', { account, reason: 'test' }), '$lift-account': operate('$lift-account', { account }),
    '$suspend-institution': operate('$suspend-institution', { institution: 'no-such-house', reason: 'test' }), '$lift-institution': operate('$lift-institution', { institution: 'no-such-house' }),
    'Subscription/{id}/$get-ws-binding-token': operate('Subscription/none/$get-ws-binding-token', {}),
    'Task/{id}/$actions': (p) => p.ask('GET', `/fhir/Task/${world.closed.id}/$actions`),
    'Task/{id}/$case': (p) => p.ask('GET', `/fhir/Task/${world.closed.id}/$case`),
    'Task/$open-case': (p) => p.ask('POST', '/fhir/Task/$open-case', { body: { resourceType: 'Parameters', parameter: [{ name: 'application', valueCode: 'teleconsultation' }, { name: 'patient', valueReference: { reference: storyPatient } }] } }),
    'Measure/{id}/$evaluate-measure': (p) => p.ask('GET', '/fhir/Measure/consultations/$evaluate-measure?periodStart=2020-01-01&periodEnd=2100-01-01'),
  };
  const actions = new Set<string>(Object.values(actionsBy).flat());
  const names = [...rest().resource!.flatMap((r) => (r.operation ?? []).map((o) => `${r.type}/$${o.name}`)), ...(rest().operation ?? []).map((o) => `$${o.name}`)].filter((name) => !actions.has(name.split('$')[1]!));
  expect(names.toSorted()).toEqual(Object.keys(operationRows).map((name) => name.replace('/{id}', '')).toSorted());
  const found: [string, string][] = [];
  for (const [name, call] of Object.entries(calls)) found.push([name, await rowOf(world.people, call)]);
  expect(tableOf(found)).toEqual(tableOf(Object.entries(operationRows)));
});

test('every resource type is searched, read and written by the roles of its class', async () => {
  const found: [string, string][] = [];
  const wanted: [string, string][] = [];
  for (const { type } of rest().resource!) {
    const kind = ownTimes.has(type) ? 'ownTimes' : typeClassOf(type);
    const wrong = { resourceType: type, noSuchElement: true };
    const calls: Record<keyof (typeof typeRows)['clinical'], (person: Person) => ReturnType<Person['ask']>> = {
      search: (p) => p.ask('GET', `/fhir/${type}?_count=1`), history: (p) => p.ask('GET', `/fhir/${type}/_history?_count=1`), read: (p) => p.ask('GET', `/fhir/${type}/no-such-resource`),
      create: (p) => p.ask('POST', `/fhir/${type}`, { body: wrong }), update: (p) => p.ask('PUT', `/fhir/${type}/no-such-resource`, { body: { ...wrong, id: 'no-such-resource' } }),
      delete: (p) => p.ask('DELETE', `/fhir/${type}/no-such-resource`),
    };
    const rows = await Promise.all(Object.entries(calls).map(async ([name, call]) => [`${type} ${name}`, await rowOf(world.people, call), typeRows[kind][name as keyof typeof calls]] as const));
    for (const [name, row, expected] of rows) { found.push([name, row]); wanted.push([name, expected]); }
  }
  expect(tableOf(found)).toEqual(tableOf(wanted));
});

/** Rows as `demo-system` sees them, with the patient each is about. */
async function everyRow(types: readonly string[]): Promise<Map<string, string | undefined>> {
  const rows = new Map<string, string | undefined>();
  for (const type of types) {
    let url: string | undefined = `${type}?_count=1000`;
    while (url !== undefined) {
      const bundle: Bundle = await world.people['demo-system'].fhir<Bundle>('GET', url);
      for (const { resource } of bundle.entry ?? []) {
        const r = resource as Resource & { subject?: { reference?: string }; patient?: { reference?: string }; for?: { reference?: string }; id: string };
        rows.set(`${type}/${r.id}`, type === 'Patient' ? r.id : (r.subject ?? r.patient ?? r.for)?.reference?.replace('Patient/', ''));
      }
      url = bundle.link?.find((l) => l.relation === 'next')?.url?.split('/fhir/')[1];
    }
  }
  return rows;
}

test('no search, count, include, chain, history or read tells anybody of patients that are not theirs', async () => {
  const types = ['Patient', 'Condition', 'Observation', 'DocumentReference', 'DiagnosticReport', 'MedicationRequest', 'AllergyIntolerance', 'ImagingStudy', 'Encounter', 'Procedure', 'Immunization'];
  const rows = await everyRow(types);
  const houseOf = new Map<string, string>();
  for (const { resource } of (await world.people['demo-system'].fhir<Bundle>('GET', 'Patient?_count=1000')).entry ?? []) {
    houseOf.set(resource!.id!, (resource as { managingOrganization?: { reference?: string } }).managingOrganization!.reference!.replace('Organization/', ''));
  }
  const houses = new Set(houseOf.values());
  expect(houses.size).toBe(3);
  const [district, university, township] = ['dr-a', 'dr-b', 'dr-d'].map((login) => [...houses].find((h) => accountHouse(login) === h)!);
  const of: Partial<Record<Who, string | undefined>> = { 'dr-a': district, 'dr-b': university, 'dr-c': university, 'dr-d': township, 'coordinator-a': district, 'coordinator-b': university, 'network': undefined, 'admin-a': undefined };
  const shared = new Set([storyPatient, ...world.closed.materials, ...world.signed.materials, ...world.open.materials]);
  const mine = (who: Who, row: string, patient: string | undefined): boolean => {
    if (patient === undefined) return true; // about nobody
    if (who === 'admin-a') return row.startsWith('Patient/') && houseOf.get(patient) === district;
    if (who === 'patient-p' || who === 'patient-q') return patient === accountPatient(who);
    if ((who === 'dr-b' || who === 'coordinator-b') && shared.has(row)) return true;
    // Of a case everybody in it sees what the case made (its encounter and report); these are counted with the case, not with the house.
    return of[who] !== undefined && (houseOf.get(patient) === of[who] || madeByCase(row));
  };
  const caseRows = new Set((await world.people['dr-b'].fhir<Bundle>('GET', `Task/${world.closed.id}/$case`)).entry!.map((e) => `${e.resource!.resourceType}/${e.resource!.id}`));
  for (const story of [world.open, world.signed]) for (const e of (await world.people['dr-b'].fhir<Bundle>('GET', `Task/${story.id}/$case`)).entry!) caseRows.add(`${e.resource!.resourceType}/${e.resource!.id}`);
  const madeByCase = (row: string): boolean => caseRows.has(row) && !row.startsWith('Patient/');

  const leaks: string[] = [];
  for (const who of everybody.filter((w) => w !== 'demo-system' && w !== 'guest' && w !== 'nobody')) {
    const person = world.people[who];
    const look = async (url: string): Promise<Bundle> => {
      const bundle = await person.fhir<Bundle>('GET', url);
      for (const { resource } of bundle.entry ?? []) {
        const row = `${resource!.resourceType}/${resource!.id}`;
        if (rows.has(row) && !mine(who, row, rows.get(row))) leaks.push(`${who} ${url}: ${row}`);
      }
      return bundle;
    };
    for (const type of types) {
      const all = await look(`${type}?_count=1000`);
      await look(`${type}/_history?_count=1000`);
      if (type !== 'Patient') await look(`${type}?patient=${[...houseOf.keys()].join(',')}&_count=1000&_include=${type}:patient`);
      const count = (await person.fhir<Bundle>('GET', `${type}?_summary=count`)).total!;
      const accurate = (await person.fhir<Bundle>('GET', `${type}?_total=accurate&_count=1`)).total!;
      const listed = all.link?.some((l) => l.relation === 'next') ? undefined : (all.entry ?? []).length;
      if (listed !== undefined && (count !== listed || accurate !== listed)) leaks.push(`${who} ${type}: ${listed} listed, ${count} counted, ${accurate} in total`);
    }
    await look('Patient?_revinclude=Observation:patient&_revinclude=Condition:patient&_revinclude=DocumentReference:patient&_count=100');
    // A chain through what is hidden finds nothing: otherwise names could be guessed letter by letter.
    for (const [patient] of houseOf) {
      if (mine(who, `Patient/${patient}`, patient)) continue;
      const guess = await person.fhir<Bundle>('GET', `Condition?subject:Patient._id=${patient}`);
      const has = await person.fhir<Bundle>('GET', `Organization?_has:Patient:organization:_id=${patient}`);
      if ((guess.entry ?? []).length + (has.entry ?? []).length > 0) leaks.push(`${who} chain to ${patient}`);
    }
    for (const [row, patient] of [...rows].filter(([row], i) => i % 40 === 0 || shared.has(row))) {
      const { status } = await person.ask('GET', `/fhir/${row}`);
      if (status !== (mine(who, row, patient) ? 200 : 404)) leaks.push(`${who} GET ${row}: ${status}`);
      const versions = await person.ask('GET', `/fhir/${row}/_history`);
      if (versions.status !== (mine(who, row, patient) ? 200 : 404)) leaks.push(`${who} history of ${row}: ${versions.status}`);
    }
  }
  expect(leaks).toEqual([]);
});

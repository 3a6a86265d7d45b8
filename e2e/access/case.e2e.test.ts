import type { Bundle, Parameters, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { roleOf, storyPatient, tellStory, valueOf, writtenReport } from '../support/case.ts';
import type { Person } from '../support/people.ts';
import { everybody, rowOf, tableOf, type Who } from './who.ts';
import { openWorld, type AccessWorld } from './world.ts';

let world: AccessWorld;
beforeAll(async () => { world = await openWorld(); });
afterAll(async () => { await world?.server[Symbol.asyncDispose](); });

const get = (path: string) => (person: Person) => person.ask('GET', path, path.startsWith('/fhir/Binary') ? { headers: { accept: 'application/pdf' } } : {});
const why = { reason: 'because' };
const expert = (login: string) => ({ expert: { reference: roleOf(login) } });

test('drafts, signed and published reports are read by whom they are for', async () => {
  const { signed, closed, draft, signedPdfs, publishedPdfs, people } = world;
  const b = await people['dr-b'].fhir<Bundle>('GET', `Task/${signed.id}/$case`);
  const of = (type: string): string => `${type}/${b.entry!.find((e) => e.resource!.resourceType === type)!.resource!.id}`;
  const [report, composition] = [of('DiagnosticReport'), of('Composition')];
  expect([signedPdfs.length, publishedPdfs.length]).toEqual([2, 2]);
  //                                              abcdABanpqsgN
  const wanted: [string, string, string][] = [
    ['signed PDF', `/fhir/${signedPdfs[0]}`, '0++00+0000+--'], ['signed summary', `/fhir/${signedPdfs[1]}`, '0++00+0000+--'],
    ['published PDF', `/fhir/${publishedPdfs[0]}`, '+++0++00+0+--'], ['published summary', `/fhir/${publishedPdfs[1]}`, '+++0++00+0+--'],
    ['signed report', `/fhir/${report}`, '0++00+0000+--'], ['signed composition', `/fhir/${composition}`, '0++00+0000+--'],
    ['history of the signed report', `/fhir/${report}/_history`, '0++00+0000+--'], ['version of the composition', `/fhir/${composition}/_history/1`, '0++00+0000+--'],
    ['draft case', `/fhir/Task/${draft.id}`, '+000+00000+--'], ['draft case whole', `/fhir/Task/${draft.id}/$case`, '+000+00000+--'],
    ['closed case', `/fhir/Task/${closed.id}`, '++00++00+0+--'],
  ];
  const found: [string, string][] = [];
  for (const [name, path] of wanted) found.push([name, (await rowOf(people, get(path))).replaceAll('guest', '-')]);
  expect(tableOf(found)).toEqual(tableOf(wanted.map(([name, , row]) => [name, row])));
});

/** Whether somebody sees the case, its document (with bytes), and its images (after the few seconds for which a viewing's right is remembered). */
async function sight(who: Who, story: { id: string; materials: readonly string[] }): Promise<string> {
  const person = world.people[who];
  const [document = '', study = ''] = story.materials;
  const see = async (path: string): Promise<string> => ((await person.ask('GET', path)).status === 200 ? '+' : '0');
  const binary = `/fhir/Binary/${document.split('/')[1]!}`;
  return [await see(`/fhir/Task/${story.id}`), await see(`/fhir/${document}`), await see(binary), await see(`/fhir/${study}`)].join('');
}
const mayBeRemembered = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, 5_200); });

test('whoever is uninvited, refuses or was not chosen sees nothing of the case any more; after a withdrawal the record is closed', async () => {
  const { server, people } = world;
  // Another patient of the hospital, whose documents no other case of this file shares.
  const other = (await people['dr-a'].fhir<Bundle>('GET', 'ImagingStudy?modality=CT&_count=50&_include=ImagingStudy:patient')).entry!.find((e) => e.resource!.resourceType === 'ImagingStudy' && (e.resource as { subject?: { reference?: string } }).subject?.reference !== storyPatient);
  const patient = (other?.resource as { subject?: { reference?: string } } | undefined)?.subject?.reference ?? 'Patient/demo-patient-02';
  const story = () => tellStory(server, 'applied', { experts: ['dr-b', 'dr-c'], patient, imaging: other !== undefined });
  const [uninvited, refused, chosen, withdrawn] = [await story(), await story(), await story(), await story()];
  const documents = uninvited.materials.length === 2 ? '++++' : '+++0';
  expect([await sight('dr-c', uninvited), await sight('coordinator-b', uninvited)]).toEqual([documents, documents]);
  for (const other2 of [refused, chosen, withdrawn]) await people['dr-a'].act(other2.id, 'withdraw', why);
  await people['dr-a'].act(uninvited.id, 'uninvite', expert('dr-c'));
  await mayBeRemembered();
  expect([await sight('dr-c', uninvited), await sight('dr-b', uninvited)]).toEqual(['0000', documents]);
  expect((await people['dr-c'].ask('GET', `/fhir/Task/${uninvited.id}/$actions`)).status).toBe(404);
  await people['dr-a'].act(uninvited.id, 'withdraw', why);
  await mayBeRemembered();
  expect([await sight('dr-b', uninvited), await sight('coordinator-b', uninvited), await sight('dr-a', uninvited)]).toEqual(['+000', '+000', documents]);

  const second = await story();
  await people['dr-b'].act(second.id, 'refuse', why);
  expect(await sight('dr-b', second)).toBe('0000');
  expect((await people['dr-b'].ask('POST', `/fhir/Task/${second.id}/$accept`)).status).toBe(404);
  await people['dr-c'].act(second.id, 'refuse', why);
  expect(await sight('dr-c', second)).toBe('+000');

  const third = await story();
  await people['dr-b'].act(third.id, 'accept');
  expect([(await sight('dr-c', third)).slice(0, 3), (await sight('dr-b', third)).slice(0, 3)]).toEqual(['000', '+++']);
  const item = third.materials[0]!;
  await people['dr-a'].act(third.id, 'remove-material', { item: { reference: item } });
  expect(await sight('dr-b', third).then((s) => s.slice(0, 3))).toBe('+00');
  await people['dr-b'].act(third.id, 'cancel', why);
});

test('nobody makes himself a party to a case by writing resources that claim it', async () => {
  const { people, open } = world;
  const real = await people['dr-a'].fhir<Task>('GET', `Task/${open.id}`);
  const { id: _id, meta, ...claims } = real;
  const tagged = await people['dr-d'].ask('POST', '/fhir/Communication', { body: { resourceType: 'Communication', status: 'completed', meta: { tag: meta!.tag } } });
  expect([tagged.status, tagged.code]).toEqual([403, 'use-an-operation']);
  const forged = await people['dr-d'].ask('POST', '/fhir/Task', { body: { ...claims, requester: { reference: roleOf('dr-d') }, for: undefined, partOf: [{ reference: `Task/${open.id}` }] } });
  expect(forged.status).toBe(201);
  expect((await people['dr-d'].ask('GET', `/fhir/Task/${(forged.json as Task).id}/$actions`)).status).toBe(404);
  const changed = await people['dr-a'].ask('PUT', `/fhir/Task/${open.id}`, { body: { ...real, owner: { reference: roleOf('dr-a') } } });
  expect([changed.status, changed.code]).toEqual([403, 'use-an-operation']);
  expect((await people['dr-a'].ask('DELETE', `/fhir/Task/${open.id}`)).status).toBe(403);
});

/** Sits down at the whiteboard and tells how the seat ended. */
function sit(ticket: string): { seated: Promise<void>; ended: Promise<number> } {
  const socket = new WebSocket(`${world.server.url.replace(/^http/, 'ws')}/whiteboard`);
  socket.on('open', () => socket.send(JSON.stringify({ ticket })));
  return { seated: new Promise((resolve) => { socket.once('message', () => resolve()); }), ended: new Promise((resolve) => { socket.once('close', resolve); }) };
}

/** Shows a ticket at a WebSocket door. @returns the first answer, or how the door was closed. */
function knock(path: string, ticket: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${world.server.url.replace(/^http/, 'ws')}${path}`);
    const done = (answer: string): void => { resolve(answer); socket.terminate(); };
    socket.on('open', () => socket.send(JSON.stringify(path === '/room' ? { type: 'join', ticket } : { ticket })));
    socket.on('message', (data: Buffer) => done(/"type":"([\w-]+)"/.exec(data.toString('utf8'))?.[1] ?? 'binary'));
    socket.on('close', (code) => done(`closed ${code}`));
    socket.on('error', () => done('error'));
  });
}

test('a ticket opens its own door, once, for its own case, and no more when its holder is out', async () => {
  const { server, open } = world;
  const c = await server.as('dr-c');
  const story = await tellStory(server, 'open', { experts: ['dr-c'] });
  const enter = (person: Person, id: string) => person.act<Parameters>(id, 'join-session');
  const ticket = await enter(c, story.id);
  expect(await knock('/whiteboard', valueOf(ticket, 'ticket')!)).toBe('closed 4401');
  expect(await knock('/whiteboard', valueOf(ticket, 'whiteboardTicket')!)).toBe('admitted');
  expect(await knock('/room', valueOf(ticket, 'whiteboardTicket')!)).toMatch(/^closed|error|refused/);
  const again = await enter(c, story.id);
  expect((await c.ask('POST', `/fhir/Task/${open.id}/$join-session`)).status).toBe(404);
  expect((await world.people['guest'].ask('POST', `/fhir/Task/${story.id}/$join-session`)).status).toBe(403);
  expect(valueOf(await enter(world.people['guest'], open.id), 'ticket')).toHaveLength(43);
  const network = await server.as('network');
  const seat = sit(valueOf(again, 'whiteboardTicket')!);
  await seat.seated;
  const accounts = await network.fhir<Parameters>('GET', '$accounts?text=dr-c');
  const account = accounts.parameter![0]!.part!.find((p) => p.name === 'id')!.valueId!;
  await network.fhir('POST', '$suspend-account', { resourceType: 'Parameters', parameter: [{ name: 'account', valueString: account }, { name: 'reason', valueString: 'test' }] });
  await expect.poll(async () => (await c.ask('GET', '/fhir/Patient')).status, { timeout: 1_000, interval: 50 }).toBe(401);
  expect(await seat.ended).toBe(4401);
  expect(await knock('/whiteboard', valueOf(again, 'whiteboardTicket')!)).toBe('closed 4401');
  expect(await knock('/room', valueOf(again, 'ticket')!)).not.toMatch(/welcome|waiting|joined/);
  await expect(server.signIn('dr-c')).rejects.toThrow('not signed in');
});

test('members of a suspended institution are out within a second, and in again when it is lifted', async () => {
  const { server } = world;
  const [d, network] = [await server.as('dr-d'), await server.as('network')];
  const house = (await d.fhir<Bundle>('GET', 'Patient?_count=1')).entry![0]!.resource as { managingOrganization?: { reference?: string } };
  const institution = house.managingOrganization!.reference!.replace('Organization/', '');
  const set = (operation: string) => network.fhir('POST', operation, { resourceType: 'Parameters', parameter: [{ name: 'institution', valueString: institution }, ...(operation === '$suspend-institution' ? [{ name: 'reason', valueString: 'test' }] : [])] });
  await set('$suspend-institution');
  await expect.poll(async () => (await d.ask('GET', '/fhir/Patient')).status, { timeout: 1_000, interval: 50 }).toBe(401);
  await expect(server.signIn('dr-d')).rejects.toThrow('not signed in');
  await set('$lift-institution');
  expect((await server.signIn('dr-d')).access_token).toBeTruthy();
  expect((await (await server.as('dr-a')).ask('GET', '/fhir/Patient?_count=1')).status).toBe(200);
});

test('only the expert who accepted writes the report', async () => {
  const { people, open } = world;
  const found = await rowOf(people, (person) => person.ask('POST', `/fhir/Task/${open.id}/$write-report`, { body: { resourceType: 'Parameters', parameter: [{ name: 'composition', resource: writtenReport() }] } }));
  expect(Object.fromEntries(everybody.map((who, i) => [who, found[i]]))).toMatchObject({ 'dr-a': '-', 'dr-b': '+', 'coordinator-a': '-', 'coordinator-b': '-', 'patient-p': '-', 'demo-system': '-', 'guest': '-' });
});

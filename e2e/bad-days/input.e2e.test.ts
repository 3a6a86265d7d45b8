import { randomUUID } from 'node:crypto';
import type { Bundle, Parameters, QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createJar } from '../../server/src/security/authentication/testing-browser.ts';
import { filledForm, roleOf, storyPatient, tellStory, valueOf } from '../support/case.ts';
import { withDatabase } from '../support/database.ts';
import { parametersOf, readAnswer, useLink, type Answer, type Person } from '../support/people.ts';
import { faultsOf, patientsNamedIn } from '../support/privacy.ts';
import { startServer, type RunningServer } from '../support/server.ts';

let server: RunningServer;
let a: Person;
let b: Person;
beforeAll(async () => {
  server = await startServer({ env: { UPLOAD_LIMIT_MB: '1' } });
  [a, b] = [await server.as('dr-a'), await server.as('dr-b')];
});
afterAll(async () => { await server?.[Symbol.asyncDispose](); });

/** Checks that an answer is a clear refusal; its status and code. */
function refusal(answer: Answer): [number, string | undefined] {
  expect(faultsOf(answer)).toEqual([]);
  return [answer.status, answer.code];
}
const count = async (type: string, query = ''): Promise<number> => (await (await server.system()).fhir<Bundle>('GET', `${type}?_summary=count${query}`)).total!;
const act = (person: Person, id: string, action: string, input: Record<string, unknown> = {}, headers: Record<string, string> = {}) => person.ask('POST', `/fhir/Task/${id}/$${action}`, { body: parametersOf(input), headers });

test('a half-filled form is kept as a draft, is not sent, and says which question is missing; a wrong answer changes nothing', async () => {
  const story = await tellStory(server, 'draft', { imaging: false });
  const half: QuestionnaireResponse = { ...filledForm(), item: filledForm().item!.filter((i) => i.linkId !== 'question') };
  await a.act(story.id, 'save-form', { form: half });
  expect(refusal(await act(a, story.id, 'submit'))).toEqual([409, 'form-incomplete']);
  const wrong = await act(a, story.id, 'save-form', { form: { ...half, item: [{ linkId: 'urgency', answer: [{ valueCoding: { system: 'x', code: 'soon' } }] }] } });
  expect(refusal(wrong)).toEqual([422, 'wrong-answer']);
  expect(wrong.text).toContain('urgency');
  const kept = (await a.fhir<Bundle>('GET', `Task/${story.id}/$case`)).entry!.find((e) => e.resource!.resourceType === 'QuestionnaireResponse')!.resource as QuestionnaireResponse;
  expect(kept.item!.map((i) => i.linkId)).toEqual(half.item!.map((i) => i.linkId));
  expect((await story.task()).status).toBe('draft');
  await a.act(story.id, 'save-form', { form: filledForm() });
  expect((await a.act<Task>(story.id, 'submit')).status).toBe('requested');
});

const metadata = (values: Record<string, string>): string => Object.entries(values).map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`).join(',');
const tus = { 'tus-resumable': '1.0.0' };
const announce = (person: Person, size: number, filetype: string) => person.ask('POST', '/upload', { headers: { ...tus, 'upload-length': String(size), 'upload-metadata': metadata({ title: 'Letter', filetype, patient: 'demo-patient-01' }) } });
const patch = (person: Person, location: string, bytes: Uint8Array, offset: number) =>
  person.ask('PATCH', new URL(location, `${server.url}/upload/`).pathname, { body: bytes, headers: { ...tus, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' } });

test('a file that is not what it says is refused with what it is, and leaves nothing', async () => {
  const before = await count('DocumentReference');
  const html = Buffer.from('<html><script>alert(1)</script></html>');
  for (const [bytes, type, code] of [[html, 'application/pdf', 'document-type-refused'], [Buffer.from('%PDF-1.7\n1 0 obj'), 'application/pdf', 'document-cut-short'], [Buffer.from('%PDF-1.7\n%%EOF'), 'image/png', 'document-type-mismatch']] as const) {
    const location = (await announce(a, bytes.length, type)).headers.get('location')!;
    const answer = await patch(a, location, bytes, 0);
    expect([refusal(answer)[1], answer.status >= 415]).toEqual([code, true]);
    expect(refusal(await patch(a, location, bytes, 0))[0]).toBeGreaterThanOrEqual(400);
  }
  expect(await count('DocumentReference')).toBe(before);
});

test('an upload over the limit is refused before a byte is sent, as is one that grows past what it announced', async () => {
  expect(await announce(a, 2 * 1024 ** 3, 'application/pdf').then((r) => r.status)).toBe(413);
  const location = (await announce(a, 10, 'text/plain')).headers.get('location')!;
  expect((await patch(a, location, Buffer.alloc(11, 0x61), 0)).status).toBeGreaterThanOrEqual(400);
  const wide = await a.ask('POST', '/fhir/Observation', { body: ' '.repeat(17 * 1024 * 1024) });
  expect(refusal(wide)).toEqual([413, 'body-too-large']);
});

test('an interrupted upload goes on where it stopped', async () => {
  const text = Buffer.from('A letter in two parts. '.repeat(2_000));
  const location = (await announce(a, text.length, 'text/plain')).headers.get('location')!;
  const path = new URL(location, `${server.url}/upload/`).pathname;
  const ending = new AbortController();
  const half = new ReadableStream<Uint8Array>({ start(controller) { controller.enqueue(Uint8Array.from(text.subarray(0, 20_000))); setTimeout(() => ending.abort(), 300); } });
  await fetch(`${server.url}${path}`, { method: 'PATCH', body: half, duplex: 'half', signal: ending.signal, headers: { ...tus, 'authorization': `Bearer ${await a.token()}`, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' } } as RequestInit).catch(() => undefined);
  const offset = async (): Promise<number> => Number((await a.ask('HEAD', path, { headers: tus })).headers.get('upload-offset'));
  await expect.poll(offset, { timeout: 10_000 }).toBe(20_000);
  expect(refusal(await patch(a, location, text.subarray(10), 10))[0]).toBe(409);
  const done = await patch(a, location, text.subarray(20_000), 20_000);
  expect(done.status).toBe(204);
  const document = done.headers.get('bedside-document')!;
  const bytes = await a.ask('GET', `/fhir/Binary/${document.split('/')[1]!}`, { headers: { accept: 'text/plain' } });
  expect(bytes.text).toBe(text.toString());
});

test('a DICOM file cut short is refused with the reason, and the rest of the request is kept', async () => {
  type Tags = Record<string, { Value?: unknown[] }>;
  const instances = (await a.ask('GET', '/dicomweb/studies?ModalitiesInStudy=CT&limit=1')).json as Tags[];
  const study = instances[0]!['0020000D']!.Value![0] as string;
  const answer = await fetch(`${server.url}/dicomweb/studies/${study}`, { headers: { authorization: `Bearer ${await a.token()}`, accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' } });
  const whole = Buffer.from(await answer.arrayBuffer());
  const boundary = `--${/boundary="?([^";]+)/.exec(answer.headers.get('content-type') ?? '')![1]!}`;
  const from = whole.indexOf('\r\n\r\n') + 4;
  const file = whole.subarray(from, whole.indexOf(`\r\n${boundary}`, from));
  const store = (...files: Uint8Array[]) => a.ask('POST', '/dicomweb/studies', {
    body: Buffer.concat([...files.flatMap((bytes) => [Buffer.from('--part\r\nContent-Type: application/dicom\r\n\r\n'), bytes, Buffer.from('\r\n')]), Buffer.from('--part--\r\n')]),
    headers: { 'content-type': 'multipart/related; type="application/dicom"; boundary=part', 'accept': 'application/dicom+json' },
  });
  const before = await count('ImagingStudy');
  const cut = await store(file.subarray(0, file.length - 1_000));
  expect(cut.status).toBe(409);
  expect(JSON.stringify(cut.json)).toMatch(/truncated|cut-short|ends/i);
  const both = await store(file.subarray(0, 600), file);
  expect(both.status).toBe(202);
  expect(await count('ImagingStudy')).toBe(before);
});

test('of a transaction with one bad entry nothing is done, of a batch the rest is', async () => {
  const tag = randomUUID();
  const condition = (n: number) => ({ resource: { resourceType: 'Condition', subject: { reference: storyPatient }, code: { text: `n${n}` }, identifier: [{ system: 'urn:test', value: `${tag}-${n}` }] }, request: { method: 'POST', url: 'Condition' } });
  const bad = { resource: { resourceType: 'Condition', subject: { reference: storyPatient }, recordedDate: 'never' }, request: { method: 'POST', url: 'Condition' } };
  const found = () => count('Condition', `&identifier=urn:test|${tag}-0,urn:test|${tag}-2`);
  const send = (type: string) => a.ask('POST', '/fhir', { body: { resourceType: 'Bundle', type, entry: [condition(0), bad, condition(2)] } });
  const transaction = await send('transaction');
  expect(refusal(transaction)[0]).toBe(422);
  expect(transaction.text).toMatch(/Bundle\.entry\[1\]|Entry 1|recordedDate/);
  expect(await found()).toBe(0);
  const batch = await send('batch');
  expect(batch.status).toBe(200);
  expect((batch.json as Bundle).entry!.map((e) => e.response!.status.slice(0, 3))).toEqual(['201', '422', '201']);
  expect(await found()).toBe(2);
});

test('of two people who act on one case at once one wins; the other is told, and nothing is half done', async () => {
  const story = await tellStory(server, 'applied', { experts: ['dr-b', 'dr-c'], imaging: false });
  const etag = `W/"${(await story.task()).meta!.versionId!}"`;
  const answers = await Promise.all([act(await server.as('dr-b'), story.id, 'accept', {}, { 'if-match': etag }), act(await server.as('dr-c'), story.id, 'accept', {}, { 'if-match': etag })]);
  const [lost, ...more] = answers.filter((x) => x.status !== 200);
  expect(more).toEqual([]);
  expect([404, 409, 412]).toContain(refusal(lost!)[0]);
  const task = await story.task();
  const winner = answers[0]!.status === 200 ? 'dr-b' : 'dr-c';
  expect(task.owner?.reference).toBe(roleOf(winner));
  const acts = (await a.fhir<Bundle>('GET', `Task/${story.id}/$case`)).entry!.filter((e) => e.resource!.resourceType === 'Provenance' && (e.resource as { activity?: { coding?: { code?: string }[] } }).activity?.coding?.[0]?.code === 'accept');
  expect(acts).toHaveLength(1);
  const [x, y] = await Promise.all([act(a, story.id, 'cancel', { reason: 'one' }, { 'if-match': `W/"${task.meta!.versionId!}"` }), act(await server.as(winner), story.id, 'cancel', { reason: 'two' }, { 'if-match': `W/"${task.meta!.versionId!}"` })]);
  expect([x.status, y.status].toSorted()).toEqual([200, 412]);
  const stale = await act(a, story.id, 'cancel', { reason: 'late' }, { 'if-match': etag });
  expect(refusal(stale)).toEqual([412, 'case-moved-on']);
});

test('a link opens one browser only, its code counts once, and an expired one says so', async () => {
  const story = await tellStory(server, 'open', { imaging: false });
  const link = valueOf(await a.act<Parameters>(story.id, 'invite-patient'), 'url')!;
  const jar = createJar();
  const code = await useLink(jar, link);
  const exchange = () => fetch(`${server.url}/oauth/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'urn:bedside:params:oauth:grant-type:link', client_id: 'bedside-web', code }) }).then(readAnswer);
  expect((await exchange()).status).toBe(200);
  expect(refusal(await exchange())).toEqual([400, 'invalid_grant'.replace('_', '_')]);
  const other = await createJar().get(link);
  expect([other.status, /at .*\.ts/.test(await other.text())]).toEqual([410, false]);
  const second = valueOf(await a.act<Parameters>(story.id, 'invite-patient'), 'url')!;
  await withDatabase(server, (client) => client.query("update security.link set expires_at = now() - interval '1 minute' where used_at is null"));
  expect((await createJar().get(second)).status).toBe(410);
  expect((await createJar().post(second, {})).status).toBe(410);
});

test('a refresh token that is used twice ends the whole sign-in, and no other', async () => {
  const [first, second] = [await server.signIn('coordinator-a'), await server.signIn('coordinator-a')];
  const refresh = (token: string) => fetch(`${server.url}/oauth/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', client_id: 'bedside-web', refresh_token: token }) }).then(readAnswer);
  const who = (token: string) => fetch(`${server.url}/fhir/Patient?_count=1`, { headers: { authorization: `Bearer ${token}` } }).then((r) => r.status);
  const renewed = (await refresh(first.refresh_token!)).json as { access_token: string; refresh_token: string };
  expect(await who(renewed.access_token)).toBe(200);
  expect((await refresh(first.refresh_token!)).status).toBe(400);
  await expect.poll(() => who(renewed.access_token), { timeout: 1_000, interval: 50 }).toBe(401);
  expect((await refresh(renewed.refresh_token)).status).toBe(400);
  expect(await who(second.access_token)).toBe(200);
  expect((await b.ask('GET', '/fhir/Patient?_count=1')).status).toBe(200);
});

test('what is no FHIR is refused with the place of the fault', async () => {
  for (const [method, path, body, status] of [
    ['POST', '/fhir/Patient', '{"resourceType":"Patient",', 400], ['POST', '/fhir/Patient', '[1]', 422], ['POST', '/fhir/Patient', '['.repeat(200_000), 400],
    ['GET', '/fhir/Patient?birthdate=yesterday', undefined, 400], ['GET', '/fhir/Nothing/1', undefined, 404], ['POST', '/fhir/Task/$open-case', parametersOf({}), 422],
    ['POST', '/fhir/Task/no-such-case/$submit', parametersOf({}), 404], ['PUT', '/fhir/Patient/demo-patient-01', { resourceType: 'Patient', id: 'another' }, 400],
  ] as const) expect(refusal(await a.ask(method, path, body === undefined ? {} : { body }))[0], path).toBe(status);
});

test('nothing of all this put the name of a patient into the log', () => {
  expect(server.log()).toContain('Server listening');
  expect(patientsNamedIn(server.log())).toEqual([]);
});

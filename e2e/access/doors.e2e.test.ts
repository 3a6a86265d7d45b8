import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { doors, elsewhere, type DoorState } from './doors.ts';
import { rowOf, tableOf } from './who.ts';
import { openWorld, type AccessWorld } from './world.ts';

let world: AccessWorld;
beforeAll(async () => { world = await openWorld(); });
afterAll(async () => { await world?.server[Symbol.asyncDispose](); });

async function prepare(): Promise<DoorState> {
  const { people: { 'dr-a': a }, studyUid } = world;
  type Tags = Record<string, { Value?: string[] }>;
  const [first] = (await a.ask('GET', `/dicomweb/studies/${studyUid}/instances`)).json as Tags[];
  const [series, instance] = [first!['0020000E']!.Value![0]!, first!['00080018']!.Value![0]!];
  const answer = await fetch(`${world.server.url}/dicomweb/studies/${studyUid}/series/${series}/instances/${instance}`, { headers: { authorization: `Bearer ${await a.token()}`, accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' } });
  const whole = Buffer.from(await answer.arrayBuffer());
  const from = whole.indexOf('\r\n\r\n') + 4;
  const boundary = /boundary="?([^";]+)/.exec(answer.headers.get('content-type') ?? '')![1]!;
  const instanceBytes = Uint8Array.from(whole.subarray(from, whole.indexOf(`\r\n--${boundary}`, from)));
  const metadata = `title ${Buffer.from('Letter').toString('base64')},filetype ${Buffer.from('text/plain').toString('base64')},patient ${Buffer.from('demo-patient-01').toString('base64')}`;
  const upload = (await a.ask('POST', '/upload', { headers: { 'tus-resumable': '1.0.0', 'upload-length': '10', 'upload-metadata': metadata } })).headers.get('location')!;
  return { series, instance, instanceBytes, upload: new URL(upload, `${world.server.url}/upload/`).pathname };
}

test('every route that the server has is in a table here', async () => {
  const data = `${world.server.data}-routes`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, '../support/routes.ts')], {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', BEDSIDE_DATA: data, BEDSIDE_DEMO: '0', PORT: '0' },
  });
  await rm(data, { recursive: true, force: true });
  const served = JSON.parse(stdout) as string[];
  const known = new Set([...doors.map((d) => d.route), ...elsewhere]);
  expect(served.filter((route) => !known.has(route))).toEqual([]);
  // HEAD comes with each GET.
  expect([...known].filter((route) => !served.includes(route) && !route.startsWith('HEAD '))).toEqual([]);
});

test('every door lets in whom its table names, and nobody else', async () => {
  const at = await prepare();
  const found: [string, string][] = [];
  for (const door of doors) found.push([`${door.route}${door.name ? ` (${door.name})` : ''}`, await rowOf(world.people, (person) => door.call(person, world, at), door.lastFirst)]);
  expect(tableOf(found)).toEqual(tableOf(doors.map((d) => [`${d.route}${d.name ? ` (${d.name})` : ''}`, d.expected])));
});

test('the list of studies has the shared one for those who may see it only', async () => {
  const found: string[] = [];
  for (const [who, person] of Object.entries(world.people)) {
    const answer = await person.ask('GET', '/dicomweb/studies?limit=1000');
    if (answer.text.includes(world.studyUid)) found.push(who);
  }
  // dr-c has it since dr-b stored it for his own house, above.
  expect(found).toEqual(['dr-a', 'dr-b', 'dr-c', 'coordinator-a', 'coordinator-b', 'patient-p', 'demo-system']);
});

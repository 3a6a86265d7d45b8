import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bundle, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storyPatient, tellStory } from '../support/case.ts';
import { faultsOf, patientsNamedIn } from '../support/privacy.ts';
import { parametersOf } from '../support/people.ts';
import { startServer, type RunningServer } from '../support/server.ts';
import { preparedData } from '../support/prepared-data.ts';

const disk = mkdtempSync(join(tmpdir(), 'bedside-disk-'));
chmodSync(disk, 0o711);
// Only root may make a disk that is small enough to fill, and not in every container.
const hasSmallDisk = process.getuid?.() === 0 && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=600m,mode=0711', 'tmpfs', disk]).status === 0;

let server: RunningServer | undefined;
beforeAll(async () => {
  if (!hasSmallDisk) return;
  const data = join(disk, 'data');
  execFileSync('cp', ['-a', await preparedData(join(import.meta.dirname, '../..')), data]);
  server = await startServer({ data });
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  if (hasSmallDisk) execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
});

test.skipIf(!hasSmallDisk)('a full disk is told as 503, leaves nothing half done, and is forgotten when there is room again (needs root for a small disk)', async () => {
  const running = server!;
  const a = await running.as('dr-a');
  const story = await tellStory(running, 'draft', { imaging: false });
  const ballast = join(disk, 'ballast');
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(ballast, Buffer.alloc(bavail * bsize - (1 << 20)));
  const text = 'x'.repeat(60_000);
  const acknowledged: string[] = [];
  const refused: string[] = [];
  for (let n = 0; n < 600 && refused.length < 5; n++) {
    const value = `full-${n}`;
    const answer = await a.ask('POST', '/fhir/Condition', { body: { resourceType: 'Condition', subject: { reference: storyPatient }, note: [{ text: text + String(Math.random()) }], identifier: [{ system: 'urn:test', value }] } });
    if (answer.status === 201) acknowledged.push(value);
    else refused.push(`${answer.status} ${faultsOf(answer).join()}`);
  }
  expect([...new Set(refused)]).toEqual(['503 ']);
  const size = 5_000_000;
  const metadata = `title ${Buffer.from('x').toString('base64')},filetype ${Buffer.from('text/plain').toString('base64')},patient ${Buffer.from('demo-patient-01').toString('base64')}`;
  const upload = await a.ask('POST', '/upload', { headers: { 'tus-resumable': '1.0.0', 'upload-length': String(size), 'upload-metadata': metadata } });
  expect([upload.status, faultsOf(upload)]).toEqual([503, []]);
  const action = await a.ask('POST', `/fhir/Task/${story.id}/$submit`, { body: parametersOf({}) });
  expect([200, 503]).toContain(action.status);
  expect((await a.ask('GET', '/healthz')).status).toBe(200);
  rmSync(ballast);
  await expect.poll(async () => (await a.ask('POST', '/fhir/Condition', { body: { resourceType: 'Condition', subject: { reference: storyPatient }, identifier: [{ system: 'urn:test', value: 'after' }] } })).status, { timeout: 60_000, interval: 500 }).toBe(201);
  const found = new Map<string, number>();
  for (const { resource } of (await a.fhir<Bundle>('GET', `Condition?patient=${storyPatient}&_count=1000&_elements=identifier`)).entry ?? []) {
    const value = (resource as { identifier?: { value?: string }[] }).identifier?.[0]?.value ?? '';
    found.set(value, (found.get(value) ?? 0) + 1);
  }
  expect(acknowledged.filter((value) => found.get(value) !== 1)).toEqual([]);
  expect([...found.keys()].filter((value) => value.startsWith('full-') && !acknowledged.includes(value))).toEqual([]);
  const task = await story.task();
  expect(task.status).toBe(action.status === 200 ? 'requested' : 'draft');
  if (task.status === 'draft') expect((await a.act<Task>(story.id, 'submit')).status).toBe('requested');
  expect((await a.ask('GET', '/readyz')).status).toBe(200);
  expect(patientsNamedIn(running.log())).toEqual([]);
  expect(await running.stop()).toBe(0);
  await running.start();
  expect((await story.task()).status).toBe('requested');
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bundle, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storyPatient, tellStory } from '../support/case.ts';
import { faultsOf, patientsNamedIn } from '../support/privacy.ts';
import { startServer, type RunningServer } from '../support/server.ts';

let server: RunningServer;
beforeAll(async () => { server = await startServer(); });
afterAll(async () => { await server?.[Symbol.asyncDispose](); });

/** Writes until told to stop. What was acknowledged must be there afterwards; of what was refused the answer must be clear. */
function keepWriting(tag: string): { acknowledged: Map<string, number>; refused: string[]; stop(): Promise<void> } {
  const acknowledged = new Map<string, number>();
  const refused: string[] = [];
  const run = { goesOn: true };
  const write = async (line: number): Promise<void> => {
    const a = await server.as('dr-a');
    for (let n = 0; run.goesOn; n++) {
      const value = `${tag}-${line}-${n}`;
      const condition = (text: string) => ({ resourceType: 'Condition', subject: { reference: storyPatient }, code: { text }, identifier: [{ system: 'urn:test', value }] });
      try {
        const made = await a.ask('POST', '/fhir', { body: { resourceType: 'Bundle', type: 'transaction', entry: [1, 2].map((i) => ({ resource: condition(`half ${i}`), request: { method: 'POST', url: 'Condition' } })) } });
        if (made.status === 200) acknowledged.set(value, 2);
        else refused.push(`${made.status} ${faultsOf(made).join()}`);
        if (made.status !== 200) await sleep(50);
      } catch {
        await sleep(50); // nobody is there
      }
    }
  };
  const all = [1, 2, 3, 4].map(write);
  return { acknowledged, refused, stop: async () => { run.goesOn = false; await Promise.all(all); } };
}

/** How often each identifier of the run is stored; a transaction is there wholly or not at all. */
async function stored(tag: string): Promise<Map<string, number>> {
  const a = await server.as('dr-a');
  const found = new Map<string, number>();
  let url: string | undefined = `Condition?patient=${storyPatient}&_count=1000`;
  while (url !== undefined) {
    const bundle: Bundle = await a.fhir<Bundle>('GET', url);
    for (const { resource } of bundle.entry ?? []) {
      const value = (resource as { identifier?: { value?: string }[] }).identifier?.[0]?.value ?? '';
      if (value.startsWith(`${tag}-`)) found.set(value, (found.get(value) ?? 0) + 1);
    }
    url = bundle.link?.find((l) => l.relation === 'next')?.url?.split('/fhir/')[1];
  }
  return found;
}

async function expectNothingLost(tag: string, run: ReturnType<typeof keepWriting>): Promise<void> {
  const found = await stored(tag);
  expect([...run.acknowledged].filter(([value, n]) => found.get(value) !== n)).toEqual([]);
  expect([...found].filter(([, n]) => n !== 2)).toEqual([]);
  expect(run.refused.filter((answer) => !/^503 $/.test(answer))).toEqual([]);
  expect(patientsNamedIn(server.log())).toEqual([]);
}

test('after kill -9 of the server in the middle of writes the next start is clean and all that was acknowledged is there', async () => {
  const story = await tellStory(server, 'applied', { imaging: false });
  for (const round of ['one', 'two']) {
    const run = keepWriting(round);
    await expect.poll(() => run.acknowledged.size, { timeout: 30_000 }).toBeGreaterThan(20);
    await server.kill();
    await run.stop();
    await server.start();
    expect(run.acknowledged.size).toBeGreaterThan(20);
    await expectNothingLost(round, run);
  }
  expect((await (await server.as('dr-b')).act<Task>(story.id, 'accept')).status).toBe('in-progress');
  expect(readdirSync(server.data).filter((name) => name.startsWith('server.lock.')).length).toBeLessThanOrEqual(2);
});

test('when PostgreSQL is killed under the server it says so, goes on by itself, and has lost nothing', async () => {
  const run = keepWriting('postgres');
  await expect.poll(() => run.acknowledged.size, { timeout: 30_000 }).toBeGreaterThan(20);
  const postmaster = Number(readFileSync(join(server.data, 'postgresql', 'cluster-18', 'postmaster.pid'), 'utf8').split('\n')[0]);
  process.kill(postmaster, 'SIGKILL');
  const before = run.acknowledged.size;
  await expect.poll(() => run.acknowledged.size, { timeout: 60_000 }).toBeGreaterThan(before + 20);
  await run.stop();
  await expectNothingLost('postgres', run);
  const ready = await server.nobody.ask('GET', '/readyz');
  expect(ready.status).toBe(200);
  // Who is suspended is heard of again, too: tokens are looked up, and sign-in works.
  expect((await server.signIn('coordinator-a')).access_token).toBeTruthy();
});

test('a stop asked for in the middle of writes ends in order', async () => {
  const run = keepWriting('stop');
  await expect.poll(() => run.acknowledged.size, { timeout: 30_000 }).toBeGreaterThan(5);
  expect(await server.stop()).toBe(0);
  await run.stop();
  await server.start();
  await expectNothingLost('stop', run);
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemContext, testRepository } from './testing.ts';
import { referenceValue, stringValues, tokenValues } from './params/values.ts';

// Skipped without BEDSIDE_TEST_DATA: the official R4 examples and Synthea patients are not part of the project.
const data = process.env['BEDSIDE_TEST_DATA'] ?? '';
const system = systemContext('north');
let setup: Awaited<ReturnType<typeof testRepository>>;

/** JSON with the digits of its numbers: 1.10 and 1.1 differ. */
const withDigits = (text: string): unknown => JSON.parse(text.replaceAll(/("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)/g, (_m, s: string | undefined, n: string | undefined) => s ?? `"#${n}"`));
const without = (value: unknown): unknown => {
  const { meta, id: _id, ...rest } = value as Record<string, unknown> & { meta?: Record<string, unknown> };
  const { versionId: _v, lastUpdated: _l, ...more } = meta ?? {};
  return { ...rest, meta: more };
};

describe.skipIf(data === '' || !existsSync(join(data, 'fhir/r4_examples')))('with the official examples and Synthea', () => {
  beforeAll(async () => { setup = await testRepository(); });
  afterAll(() => setup.close());

  test('every official R4 example goes in, is found by its parameters, and comes out equal to the last digit', async () => {
    const { repository } = setup;
    const folder = join(data, 'fhir/r4_examples');
    const files = readdirSync(folder).filter((f) => f.endsWith('.json'));
    expect(files.length).toBeGreaterThan(200);
    let searched = 0;
    for (const file of files) {
      const source = readFileSync(join(folder, file), 'utf8');
      const resource = JSON.parse(source) as Resource;
      const { id: _id, ...rest } = resource;
      const made = await repository.create(system, rest as Resource, { source });
      expect(without(withDigits((await repository.read(system, resource.resourceType, made.id)).text)), file).toEqual(without(withDigits(source)));
      if (resource.resourceType === 'AuditEvent') continue;
      for (const query of queriesFor(resource)) {
        const found = JSON.parse(await repository.search(system, resource.resourceType, `${query}&_id=${made.id}`)) as Bundle;
        expect(found.entry?.map((e) => e.resource?.id), `${file} ${query}`).toEqual([made.id]);
        searched++;
      }
    }
    expect(searched).toBeGreaterThan(1500);
  }, 120_000);

  test('Synthea patients load as transactions, and their observations are found newest first', async () => {
    const { repository } = setup;
    const folder = join(data, 'fhir/synthea');
    for (const file of readdirSync(folder).filter((f) => f.endsWith('.json')).slice(0, 6)) {
      const source = readFileSync(join(folder, file), 'utf8');
      const bundle = JSON.parse(source) as Bundle;
      if (bundle.type !== 'transaction') continue;
      const done = await repository.bundle(system, bundle, source);
      expect(done.entry).toHaveLength(bundle.entry!.length);
      const patientAt = bundle.entry!.findIndex((e) => e.resource?.resourceType === 'Patient');
      if (patientAt < 0) continue;
      const patientId = done.entry![patientAt]!.response!.location!.split('/')[1]!;
      const total = (JSON.parse(await repository.search(system, 'Observation', `patient=${patientId}&_summary=count`)) as Bundle).total;
      expect(total).toBe(bundle.entry!.filter((e) => e.resource?.resourceType === 'Observation').length);
      const weights = JSON.parse(await repository.search(system, 'Observation', `patient=${patientId}&code=http://loinc.org|29463-7&_sort=-date&_count=5`)) as Bundle;
      const dates = (weights.entry ?? []).map((e) => Date.parse((e.resource as { effectiveDateTime: string }).effectiveDateTime));
      expect(dates).toEqual([...dates].sort((a, b) => b - a));
      expect(done.entry!.some((e) => JSON.stringify(e).includes('urn:uuid'))).toBe(false);
    }
  }, 120_000);
});

/** One search for each parameter that has a value in the resource. */
function queriesFor(resource: Resource): string[] {
  const plan = setup.repository.store.plan(resource.resourceType);
  const queries: string[] = [];
  const add = (name: string, value: string): void => { queries.push(`${name}=${encodeURIComponent(value.replaceAll(/[\\,$|]/g, '\\$&'))}`); };
  for (const p of plan.params.values()) {
    if (p.storage === 'none' || p.storage === 'meta' || p.param.type === 'composite') continue;
    const values = p.sources.flatMap((s) => { const out: unknown[] = []; s.get(resource, resource, out); return out.map((v) => ({ type: s.type, v })); });
    const [first] = values;
    if (!first) continue;
    if (p.param.type === 'token') { const t = tokenValues(first.type, first.v).find((x) => x.code !== undefined); if (t) add(p.code, t.code!); }
    if (p.param.type === 'string') { const [s] = stringValues(first.type, first.v); if (s) add(p.code, s.slice(0, 40)); }
    if (p.param.type === 'reference' || p.param.type === 'uri') { const { target } = referenceValue(first.v); if (target) add(p.code, target); }
    if (p.param.type === 'date' && typeof first.v === 'string' && ['date', 'dateTime', 'instant'].includes(first.type)) add(p.code, first.v);
    if (p.param.type === 'quantity' && typeof (first.v as { value?: unknown }).value === 'number' && (first.v as { comparator?: unknown }).comparator === undefined) add(p.code, String((first.v as { value: number }).value));
  }
  return queries;
}

import type { MeasureReport } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { BedsideError } from '../../../kernel/index.ts';
import { testDatabase } from '../../../kernel/testing.ts';
import type { RequestContext } from '../../../security/policy/index.ts';
import { parameters, submitted, world, worldMigrations } from '../testing-world.ts';
import { statisticsOperation } from './evaluate.ts';

const figure = (report: MeasureReport, code: string): number | undefined => report.group?.find((g) => g.code?.coding?.[0]?.code === code)?.measureScore?.value;
const strata = (report: MeasureReport, code: string): Record<string, number | undefined> =>
  Object.fromEntries(report.group?.find((g) => g.code?.coding?.[0]?.code === code)?.stratifier?.[0]?.stratum?.map((s) => [s.value?.text ?? '', s.measureScore?.value]) ?? []);

test('figures are counted from what happened, for the institution of whoever asks', async () => {
  await using db = await testDatabase(worldMigrations);
  const w = await world(db);
  const operation = statisticsOperation(db, (id) => (id === 'consultations' ? 'teleconsultation' : undefined));
  const ask = async (ctx: RequestContext, query = ''): Promise<MeasureReport> => await operation.run(ctx, { id: 'consultations', query: new URLSearchParams(query) }) as MeasureReport;

  const [held, waiting] = [await submitted(w, ['b']), await submitted(w, ['c'])];
  await w.engine.perform(w.drb, held, 'accept', undefined);
  await w.engine.perform(w.drb, held, 'propose-time', parameters({ name: 'start', valueDateTime: '2026-03-02T10:00:00Z' }));
  await w.engine.perform(w.dra, held, 'agree-time', undefined);
  w.clock.set('2026-03-02T10:00:00Z');
  await w.engine.perform(w.drb, held, 'open-session', undefined);
  w.clock.set('2026-03-02T10:25:00Z');
  await w.engine.perform(w.drb, held, 'end-session', undefined);

  const mine = await ask(w.dra, 'groupBy=expert');
  expect([figure(mine, 'number'), figure(mine, 'waiting-time'), figure(mine, 'duration'), figure(mine, 'score')]).toEqual([2, 120, 25, undefined]);
  expect(strata(mine, 'number')).toEqual({ '': 1, 'PractitionerRole/b': 1 });
  expect(strata(await ask(w.drb, 'groupBy=state'), 'number')).toEqual({ held: 1 });
  expect(figure(await ask(w.dra, 'periodStart=2026-04-01'), 'number')).toBe(0);
  await expect(ask(w.patient)).rejects.toBeInstanceOf(BedsideError);
  await expect(ask(w.dra, 'groupBy=patient')).rejects.toMatchObject({ code: 'wrong-stratum' });
  expect(waiting).not.toBe(held);
});

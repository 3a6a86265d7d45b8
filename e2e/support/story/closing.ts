/** Step 7: rating, follow-up, closing, figures; and what all of it is in FHIR. */
import type { Appointment, AuditEvent, Bundle, CarePlan, Composition, Consent, DiagnosticReport, DocumentManifest, Encounter, MeasureReport, Provenance, QuestionnaireResponse, Resource, Task } from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { patientName } from './record.ts';
import { act, go, stands, tab } from './screens.ts';
import type { World } from './world.ts';

const todo = 'Biopsy guided by CT';

export async function closeCase(world: World, a: Page, caseId: string): Promise<void> {
  await a.goto(`${world.server.url}/cases/${caseId}`);
  await tab(a, 'Follow-up');
  const panel = a.getByRole('tabpanel', { name: 'Follow-up' });
  await a.getByRole('radio', { name: '5 of 5' }).focus();
  await a.keyboard.press('Space');
  await a.getByLabel('Comment').fill('Clear and quick.');
  await panel.getByRole('button', { name: 'Rate' }).click();
  await a.getByText('Clear and quick.').last().waitFor();
  await a.getByLabel('What is to be done?').fill(todo);
  const due = new Date(Date.now() + 10 * 86_400_000);
  await panel.getByLabel('Until').fill(due.toISOString().slice(0, 10));
  await a.getByRole('button', { name: new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(due), exact: true }).click();
  await world.look(a, 'follow-up');
  await panel.getByRole('button', { name: 'Plan follow-up' }).click();
  await a.getByRole('listitem').filter({ hasText: todo }).getByText(/^until /).waitFor();
  await go(a, 'Follow-up');
  await a.getByRole('link', { name: new RegExp(todo) }).getByText(patientName).waitFor();
  await world.look(a, 'due');
  await a.getByRole('link', { name: new RegExp(todo) }).click();
  await act(a, 'Close the consultation');
  await stands(a, 'Closed');
  await world.look(a);
}

/** Number, waiting time, duration and score, as pictures with a table behind them. */
export async function readFigures(world: World, a: Page): Promise<void> {
  await go(a, 'Statistics');
  for (const heading of ['Consultations', 'Mean waiting time', 'Mean duration', 'Mean score']) await a.getByRole('heading', { name: heading, exact: true }).waitFor();
  const table = a.getByRole('table', { name: 'Table' });
  for (const grouping of ['Expert', 'Department', 'Institution']) {
    await a.getByRole('combobox', { name: 'By' }).click();
    await a.getByRole('option', { name: grouping, exact: true }).click();
    await table.getByRole('columnheader', { name: grouping }).waitFor();
    await table.getByRole('row', { name: /5/ }).first().waitFor();
  }
  await world.look(a, 'statistics');
  const reader = await world.server.as('dr-a');
  const year = new Date().getUTCFullYear();
  const report = await reader.fhir<MeasureReport>('GET', `Measure/consultations/$evaluate-measure?periodStart=${year}-01-01&periodEnd=${year}-12-31&groupBy=expert`);
  const value = (code: string): number | undefined => report.group?.find((one) => one.code?.coding?.some((coding) => coding.code === code))?.measureScore?.value;
  expect(value('number')).toBeGreaterThanOrEqual(1);
  expect(value('score')).toBe(5);
  expect(value('waiting-time')).toBeGreaterThan(0);
  expect(value('duration')).toBeGreaterThan(0);
}

/** The resources behind the story, read over /fhir. */
export async function readResources(world: World, caseId: string): Promise<void> {
  const a = await world.server.as('dr-a');
  const all = async <T extends Resource>(search: string): Promise<T[]> => ((await a.fhir<Bundle>('GET', search)).entry ?? []).map((entry) => entry.resource as T);
  const task = await a.fhir<Task>('GET', `Task/${caseId}`);
  const linked = (side: 'input' | 'output', code: string): string[] => (task[side] ?? []).filter((one) => one.type.coding?.[0]?.code === code).map((one) => one.valueReference!.reference!);
  const read = <T extends Resource>(references: readonly string[]): Promise<T[]> => Promise.all(references.map((one) => a.fhir<T>('GET', one)));
  const tag = `_tag=urn:bedside:case|${caseId}`;
  const region = (name: string): string | undefined => task.businessStatus?.coding?.find((one) => one.system === name)?.code;
  expect(task.status).toBe('completed');
  expect(region('urn:bedside:state')).toBe('closed');
  expect(region('urn:bedside:state:report')).toBe('published');

  const reports = await read<DiagnosticReport>(linked('output', 'report'));
  expect(reports.map((one) => one.status)).toEqual(['final', 'corrected']);
  for (const one of reports) expect(one.presentedForm?.map((form) => form.contentType)).toEqual(['application/pdf', 'application/pdf']);
  const texts = await read<Composition>(linked('output', 'composition'));
  expect(texts.map((one) => one.status)).toEqual(['final', 'amended']);
  expect(texts[1]?.relatesTo).toEqual([{ code: 'replaces', targetReference: { reference: `Composition/${texts[0]!.id}` } }]);
  // The author sees every version that was saved; the doctor who asked, what was published.
  const versionsFor = async (reader: typeof a): Promise<(string | undefined)[]> => (await reader.fhir<Bundle>('GET', `Composition/${texts[0]!.id}/_history`)).entry!.map((entry) => (entry.resource as Composition).status);
  const written = await versionsFor(await world.server.as('dr-b'));
  expect(written[0]).toBe('final');
  expect(written.filter((status) => status === 'preliminary').length).toBeGreaterThanOrEqual(2);
  expect(await versionsFor(a)).not.toContain('preliminary');

  const steps = await all<Provenance>(`Provenance?target=Task/${caseId}&_count=200`);
  const signatures = steps.filter((one) => one.activity?.coding?.[0]?.code === 'sign-report');
  expect(signatures).toHaveLength(2);
  for (const one of signatures) expect(one.signature).toHaveLength(2);
  const [encounter] = await read<Encounter>(linked('output', 'session'));
  expect(encounter).toMatchObject({ status: 'finished', class: { code: 'VR' } });
  const consents = await all<Consent>(`Consent?patient=demo-patient-01&${tag}`);
  const [appointment] = await read<Appointment>(linked('output', 'appointment'));
  expect(appointment?.status).toBe('booked');
  const packages = await read<DocumentManifest>(linked('input', 'package'));
  expect(packages.length).toBeGreaterThanOrEqual(1);
  for (const one of packages) for (const item of one.related ?? []) expect(item.identifier).toMatchObject({ system: 'urn:bedside:sha256', value: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  const [evaluation] = await read<QuestionnaireResponse>(linked('output', 'evaluation'));
  expect(evaluation?.item?.find((one) => one.linkId === 'score')?.answer).toEqual([{ valueInteger: 5 }]);
  const [plan] = await read<CarePlan>(linked('output', 'care-plan'));
  expect(plan?.status).toBe('active');
  if (encounter?.participant) {
    for (const one of encounter.participant) expect(one.period).toMatchObject({ start: expect.any(String) as string, end: expect.any(String) as string });
    if (encounter.participant.length > 0) expect(consents.map((one) => one.status)).toEqual(['active']);
  }
  const administrator = await world.server.as('admin-a');
  const events = (await administrator.fhir<Bundle>('GET', 'AuditEvent?entity=Patient/demo-patient-01&_count=50')).entry ?? [];
  expect(events.length).toBeGreaterThan(5);
  for (const entry of events) expect((entry.resource as AuditEvent).agent[0]?.who).toBeDefined();
}

/** Brings a teleconsultation over HTTP to the state that a test needs, as the people of the demonstration network. */
import type { Bundle, Composition, DiagnosticReport, DocumentReference, ImagingStudy, Parameters, QuestionnaireResponse, Slot, Task } from '@medplum/fhirtypes';
import { demoAccounts } from '../../server/src/demo/index.ts';
import type { RunningServer } from './server.ts';

export const storyStates = ['draft', 'applied', 'accepted', 'agreed', 'open', 'ended', 'written', 'signed', 'published'] as const;
export type StoryState = (typeof storyStates)[number];

/** `PractitionerRole/x` of an account. */
export const roleOf = (login: string): string => demoAccounts.find((a) => a.login === login)!.memberships[0]!.practitionerRoles![0]!;
export const storyPatient = 'Patient/demo-patient-01';

export const filledForm = (urgency: 'routine' | 'urgent' = 'urgent'): QuestionnaireResponse => ({
  resourceType: 'QuestionnaireResponse', status: 'in-progress',
  item: [
    { linkId: 'reason', answer: [{ valueString: 'Breathless on the stairs' }] },
    { linkId: 'urgency', answer: [{ valueCoding: { system: 'http://hl7.org/fhir/request-priority', code: urgency } }] },
    { linkId: 'question', answer: [{ valueString: 'Is this embolism?' }] },
    { linkId: 'specialty', answer: [{ valueCoding: { system: 'urn:bedside:specialty', code: 'pulmonology' } }] },
  ],
});

export const writtenReport = (text = 'Nothing that hurries.'): Composition => ({
  resourceType: 'Composition', status: 'preliminary', type: {}, date: '2026-01-01', author: [{ display: 'x' }], title: 'Report',
  section: ['findings', 'opinion', 'recommendations', 'plain-language'].map((code) => ({ code: { coding: [{ code }] }, text: { status: 'additional', div: `<div xmlns="http://www.w3.org/1999/xhtml">${code}: ${text}</div>` } })),
});

export interface Story {
  readonly id: string;
  /** `DocumentReference/x` and `ImagingStudy/y` on the desk. */
  readonly materials: readonly string[];
  /** The case as it is now, read as its inviter. */
  task(): Promise<Task>;
}

export const firstOf = <T>(bundle: Bundle): T => {
  const resource = bundle.entry?.[0]?.resource;
  if (!resource) throw new Error('The search found nothing.');
  return resource as T;
};

/**
 * @param to the last state to reach.
 * @param options `experts`: who is invited (the first one goes on with the case), default dr-b; `imaging`: whether a study is sent along.
 */
export async function tellStory(server: RunningServer, to: StoryState, options: { readonly experts?: readonly string[]; readonly inviter?: string; readonly patient?: string; readonly imaging?: boolean } = {}): Promise<Story> {
  const inviter = await server.as(options.inviter ?? 'dr-a');
  const experts = options.experts ?? ['dr-b'];
  const patient = options.patient ?? storyPatient;
  const is = (state: StoryState): boolean => storyStates.indexOf(to) >= storyStates.indexOf(state);
  const { id } = await inviter.fhir<Task>('POST', 'Task/$open-case', { resourceType: 'Parameters', parameter: [{ name: 'application', valueCode: 'teleconsultation' }, { name: 'patient', valueReference: { reference: patient } }] }) as Task & { id: string };
  await inviter.act(id, 'save-form', { form: filledForm() });
  const document = firstOf<DocumentReference>(await inviter.fhir<Bundle>('GET', `DocumentReference?patient=${patient}&_count=1`));
  const materials = [`DocumentReference/${document.id}`];
  if (options.imaging ?? true) materials.push(`ImagingStudy/${firstOf<ImagingStudy>(await inviter.fhir<Bundle>('GET', `ImagingStudy?patient=${patient}&modality=CT&_count=1`)).id}`);
  for (const item of materials) await inviter.act(id, 'add-material', { item: { reference: item }, class: item.startsWith('Imaging') ? 'imaging' : 'document' });
  for (const login of experts) await inviter.act(id, 'invite', { expert: { reference: roleOf(login) } });
  const story: Story = { id, materials, task: () => inviter.fhir<Task>('GET', `Task/${id}`) };
  if (is('applied')) await inviter.act(id, 'submit');
  if (!is('accepted')) return story;
  const expert = await server.as(experts[0]!);
  await expert.act(id, 'accept', { message: 'Gladly.' });
  if (is('agreed')) {
    const start = new Date(Math.ceil(Date.now() / 60_000) * 60_000 + 60_000 + nextMinutes() * 60_000);
    await expert.act(id, 'propose-time', { start: start.toISOString(), minutes: 5 });
    await inviter.act(id, 'agree-time');
  }
  if (is('open')) await inviter.act(id, 'open-session');
  if (is('ended')) await expert.act(id, 'end-session');
  if (is('written')) await expert.act(id, 'write-report', { composition: writtenReport() });
  if (is('signed')) await expert.act(id, 'sign-report', { code: await server.totp(experts[0]!) });
  if (is('published')) await expert.act(id, 'publish-report');
  return story;
}

/** Times of the stories of one test run lie one after the other, so that nobody is booked twice. */
const counter = { stories: 0 };
const nextMinutes = (): number => counter.stories++ * 6;

/** All reports of a case that this person sees. */
export const reportsOf = (bundle: Bundle): DiagnosticReport[] => (bundle.entry ?? []).map((e) => e.resource as DiagnosticReport).filter((r) => r.resourceType === 'DiagnosticReport');

export const freeSlot = async (server: RunningServer, login: string): Promise<Slot> =>
  firstOf<Slot>(await (await server.as('dr-a')).fhir<Bundle>('GET', `Slot?schedule.actor=${roleOf(login)}&status=free&start=ge${new Date(Date.now() + 86_400_000).toISOString()}&_sort=start&_count=1`));

/** A string of a Parameters answer. */
export const valueOf = (parameters: Parameters, name: string): string | undefined => parameters.parameter?.find((p) => p.name === name)?.valueString;

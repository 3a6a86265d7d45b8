import type { Bundle, DiagnosticReport, ImagingStudy, Parameters } from '@medplum/fhirtypes';
import { firstOf, reportsOf, storyPatient, tellStory, valueOf, type Story } from '../support/case.ts';
import { startServer, type RunningServer } from '../support/server.ts';
import { signInEverybody, type Everybody } from './who.ts';

export interface AccessWorld {
  readonly server: RunningServer;
  readonly people: Everybody;
  /** Published, evaluated and closed: no action is open any more, so that trying them all changes nothing. */
  readonly closed: Story;
  /** Signed and not published. */
  readonly signed: Story;
  /** The session is open. */
  readonly open: Story;
  readonly draft: Story;
  /** The study of the story's patient, sent along with the cases. */
  readonly study: ImagingStudy & { id: string };
  readonly studyUid: string;
  /** What the report of `closed` and of `signed` is as PDF: `Binary/x`. */
  readonly publishedPdfs: readonly string[];
  readonly signedPdfs: readonly string[];
}

const pdfsOf = (report: DiagnosticReport): string[] => (report.presentedForm ?? []).map((f) => f.url!);

export async function openWorld(): Promise<AccessWorld> {
  const server = await startServer();
  try {
    const [a, b] = [await server.as('dr-a'), await server.as('dr-b')];
    const closed = await tellStory(server, 'published');
    await a.act(closed.id, 'evaluate', { evaluation: { resourceType: 'QuestionnaireResponse', status: 'completed', item: [{ linkId: 'score', answer: [{ valueInteger: 5 }] }] } });
    await a.act(closed.id, 'close');
    const signed = await tellStory(server, 'signed');
    const open = await tellStory(server, 'open');
    const draft = await tellStory(server, 'draft');
    const link = valueOf(await a.act<Parameters>(open.id, 'invite-patient'), 'url')!;
    const study = firstOf<ImagingStudy & { id: string }>(await a.fhir<Bundle>('GET', `ImagingStudy?patient=${storyPatient}&modality=CT&_count=1`));
    return {
      server, people: await signInEverybody(server, link), closed, signed, open, draft, study, studyUid: study.identifier!.find((i) => i.system === 'urn:dicom:uid')!.value!.replace('urn:oid:', ''),
      publishedPdfs: reportsOf(await b.fhir<Bundle>('GET', `Task/${closed.id}/$case`)).flatMap(pdfsOf),
      signedPdfs: reportsOf(await b.fhir<Bundle>('GET', `Task/${signed.id}/$case`)).flatMap(pdfsOf),
    };
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

import type { Composition, DiagnosticReport } from '@medplum/fhirtypes';
import type { CaseView } from '../case.ts';

/** A published report: the signed files and the text that they were made of. */
export interface PublishedReport { readonly number: number; readonly report: DiagnosticReport; readonly composition: Composition }

const published = (status: string | undefined): boolean => status === 'final' || status === 'amended' || status === 'corrected';

/** What was published, the newest first. A correction that is being written or only signed is not among them. */
export function publishedReports({ reports, compositions }: Pick<CaseView, 'reports' | 'compositions'>): PublishedReport[] {
  const texts = compositions.filter((one) => published(one.status));
  return reports.filter((one) => published(one.status)).flatMap((report, index) => {
    const composition = texts[index];
    return composition ? [{ number: index + 1, report, composition }] : [];
  }).reverse();
}

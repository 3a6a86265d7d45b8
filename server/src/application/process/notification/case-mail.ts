import type { Patient, Practitioner } from '@medplum/fhirtypes';
import { isLanguage, type Database, type JobHandler, type Jobs } from '../../../kernel/index.ts';
import type { FhirRepository } from '../../../resource/fhir/contract.ts';
import type { RequestContext } from '../../../security/policy/index.ts';
import type { ProcessEngine } from '../engine.ts';
import { parseReference } from '../vocabulary.ts';
import { deliverMail, isMailCode, type DeliveryDeps, type NoticeMail } from './mail/index.ts';

/** An account that is to hear of something. */
export interface MailReader { readonly accountId: string; readonly locale: string; readonly timeZone: string; readonly profile?: string }

export interface CaseMailDeps {
  readonly db: Database;
  readonly repository: FhirRepository;
  readonly engine: ProcessEngine;
  readonly jobs: Jobs;
  readonly delivery: DeliveryDeps;
  readonly system: () => RequestContext;
  readonly readersOf: (references: readonly string[]) => Promise<readonly MailReader[]>;
  /** Address of a case's page. */
  readonly linkOf: (caseId: string) => string;
}

interface CaseMail { readonly notice: string; readonly code: string; readonly caseId: string; readonly number: string; readonly to: readonly string[]; readonly calendar?: 'request' | 'cancel' }
type Queued = Omit<NoticeMail, 'meeting'> & { readonly meeting?: { readonly appointmentId: string; readonly sequence: number; readonly start: string; readonly end: string; readonly otherTimeZones: readonly string[] } };

/**
 * Turns a notice into mails: the first job finds the readers, their addresses, languages and zones, and leaves one job per mail, so that one
 * dead address does not hold up or repeat the others.
 */
export function mailJobs(deps: CaseMailDeps): JobHandler[] {
  const addressOf = async (profile: string | undefined): Promise<string | undefined> => {
    const at = parseReference(profile);
    if (!at) return undefined;
    const person = JSON.parse((await deps.repository.read(deps.system(), at.type, at.id)).text) as Practitioner | Patient;
    return person.telecom?.find((t) => t.system === 'email')?.value;
  };

  const spread = async ({ notice, code, caseId, number, to, calendar }: CaseMail): Promise<void> => {
    if (!isMailCode(code)) return;
    const readers = await deps.readersOf(to);
    const c = await deps.engine.load(deps.system(), caseId);
    const a = c.appointment;
    for (const reader of readers) {
      const address = await addressOf(reader.profile);
      if (!address) continue;
      const mail: Queued = {
        id: `Communication/${notice}/${reader.accountId}`, code, to: address, language: isLanguage(reader.locale.split('-')[0]) ? reader.locale.split('-')[0] as NoticeMail['language'] : 'en',
        timeZone: reader.timeZone, caseNumber: number, link: deps.linkOf(caseId), ...(calendar ? { calendar } : {}),
        ...(a?.start && a.end && a.id ? {
          meeting: { appointmentId: a.id, sequence: Number(a.meta?.versionId ?? 1), start: a.start, end: a.end, otherTimeZones: [...new Set(readers.map((r) => r.timeZone))].filter((z) => z !== reader.timeZone) },
        } : {}),
      };
      await deps.db.transaction((tx) => deps.jobs.enqueue(tx, 'mail', mail, { key: mail.id }));
    }
  };
  const send = async ({ meeting, ...mail }: Queued): Promise<void> => {
    await deliverMail(deps.delivery, { ...mail, ...(meeting ? { meeting: { ...meeting, start: new Date(meeting.start), end: new Date(meeting.end) } } : {}) });
  };
  return [
    { name: 'case-mail', run: (data) => spread(data as CaseMail) },
    { name: 'mail', retries: 40, run: (data) => send(data as Queued) },
  ];
}

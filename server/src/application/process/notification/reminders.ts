import type { Task } from '@medplum/fhirtypes';
import { BedsideError, idFrom, type Clock, type JobHandler, type Jobs } from '../../../kernel/index.ts';
import type { FhirRepository, FhirTransaction } from '../../../resource/fhir/contract.ts';
import type { RequestContext } from '../../../security/policy/index.ts';
import { meeting } from '../blocks/time.ts';
import type { ApplicationDefinition, Notice } from '../definition.ts';
import { loadCase, readIfVisible } from '../load.ts';
import { codeIn, systems } from '../vocabulary.ts';
import { writeNotice } from '../write.ts';

export interface ReminderDeps {
  readonly repository: FhirRepository;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly definitions: readonly ApplicationDefinition[];
  /** The server itself, in whose name reminders are written. */
  readonly system: () => RequestContext;
}

async function remind(deps: ReminderDeps, fhir: FhirTransaction, caseId: string, key: string, noticeOf: (c: Awaited<ReturnType<typeof loadCase>>) => Notice | undefined): Promise<void> {
  const id = idFrom(`reminder ${key}`); // one per job, so that one that runs again reminds nobody twice
  if (await readIfVisible(fhir, `Communication/${id}`)) return;
  const c = await loadCase(fhir, caseId, true);
  const definition = deps.definitions.find((d) => d.code === codeIn(c.task.code, systems.application));
  const notice = noticeOf(c);
  if (!definition || !notice) return;
  await writeNotice({ fhir, jobs: deps.jobs, case: c, definition, now: deps.clock.now(), newId: () => id }, notice);
}

/** Gone cases need no reminder; anything else is tried again. */
const unlessGone = (work: () => Promise<void>): Promise<void> => work().catch((error: unknown) => {
  if (!(error instanceof BedsideError) || (error.kind !== 'not-found' && error.kind !== 'gone')) throw error;
});

/** The durable jobs that remind of a session and of a follow-up that is due. They look at the case as it is when they run. */
export function reminderJobs(deps: ReminderDeps): JobHandler[] {
  const within = (work: (fhir: FhirTransaction) => Promise<void>): Promise<void> => unlessGone(() => deps.repository.transaction(deps.system(), work, { byEngine: true }));
  const session: JobHandler<{ caseId: string; minutes: number; start: string }> = {
    name: 'case-reminder',
    run: ({ caseId, minutes, start }) => within((fhir) => remind(deps, fhir, caseId, `${caseId} ${start} ${minutes}`, (c) =>
      (c.states.request === 'accepted' && c.states.time === 'agreed' && c.states.session === 'none' && c.appointment?.start === start && Date.parse(start) > deps.clock.now().getTime()
        ? { code: 'reminder', to: [...meeting(c), `Patient/${c.patient.id}`], mail: {} } : undefined))),
  };
  const followUp: JobHandler<{ caseId: string; task: string }> = {
    name: 'follow-up-reminder',
    run: ({ caseId, task }) => within((fhir) => remind(deps, fhir, caseId, `follow-up ${task}`, (c) => {
      const due = c.followUps.find((t: Task) => t.id === task && t.status === 'requested');
      return due && { code: 'follow-up-due', to: [due.owner?.reference ?? '', `Patient/${c.patient.id}`], text: due.description ?? '' };
    })),
  };
  return [session as JobHandler, followUp as JobHandler];
}

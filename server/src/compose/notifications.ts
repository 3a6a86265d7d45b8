import { join } from 'node:path';
import { mailJobs, openMailTransport, reminderJobs } from '../application/process/notification/index.ts';
import type { ProcessEngine } from '../application/process/index.ts';
import type { JobHandler } from '../kernel/index.ts';
import type { OpenFhirRepository } from '../resource/fhir/index.ts';
import { definitions } from './case-services.ts';
import type { Foundation } from './foundation.ts';
import { recipientsOf } from './recipients.ts';
import { systemContext } from './system.ts';

/** Handlers of all durable jobs: mails and reminders. */
export function jobHandlers(foundation: Foundation, deps: { repository: OpenFhirRepository; engine: ProcessEngine; url: string }): JobHandler[] {
  const { db, clock, jobs, settings } = foundation;
  const system = () => systemContext(clock);
  const sender = /<([^>]+)>/.exec(settings.MAIL_FROM)?.[1] ?? settings.MAIL_FROM;
  const transport = openMailTransport({ smtpUrl: settings.SMTP_URL, from: settings.MAIL_FROM, outboxFolder: join(settings.BEDSIDE_DATA, 'outbox') });
  return [
    ...reminderJobs({ repository: deps.repository, jobs, clock, definitions, system }),
    ...mailJobs({
      db, repository: deps.repository, engine: deps.engine, jobs, system, delivery: { db, transport, clock, organizer: { name: 'Bedside', email: sender } },
      readersOf: (references) => recipientsOf(db, references), linkOf: (caseId) => `${deps.url}/cases/${caseId}`,
    }),
  ];
}

import { latinName, patients } from '../../server/src/demo/people/patients.ts';
import type { Answer } from './people.ts';

const names = patients.flatMap((p) => latinName(p).split(' ')).filter((word) => word.length > 4);

/** Lines of a server's log that name a patient. What it prints for people (the table of demonstration accounts) is no log. */
export const patientsNamedIn = (log: string): string[] =>
  log.split('\n').filter((line) => line.startsWith('{') && names.some((name) => line.includes(name)));

/** What is wrong with the answer to something that went wrong: it has no stable code, or tells what it should not. */
export function faultsOf(answer: Pick<Answer, 'status' | 'text' | 'code'>): string[] {
  const faults: string[] = [];
  if (answer.status < 400) faults.push(`status ${answer.status}`);
  if (!/^[a-z][a-z0-9._-]{2,60}$/.test(answer.code ?? '')) faults.push(`code ${String(answer.code)}`);
  if (/\n\s+at |node_modules|\.ts:\d+/.test(answer.text)) faults.push('a stack trace');
  if (names.some((name) => answer.text.includes(name))) faults.push('a name of a patient');
  return faults;
}

import type { Answer, Person } from '../support/people.ts';
import type { RunningServer } from '../support/server.ts';

/** Everybody who comes to a door, in the order of the columns of the tables. */
export const everybody = ['dr-a', 'dr-b', 'dr-c', 'dr-d', 'coordinator-a', 'coordinator-b', 'admin-a', 'network', 'patient-p', 'patient-q', 'demo-system', 'guest', 'nobody'] as const;
export type Who = (typeof everybody)[number];
export type Everybody = Readonly<Record<Who, Person>>;

/**
 * How a door answered. `+` it opened (2xx, 3xx); `-` refused (401, 403); `0` there is nothing for this person (404, 410); `e` let in, and
 * then the request itself was found wrong or out of turn (400, 409, 412, 415, 422, 429): whoever gets this has the right.
 */
export type Class = '+' | '-' | '0' | 'e' | '!';
export function classOf({ status }: Pick<Answer, 'status'>): Class {
  if (status < 400) return '+';
  if (status === 401 || status === 403) return '-';
  if (status === 404 || status === 410) return '0';
  return status < 500 ? 'e' : '!';
}

export async function signInEverybody(server: RunningServer, guestLink: string): Promise<Everybody> {
  const entries: [Who, Person][] = [];
  for (const who of everybody) {
    if (who === 'nobody') entries.push([who, server.nobody]);
    else if (who === 'guest') entries.push([who, await server.byLink(guestLink)]);
    else entries.push([who, who === 'demo-system' ? await server.system() : await server.as(who)]);
  }
  return Object.fromEntries(entries) as Record<Who, Person>;
}

/** A row of a table: the classes of everybody, one character each, in the order of `everybody`. */
export async function rowOf(people: Everybody, call: (person: Person, who: Who) => Promise<Pick<Answer, 'status'>>, lastFirst = false): Promise<string> {
  const classes = new Map<Who, Class>();
  for (const who of lastFirst ? everybody.toReversed() : everybody) classes.set(who, classOf(await call(people[who], who)));
  return everybody.map((who) => classes.get(who)).join('');
}

/** A table as text, so that a difference is shown as the line that differs. */
export const tableOf = (rows: Iterable<readonly [string, string]>): string[] => [...rows].map(([name, row]) => `${row} ${name}`).toSorted((x, y) => x.slice(everybody.length).localeCompare(y.slice(everybody.length)));

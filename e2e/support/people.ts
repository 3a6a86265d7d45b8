import { setTimeout as sleep } from 'node:timers/promises';
import type { OperationOutcome, Resource } from '@medplum/fhirtypes';
import { demoAccounts, type DemoAccount } from '../../server/src/demo/index.ts';
import { readTotpSecret } from '../../server/src/security/authorization/index.ts';
import { createJar, discover, signIn, stepOf, totpCode, type Jar, type Tokens } from '../../server/src/security/authentication/testing-browser.ts';

/** An answer, read to its end. `json` is the body when it is JSON, else undefined. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
  /** Code of the error: of the OperationOutcome (`details.coding`) or of the problem. */
  readonly code: string | undefined;
}

export interface AskOptions {
  /** A resource or other value is sent as JSON; bytes and text as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Somebody (or nobody) at the server's doors. */
export interface Person {
  readonly login: string;
  /** A token that is good now; undefined for nobody. Renewed by the refresh token when it is old. */
  token(): Promise<string | undefined>;
  /** Any door: `ask('GET', '/dicomweb/studies')`. */
  ask(method: string, path: string, options?: AskOptions): Promise<Answer>;
  /** A FHIR interaction that must succeed: `fhir<Patient>('GET', 'Patient/x')`. @throws with the outcome otherwise. */
  fhir<T = Resource>(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<T>;
  /** An action of a case that must succeed: `act(caseId, 'withdraw', { reason: 'healed' })`. */
  act<T = Resource>(caseId: string, action: string, input?: Readonly<Record<string, unknown>>, headers?: Readonly<Record<string, string>>): Promise<T>;
}

export interface People {
  /** One of the demonstration accounts, signed in by password and authenticator through the code flow; signed in once and then kept. */
  as(login: string): Promise<Person>;
  /** The same as a new sign-in, with its tokens, as another device would. */
  signIn(login: string): Promise<Tokens>;
  /** `demo-system`, by its client credentials. */
  system(): Promise<Person>;
  /** Somebody who came by a link: uses it in a new browser. */
  byLink(url: string): Promise<Person>;
  readonly nobody: Person;
  /** An authenticator code of the account that was not used yet; waits for the next one when all that count now are used (up to 30 s). */
  totp(login: string): Promise<string>;
}

const parameterOf = (name: string, value: unknown): unknown[] => {
  if (Array.isArray(value)) return value.flatMap((v) => parameterOf(name, v));
  switch (typeof value) {
    case 'boolean': return [{ name, valueBoolean: value }];
    case 'number': return [{ name, valueInteger: value }];
    case 'string': return [{ name, valueString: value }];
    default: {
      if (value !== null && typeof value === 'object' && 'resourceType' in value) return [{ name, resource: value }];
      if (value !== null && typeof value === 'object' && 'reference' in value) return [{ name, valueReference: value }];
      return [{ name, part: Object.entries(value ?? {}).flatMap(([key, v]) => parameterOf(key, v)) }];
    }
  }
};

/** A Parameters resource: strings, numbers, booleans, `{ reference }`, resources, lists of them, and objects as parts. */
export const parametersOf = (input: Readonly<Record<string, unknown>>): unknown =>
  ({ resourceType: 'Parameters', ...(Object.keys(input).length > 0 ? { parameter: Object.entries(input).flatMap(([name, value]) => parameterOf(name, value)) } : {}) });

function errorCode(json: unknown): string | undefined {
  const body = json as (Partial<OperationOutcome> & { code?: unknown; title?: unknown; error?: unknown }) | undefined;
  if (body?.resourceType === 'OperationOutcome') return body.issue?.[0]?.details?.coding?.[0]?.code ?? body.issue?.[0]?.code;
  const code = body?.code ?? body?.error;
  return typeof code === 'string' ? code : undefined;
}

export async function readAnswer(answer: Response): Promise<Answer> {
  const text = Buffer.from(await answer.arrayBuffer()).toString('utf8');
  let json: unknown;
  if (/json/.test(answer.headers.get('content-type') ?? '')) {
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
  }
  return { status: answer.status, headers: answer.headers, text, json, code: answer.status < 400 ? undefined : errorCode(json) };
}

function personOf(url: string, login: string, token: () => Promise<string | undefined>): Person {
  const ask: Person['ask'] = async (method, path, options = {}) => {
    const bearer = await token();
    const { body } = options;
    const raw = body === undefined || typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream;
    return readAnswer(await fetch(`${url}${path}`, {
      method, redirect: 'manual', ...(options.signal ? { signal: options.signal } : {}), ...(body === undefined ? {} : { body: (raw ? body : JSON.stringify(body)) as BodyInit }),
      headers: { ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }), ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }), ...options.headers },
    }));
  };
  const fhir = async <T>(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<T> => {
    const answer = await ask(method, `/fhir/${path}`, { ...(body === undefined ? {} : { body }), ...(headers ? { headers } : {}) });
    if (answer.status >= 400) throw new Error(`${login}: ${method} ${path} was answered ${answer.status} ${answer.text.slice(0, 600)}`);
    return answer.json as T;
  };
  return { login, token, ask, fhir, act: (caseId, action, input = {}, headers) => fhir('POST', `Task/${caseId}/$${action}`, parametersOf(input), headers) };
}

interface Kept { token: string; refresh: string | undefined; goodUntilMs: number }

/** Signs people in at a server with the demonstration network. */
export function demonstrationPeople(url: string): People {
  const used = new Map<string, Set<number>>();
  const kept = new Map<string, Promise<Person>>();
  const accountOf = (login: string): DemoAccount => {
    const account = demoAccounts.find((a) => a.login === login);
    if (!account) throw new Error(`There is no demonstration account ${login}.`);
    return account;
  };
  const totp = async (login: string): Promise<string> => {
    const secret = readTotpSecret(accountOf(login).totpSecret);
    const steps = used.get(login) ?? new Set<number>();
    used.set(login, steps);
    for (;;) {
      const now = stepOf(new Date());
      const free = [now - 1, now, now + 1].find((step) => !steps.has(step));
      // The oldest one may stop counting on its way.
      const late = free === now - 1 && stepOf(new Date(Date.now() + 3_000)) !== now;
      if (free !== undefined && !late) {
        steps.add(free);
        return totpCode(secret, new Date(free * 30_000));
      }
      await sleep(500);
    }
  };
  const newSignIn = async (login: string): Promise<Tokens> =>
    signIn({ url }, createJar(), await discover({ url }), [{ step: 'password', login, password: accountOf(login).password }, { step: 'code', code: await totp(login) }]);
  const exchange = async (fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Kept> => {
    const answer = await readAnswer(await fetch(`${url}/oauth/token`, { method: 'POST', body: new URLSearchParams(fields), headers }));
    if (answer.status !== 200) throw new Error(`no token: ${answer.status} ${answer.text.slice(0, 300)}`);
    const { access_token: token, refresh_token: refresh, expires_in: seconds } = answer.json as { access_token: string; refresh_token?: string; expires_in: number };
    return { token, refresh, goodUntilMs: Date.now() + (seconds - 30) * 1_000 };
  };
  /** Keeps a token good; those who ask at the same moment wait for one renewal. */
  const renewing = (first: Kept, renew: (old: Kept) => Promise<Kept>): (() => Promise<string>) => {
    let current = Promise.resolve(first);
    return async () => {
      const now = current;
      const old = await now;
      if (old.goodUntilMs > Date.now()) return old.token;
      if (current === now) current = renew(old);
      return (await current).token;
    };
  };
  const byRefresh = (old: Kept): Promise<Kept> => exchange({ grant_type: 'refresh_token', client_id: 'bedside-web', refresh_token: old.refresh ?? '' });

  return {
    totp,
    signIn: newSignIn,
    as(login) {
      const before = kept.get(login);
      if (before) return before;
      const person = newSignIn(login).then((t) => personOf(url, login, renewing({ token: t.access_token, refresh: t.refresh_token, goodUntilMs: Date.now() + ((t.expires_in ?? 60) - 30) * 1_000 }, byRefresh)));
      kept.set(login, person);
      person.catch(() => kept.delete(login));
      return person;
    },
    async system() {
      const ask = (): Promise<Kept> => exchange({ grant_type: 'client_credentials', scope: 'system/*.cruds' }, { authorization: `Basic ${Buffer.from('demo-system:demo-system-secret').toString('base64')}` });
      return personOf(url, 'demo-system', renewing(await ask(), ask));
    },
    async byLink(link) {
      const first = await exchange({ grant_type: 'urn:bedside:params:oauth:grant-type:link', client_id: 'bedside-web', code: await useLink(createJar(), link) });
      return personOf(url, 'guest', renewing(first, byRefresh));
    },
    nobody: personOf(url, 'nobody', async () => undefined),
  };
}

/** Presses the button on a link's page. @returns the code that the front end exchanges. */
export async function useLink(jar: Jar, link: string): Promise<string> {
  await jar.get(link);
  const answer = await jar.post(link, {});
  const code = /#code=(.+)$/.exec(answer.headers.get('location') ?? '')?.[1];
  if (code === undefined) throw new Error(`The link was refused with ${answer.status}.`);
  return code;
}

import * as oidc from 'openid-client';
import type { SignInServer } from './testing.ts';

/** What an authenticator shows. */
export { stepOf, totpCode } from './totp.ts';

/** Anything that serves sign-in at an address. */
type At = Pick<SignInServer, 'url'>;

/** A browser without a screen: keeps cookies by path, follows redirects within the server, sends forms. */
export interface Jar {
  get(url: string): Promise<Response>;
  post(url: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  readonly cookies: ReadonlyMap<string, string>;
}

export function createJar(): Jar {
  const cookies = new Map<string, string>();
  const paths = new Map<string, string>();
  const send = async (url: string, init: RequestInit): Promise<Response> => {
    const { pathname } = new URL(url);
    const cookie = [...cookies].filter(([key]) => pathname.startsWith(paths.get(key) ?? '/')).map(([key, value]) => `${key.slice(key.indexOf(' ') + 1)}=${value}`).join('; ');
    const answer = await fetch(url, { ...init, redirect: 'manual', headers: { ...(init.headers as Record<string, string>), ...(cookie ? { cookie } : {}) } });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const name = pair.slice(0, pair.indexOf('='));
      const path = attributes.find((a) => a.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
      const key = `${path} ${name}`;
      const gone = attributes.some((a) => /^expires=/i.test(a) && new Date(a.slice(8)) < new Date());
      if (gone) cookies.delete(key);
      else {
        cookies.set(key, pair.slice(pair.indexOf('=') + 1));
        paths.set(key, path);
      }
    }
    return answer;
  };
  return {
    cookies,
    get: (url) => send(url, {}),
    post: (url, fields, headers = {}) => send(url, { method: 'POST', body: new URLSearchParams(fields), headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } }),
  };
}

/** Follows redirects until a page, or an address of the front end. */
export async function follow(jar: Jar, answer: Response, base: string): Promise<{ url: string; answer?: Response }> {
  let current = answer;
  let url = base;
  for (let hop = 0; hop < 12; hop += 1) {
    const location = current.headers.get('location');
    if (current.status < 300 || current.status > 399 || location === null) return { url, answer: current };
    url = new URL(location, url).href;
    if (new URL(url).pathname === '/callback' || new URL(url).pathname === '/') return { url };
    current = await jar.get(url);
  }
  throw new Error('too many redirects');
}

/** The front end as another library sees it. */
export async function discover(server: At): Promise<oidc.Configuration> {
  return oidc.discovery(new URL(`${server.url}/oauth`), 'bedside-web', undefined, oidc.None(), { execute: [oidc.allowInsecureRequests] });
}

export const fullScope = 'openid profile fhirUser user/*.cruds patient/*.rs';

/** Begins a sign-in. @returns the first page and what finishing needs. */
export async function begin(server: At, jar: Jar, config: oidc.Configuration, parameters: Record<string, string> = {}): Promise<{ url: string; answer?: Response; verifier: string; state: string }> {
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const address = oidc.buildAuthorizationUrl(config, {
    redirect_uri: `${server.url}/callback`, scope: fullScope, code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', state, ...parameters,
  });
  return { ...(await follow(jar, await jar.get(address.href), address.href)), verifier, state };
}

export type Tokens = Awaited<ReturnType<typeof oidc.authorizationCodeGrant>>;

/** A whole sign-in by name, password and whatever else is asked. */
export async function signIn(server: At, jar: Jar, config: oidc.Configuration, steps: readonly Record<string, string>[], parameters: Record<string, string> = {}): Promise<Tokens> {
  const begun = await begin(server, jar, config, parameters);
  let at: { url: string; answer?: Response } = begun;
  for (const step of steps) at = await follow(jar, await jar.post(at.url, step), at.url);
  if (at.answer) throw new Error(`not signed in: ${at.answer.status} ${(await at.answer.text()).replaceAll(/<style.*?<\/style>/gs, '').replaceAll(/<[^>]+>/g, ' ').slice(0, 600)}`);
  return oidc.authorizationCodeGrant(config, new URL(at.url), { pkceCodeVerifier: begun.verifier, expectedState: begun.state });
}

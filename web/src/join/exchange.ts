/** What a used link admits to: one case's room. */
export interface GuestEntry { readonly accessToken: string; readonly caseId: string }
export class LinkRefused extends Error {
  constructor() { super('The link cannot be used (again)'); this.name = 'LinkRefused'; }
}
const GRANT = 'urn:bedside:params:oauth:grant-type:link';

/** The code of a fragment `#code=...`, or undefined. */
export const codeOf = (hash: string): string | undefined => new URLSearchParams(hash.replace(/^#/, '')).get('code') ?? undefined;

/**
 * Exchanges the code for the tokens of one room. @see RFC 6749 section 4.5
 * @throws LinkRefused when the code is used, expired or unknown; TypeError without a link to the server.
 */
export async function exchangeCode(code: string, send: typeof fetch = fetch): Promise<GuestEntry> {
  const response = await send('/oauth/token', { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Accept': 'application/json' }, body: new URLSearchParams({ grant_type: GRANT, code, client_id: 'bedside-web' }) });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok || typeof answer !== 'object' || answer === null || !('access_token' in answer) || !('case' in answer) || typeof answer.access_token !== 'string' || typeof answer.case !== 'string') throw new LinkRefused();
  return { accessToken: answer.access_token, caseId: answer.case };
}

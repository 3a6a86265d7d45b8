import { gone, invalid, newSecret, notFound, type Clock, type Database, type Sql, type Tx } from '../../kernel/index.ts';
import { announce, type SecurityAudit } from '../authorization/index.ts';
import { digest } from './digest.ts';

export interface NewLink {
  /** Id of the case's parent Task. */
  readonly caseId: string;
  /** Who it is for, `Patient/x` or `RelatedPerson/x`. */
  readonly participant: string;
  readonly displayName: string;
  readonly expiresAt: Date;
  /** Account that issued it. */
  readonly issuedBy: string;
}

/** Links by which somebody without an account enters the waiting room of one case: for one browser, until they expire. */
export interface Links {
  /** @returns the link, which is shown or sent now and cannot be had again. */
  issue(tx: Tx, link: NewLink): Promise<{ token: string; url: string }>;
  /** Ends the links of a case, or of one participant of it, and whatever was entered by them. */
  withdraw(tx: Tx, caseId: string, participant?: string): Promise<void>;
}

export type LinkState = { readonly state: 'good' | 'expired' | 'used' | 'unknown'; readonly displayName?: string };

const longestMs = 31 * 86_400_000;
/** Time between the button of the page and the exchange by the front end that it leads to. */
const codeMs = 60_000;

interface Row { case_id: string; display_name: string; expires_at: Date; used_at: Date | null; withdrawn_at: Date | null; device_key: Buffer | null }

const stateOf = (row: Row | undefined, now: Date, device: string | undefined): LinkState => {
  if (!row) return { state: 'unknown' };
  if (row.withdrawn_at !== null || row.expires_at <= now) return { state: 'expired' };
  const returning = device !== undefined && row.device_key !== null && row.device_key.equals(digest(device));
  return row.used_at !== null && !returning ? { state: 'used' } : { state: 'good', displayName: row.display_name };
};

const plausible = (token: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(token);

/** What the page about a link may say. @param device the secret that the browser got when it used the link. */
export async function lookAtLink(sql: Sql, now: Date, token: string, device: string | undefined): Promise<LinkState> {
  if (!plausible(token)) return { state: 'unknown' };
  const { rows } = await sql.query<Row>('select * from security.link where key = $1', [digest(token)]);
  return stateOf(rows[0], now, device);
}

export interface Redeemed { readonly code: string; readonly device: string }

/**
 * Uses the link and gives a code, good for a minute, that the front end exchanges for tokens of the room.
 * @throws not-found `link-unknown`; gone `link-expired`, `link-used`
 */
export async function redeemLink(deps: { db: Database; clock: Clock }, token: string, device: string | undefined): Promise<Redeemed> {
  const now = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const { rows } = plausible(token) ? await tx.query<Row>('select * from security.link where key = $1 for update', [digest(token)]) : { rows: [] };
    const { state } = stateOf(rows[0], now, device);
    if (state === 'unknown') throw notFound('link-unknown', 'This link is not one of ours; it may be cut off.');
    if (state === 'expired') throw gone('link-expired', 'This link has expired.');
    if (state === 'used') throw gone('link-used', 'This link was used in another browser.');
    const kept = rows[0]?.used_at !== null && device !== undefined ? device : newSecret();
    await tx.query('update security.link set used_at = coalesce(used_at, $2), device_key = $3 where key = $1', [digest(token), now, digest(kept)]);
    const code = newSecret();
    await tx.query("insert into security.artifact (kind, key, payload, expires_at) values ('LinkCode', $1, $2, $3)", [digest(code), JSON.stringify({ link: digest(token).toString('hex') }), new Date(now.getTime() + codeMs)]);
    return { code, device: kept };
  });
}

/** The link behind a code, once. */
export async function takeLinkCode(sql: Sql, now: Date, code: string): Promise<{ linkKey: Buffer; accountId: string } | undefined> {
  const { rows } = await sql.query<{ payload: { link: string }; expires_at: Date }>("delete from security.artifact where kind = 'LinkCode' and key = $1 returning payload, expires_at", [digest(code.slice(0, 200))]);
  const row = rows[0];
  if (!row || row.expires_at <= now) return undefined;
  return { linkKey: Buffer.from(row.payload.link, 'hex'), accountId: guestAccountId(row.payload.link) };
}

/** The account id of whoever came by a link. */
export const guestAccountId = (linkKeyHex: string): string => `link:${linkKeyHex.slice(0, 32)}`;

export function createLinks(deps: { clock: Clock; audit: SecurityAudit; url: string }): Links {
  const { clock, audit, url } = deps;
  return {
    async issue(tx, link) {
      const now = clock.now();
      const lifeMs = link.expiresAt.getTime() - now.getTime();
      if (!(lifeMs > 0 && lifeMs <= longestMs)) throw invalid('link-expiry', 'A link expires within 31 days.', { details: { at: 'expiresAt' } });
      if (!/^[A-Za-z0-9.-]{1,64}$/.test(link.caseId)) throw invalid('link-case', 'caseId is the id of a case.', { details: { at: 'caseId' } });
      if (!/^(Patient|RelatedPerson)\/[A-Za-z0-9.-]{1,64}$/.test(link.participant)) throw invalid('link-participant', 'A link is for a patient or somebody close.', { details: { at: 'participant' } });
      const token = newSecret();
      await tx.query('insert into security.link (key, case_id, participant, display_name, issued_by, issued_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)',
        [digest(token), link.caseId, link.participant, link.displayName.slice(0, 200), link.issuedBy, now, link.expiresAt]);
      await audit({ kind: 'link-issued', outcome: 'success', at: now, byAccountId: link.issuedBy });
      return { token, url: `${url}/oauth/link/${token}` };
    },
    async withdraw(tx, caseId, participant) {
      const { rows } = await tx.query<{ key: Buffer }>('update security.link set withdrawn_at = $3 where case_id = $1 and ($2::text is null or participant = $2) and withdrawn_at is null returning key', [caseId, participant ?? null, clock.now()]);
      for (const { key } of rows) {
        await tx.query('with gone as (delete from security.sign_in where link_key = $1 returning grant_id) delete from security.artifact where grant_id in (select grant_id from gone)', [key]);
        await announce(tx, { kind: 'account', id: guestAccountId(key.toString('hex')) });
      }
    },
  };
}

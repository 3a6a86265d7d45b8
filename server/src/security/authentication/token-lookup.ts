import type { Clock, Database } from '../../kernel/index.ts';
import { purposeFor, roomLaunchScope, roomScope, type AccountRole, type Actor, type Purpose } from '../policy/index.ts';
import { digest } from './digest.ts';
import type { Revocations } from './revocations.ts';

/** Who a token stands for, as long as nothing of it is revoked. */
export interface TokenIdentity {
  readonly actor: Actor;
  readonly purpose: Purpose;
  readonly expiresAtMs: number;
  readonly grantId?: string;
  readonly loopbackOnly: boolean;
}

/** Cheap on every request: a bounded memory of what the database said, emptied as soon as something in it is revoked. */
export interface TokenLookup {
  find(token: string): Promise<TokenIdentity | undefined>;
  close(): void;
}

const mostRemembered = 20_000;
/** Even unrevoked, nothing is believed longer than this without asking again. */
const rememberMs = 30_000;

interface Row {
  kind: 'AccessToken' | 'ClientCredentials'; payload: { scope?: string; exp: number; clientId: string }; grant_id: string | null;
  account_id: string | null; display_name: string | null; methods: string[] | null; purpose: string | null; role: AccountRole | null; institution: string | null;
  profile: string | null; practitioner_roles: string[] | null; organizations: string[] | null;
  link_key: Buffer | null; link_case: string | null; link_participant: string | null; link_name: string | null;
  client_name: string | null; client_institution: string | null; client_organizations: string[] | null; client_purpose: string | null; loopback_only: boolean | null;
}

/** One statement decides: the token is there, its sign-in is there, and account, institution and client are all active. */
const statement = `
  select t.kind, t.payload, t.grant_id, a.id as account_id, a.display_name, s.methods, s.purpose, m.role, m.institution, m.profile, m.practitioner_roles, m.organizations,
    s.link_key, l.case_id as link_case, l.participant as link_participant, l.display_name as link_name,
    c.name as client_name, c.institution as client_institution, c.organizations as client_organizations, c.purpose as client_purpose, c.loopback_only
  from security.artifact t
    left join security.sign_in s on s.grant_id = t.grant_id
    left join security.membership m on m.id = s.membership_id and m.account_id = s.account_id
    left join security.account a on a.id = s.account_id and a.status = 'active'
    left join security.institution i on i.id = m.institution
    left join security.link l on l.key = s.link_key and l.withdrawn_at is null
    left join security.client c on c.id = t.payload ->> 'clientId' and c.status = 'active'
    left join security.institution ci on ci.id = c.institution
  where t.kind in ('AccessToken', 'ClientCredentials') and t.key = $1 and coalesce(i.status, 'active') = 'active' and coalesce(ci.status, 'active') = 'active'`;

function identify(row: Row): TokenIdentity | undefined {
  const scopes = (row.payload.scope ?? '').split(' ').filter(Boolean);
  const base = { expiresAtMs: row.payload.exp * 1_000, ...(row.grant_id === null ? {} : { grantId: row.grant_id }) };
  if (row.kind === 'ClientCredentials') {
    if (row.client_name === null) return undefined;
    const actor: Actor = {
      accountId: row.payload.clientId, role: 'system', name: row.client_name, practitionerRoles: [], organizations: row.client_organizations ?? [],
      ...(row.client_institution === null ? {} : { institution: row.client_institution }), scopes, methods: [], clientId: row.payload.clientId,
    };
    return { ...base, actor, purpose: purposeFor('system', row.client_purpose ?? undefined), loopbackOnly: row.loopback_only ?? false };
  }
  if (row.link_key !== null) {
    if (row.link_case === null || row.link_participant === null) return undefined;
    const actor: Actor = {
      accountId: `link:${row.link_key.toString('hex').slice(0, 32)}`, role: 'patient', name: row.link_name ?? '', profile: row.link_participant, practitionerRoles: [], organizations: [],
      scopes: [roomLaunchScope, roomScope(row.link_case)], methods: row.methods ?? [], clientId: row.payload.clientId,
    };
    return { ...base, actor, purpose: 'PATRQT', loopbackOnly: false };
  }
  if (row.account_id === null || row.role === null) return undefined;
  const actor: Actor = {
    accountId: row.account_id, role: row.role, name: row.display_name ?? '', ...(row.profile === null ? {} : { profile: row.profile }),
    practitionerRoles: row.practitioner_roles ?? [], organizations: row.organizations ?? [], ...(row.institution === null ? {} : { institution: row.institution }),
    scopes, methods: row.methods ?? [], clientId: row.payload.clientId,
  };
  return { ...base, actor, purpose: purposeFor(row.role, row.purpose ?? undefined), loopbackOnly: false };
}

export function createTokenLookup(deps: { db: Database; clock: Clock; revocations: Revocations }): TokenLookup {
  const remembered = new Map<string, { identity: TokenIdentity; untilMs: number }>();
  let generation = 0;
  const unsubscribe = deps.revocations.subscribe((revocation) => {
    generation += 1;
    if (revocation === 'everything') return remembered.clear();
    for (const [token, { identity: { actor, grantId } }] of remembered) {
      const hit = revocation.kind === 'account' ? actor.accountId === revocation.id
        : revocation.kind === 'institution' ? actor.institution === revocation.id
          : revocation.kind === 'client' ? actor.clientId === revocation.id
            : revocation.kind === 'grant' && grantId === revocation.id;
      if (hit) remembered.delete(token);
    }
  });
  const ask = async (token: string): Promise<TokenIdentity | undefined> => {
    const { rows } = await deps.db.query<Row>({ name: 'security-token', text: statement, values: [digest(token)] });
    return rows[0] && identify(rows[0]);
  };
  return {
    async find(token) {
      const nowMs = deps.clock.now().getTime();
      const known = remembered.get(token);
      if (known && deps.revocations.listening && known.untilMs > nowMs && known.untilMs - nowMs <= rememberMs) {
        return known.identity.expiresAtMs > nowMs ? known.identity : undefined;
      }
      const before = generation;
      const identity = await ask(token);
      remembered.delete(token);
      if (!identity || identity.expiresAtMs <= nowMs) return undefined;
      // An answer that was under way while something was revoked may be from before: it is used, not remembered.
      if (deps.revocations.listening && before === generation) {
        if (remembered.size >= mostRemembered) remembered.delete(remembered.keys().next().value ?? '');
        remembered.set(token, { identity, untilMs: nowMs + rememberMs });
      }
      return identity;
    },
    close: unsubscribe,
  };
}

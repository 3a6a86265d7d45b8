import type { Sql } from '../kernel/index.ts';

/** Somebody who is to be told of something. */
export interface Recipient { readonly accountId: string; readonly name: string; readonly locale: string; readonly timeZone: string; readonly profile?: string }

/** The accounts behind `PractitionerRole/x`, `Practitioner/x`, `Patient/x`, and the coordinators of `Organization/x`; suspended ones are left out. */
export async function recipientsOf(sql: Sql, references: readonly string[]): Promise<Recipient[]> {
  const organizations = references.filter((r) => r.startsWith('Organization/')).map((r) => r.slice('Organization/'.length));
  const { rows } = await sql.query<{ id: string; display_name: string; locale: string; time_zone: string; profile: string | null }>(
    `select distinct on (a.id) a.id, a.display_name, a.locale, a.time_zone, m.profile
     from security.account a join security.membership m on m.account_id = a.id
     where a.status = 'active' and (m.practitioner_roles && $1 or m.profile = any($1) or (m.role = 'coordinator' and m.institution = any($2)))
     order by a.id, m.position limit 500`, [references, organizations]);
  return rows.map((r) => ({ accountId: r.id, name: r.display_name, locale: r.locale, timeZone: r.time_zone, ...(r.profile ? { profile: r.profile } : {}) }));
}

import type { Sql } from '../kernel/index.ts';

/** Institution that owns a row of the directory or a patient; undefined when there is no such row. */
export async function ownerOf(sql: Sql, reference: string): Promise<string | undefined> {
  const match = /^(Practitioner|PractitionerRole|Patient|Organization)\/([A-Za-z0-9.-]{1,64})$/.exec(reference);
  if (!match) return undefined;
  const { rows } = await sql.query<{ owner: string | null }>(`select owner from fhir."${match[1]}" where id = $1 and not deleted`, [match[2]]);
  return rows[0]?.owner ?? undefined;
}

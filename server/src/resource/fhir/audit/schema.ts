import type { Database, Migration } from '../../../kernel/index.ts';

/** Append-only: the trigger refuses changes; what is too old leaves by dropping its month. */
export const auditSchema: Migration = {
  id: 'fhir/0003-audit',
  up: `
    create schema audit;
    create table audit.event (
      id bigint generated always as identity, at timestamptz not null, action text not null, kind text not null,
      account text, name text, role text, profile text, institution text, client text, address text, trace text, purpose text,
      type text, ids text[], patients text[], case_id text, query text, outcome smallint not null default 0, detail text,
      primary key (at, id)) partition by range (at);
    create table audit.event_other partition of audit.event default;
    create index event_account on audit.event (account, at desc);
    create index event_profile on audit.event (profile, at desc);
    create index event_institution on audit.event (institution, at desc);
    create index event_patients on audit.event using gin (patients);
    create function audit.refuse() returns trigger language plpgsql as $$ begin raise exception 'audit events are append-only'; end $$;
    create trigger append_only before update or delete on audit.event for each row execute function audit.refuse();`,
};

/** Makes the partitions of this month and the next two; call at start and once a day. */
export async function provideAuditPartitions(db: Database, now: Date): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query("select pg_advisory_xact_lock(hashtext('audit.event partitions'))");
    for (let ahead = 0; ahead < 3; ahead++) {
      const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1));
      const until = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead + 1, 1));
      const name = `event_${from.toISOString().slice(0, 7).replace('-', '_')}`;
      const { rows } = await tx.query<{ known: boolean; astray: boolean }>(
        `select to_regclass($1) is not null as known, exists (select 1 from audit.event_other where at >= $2 and at < $3) as astray`, [`audit.${name}`, from, until]);
      // Events that already fell into the default partition keep the month there: moving them would be a change.
      if (!rows[0]!.known && !rows[0]!.astray) await tx.query(`create table audit.${name} partition of audit.event for values from ('${from.toISOString()}') to ('${until.toISOString()}')`);
    }
  });
}

import type { Resource } from '@medplum/fhirtypes';
import { publish, type OutboxEvent, type Tx } from '../../kernel/index.ts';
import { demandScope, type Access } from './access.ts';
import type { FhirTransaction } from './contract.ts';
import { search } from './search/index.ts';
import { readRow } from './store/read.ts';
import { demandType } from './store/row.ts';
import type { Store } from './store/store.ts';
import { erase, rewrite, write, type Writing } from './store/write.ts';

/** The repository's functions bound to one database transaction. */
export function fhirTransaction(store: Store, tx: Tx, access: Access): FhirTransaction {
  const read = async <T extends Resource>(type: T['resourceType'], id: string, lock: boolean): Promise<{ resource: T; version: number }> => {
    demandType(store, type);
    demandScope(access, type, 'read');
    const found = await readRow(store, tx, access, type, id, lock);
    await store.audit.recordIn(tx, access.ctx, { action: 'R', kind: 'read', type, ids: [id], ...(found.patient === null ? {} : { patients: [found.patient] }), ...(found.caseId === null ? {} : { caseId: found.caseId }) });
    return { resource: JSON.parse(found.text) as T, version: found.version };
  };
  const self: FhirTransaction = {
    tx, ctx: access.ctx,
    read: (type, id) => read(type, id, false),
    readForUpdate: (type, id) => read(type, id, true),
    create: (resource, options) => write(writing, resource, options ?? {}),
    update: (resource, options) => rewrite(writing, resource, options ?? {}),
    remove: (type, id, options) => erase(writing, type, id, options ?? {}),
    search: async <T extends Resource>(type: T['resourceType'], query: string): Promise<T[]> => {
      const answer = await search({ store, sql: tx, access }, type, query);
      const found = [...answer.page.rows, ...answer.added];
      await store.audit.recordIn(tx, access.ctx, { action: 'R', kind: 'search', type, query, ids: found.map((f) => `${f.type}/${f.id}`), patients: [...new Set(found.flatMap((f) => (f.patient === null ? [] : [f.patient])))] });
      return found.map((f) => JSON.parse(f.text) as T);
    },
    publish: (events: readonly OutboxEvent[]) => publish(tx, events),
  };
  const writing: Writing = { store, sql: tx, access, transaction: self };
  return self;
}

import type { Resource } from '@medplum/fhirtypes';
import { forbidden, invalid, notFound, type Sql } from '../../../kernel/index.ts';
import { demandScope, demandWrite, type Access } from '../access.ts';
import type { FhirTransaction, WriteOptions, WriteResult } from '../contract.ts';
import { removeRow, updateRow } from './change.ts';
import { createRow } from './create.ts';
import { findRow } from './read.ts';
import { demandType, makeRow } from './row.ts';
import type { Store } from './store.ts';

/** A writer bound to a connection; inside a transaction it also gives hooks their transaction. */
export interface Writing { readonly store: Store; readonly sql: Sql; readonly access: Access; readonly transaction?: FhirTransaction }

const accessOf = (w: Writing, options: WriteOptions): Access => (options.byEngine ? { ...w.access, engine: true } : w.access);
export const hasHooks = (store: Store, type: string): boolean => (store.hooks.get(type)?.length ?? 0) > 0;

/** Runs the write hooks of a type; a hook that returns another resource replaces it, and the bytes received with it. */
async function hooked(w: Writing, before: Resource | undefined, after: Resource | undefined, options: WriteOptions): Promise<{ resource: Resource | undefined; options: WriteOptions }> {
  let resource = after;
  let changed = false;
  for (const hook of w.store.hooks.get((after ?? before)!.resourceType) ?? []) {
    const next = await hook.before(w.access.ctx, w.transaction!, { ...(before ? { before } : {}), ...(resource ? { after: resource } : {}) });
    if (next && next !== resource) { resource = next; changed = true; }
  }
  if (!changed) return { resource, options };
  const { source: _dropped, ...rest } = options;
  return { resource, options: rest };
}

/** Tag by which the process engine marks what belongs to a case. */
const caseTag = 'urn:bedside:case';

/** Nobody slips a resource of their own into a case: only what the case's operations write bears its tag. */
function demandNoCase(access: Access, resource: Resource): void {
  if (access.engine || access.ctx.actor.role === 'system') return;
  const tags: unknown = resource.meta?.tag;
  if (Array.isArray(tags) && tags.some((tag: unknown) => (tag as { system?: unknown } | null)?.system === caseTag)) {
    throw forbidden('use-an-operation', 'What belongs to a case is written by the operations of the case.', { details: { at: `${resource.resourceType}.meta.tag` } });
  }
}

export async function write(w: Writing, resource: Resource, options: WriteOptions): Promise<WriteResult> {
  const access = accessOf(w, options);
  demandType(w.store, resource.resourceType);
  demandScope(access, resource.resourceType, 'create');
  demandWrite(access, resource.resourceType);
  demandNoCase(access, resource);
  const after = hasHooks(w.store, resource.resourceType) ? await hooked(w, undefined, resource, options) : { resource, options };
  return createRow(w.store, w.sql, access, makeRow(w.store, access, after.resource!, after.options), after.options);
}

/** Replaces; when there is no such row, those who may choose ids (systems, the engine, administrators of the directory) create it. */
export async function rewrite(w: Writing, resource: Resource, options: WriteOptions): Promise<WriteResult> {
  const access = accessOf(w, options);
  const type = resource.resourceType;
  demandType(w.store, type);
  demandScope(access, type, 'update');
  demandWrite(access, type);
  demandNoCase(access, resource);
  if (!resource.id) throw invalid('id-missing', 'The resource has no id.', { details: { at: `${type}.id` } });
  let after: { resource: Resource | undefined; options: WriteOptions } = { resource, options };
  if (hasHooks(w.store, type)) {
    const before = await findRow(w.store, w.sql, access, type, resource.id, true);
    after = await hooked(w, before && !before.deleted ? (JSON.parse(before.text) as Resource) : undefined, resource, options);
  }
  const row = makeRow(w.store, access, after.resource!, after.options);
  const done = await updateRow(w.store, w.sql, access, row, after.options);
  if (done) return done;
  const choosesIds = access.engine || ['system', 'network-administrator', 'institution-administrator'].includes(access.ctx.actor.role);
  if (!choosesIds || options.ifMatch !== undefined) throw notFound('not-found', 'There is no such resource.', { details: { at: type } });
  return createRow(w.store, w.sql, access, row, after.options);
}

export async function erase(w: Writing, type: string, id: string, options: WriteOptions): Promise<WriteResult> {
  const access = accessOf(w, options);
  demandType(w.store, type);
  demandScope(access, type, 'delete');
  demandWrite(access, type);
  if (hasHooks(w.store, type)) {
    const before = await findRow(w.store, w.sql, access, type, id, true);
    if (before && !before.deleted) await hooked(w, JSON.parse(before.text) as Resource, undefined, options);
  }
  return removeRow(w.store, w.sql, access, type, id, options);
}

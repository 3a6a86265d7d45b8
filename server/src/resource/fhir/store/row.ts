import { invalid, newId, notFound } from '../../../kernel/index.ts';
import type { Resource } from '@medplum/fhirtypes';
import type { Access } from '../access.ts';
import type { WriteOptions } from '../contract.ts';
import { indexRow, type IndexRow } from '../params/row.ts';
import type { TypePlan } from '../params/plan.ts';
import { spliceContent, type Content } from '../text/content.ts';
import { invalidResource, validateStructure } from '../validate/validate.ts';
import { confidentiality, isReleased } from './release.ts';
import type { Store } from './store.ts';

/** A resource ready to be written. */
export interface Row {
  readonly type: string;
  readonly id: string;
  readonly plan: TypePlan;
  readonly at: Date;
  readonly content: Content;
  readonly index: IndexRow;
  readonly released: boolean;
  readonly conf: number;
  /** Patients that the resource names, its own included. */
  readonly patients: readonly string[];
  readonly resource: Resource;
}

/** @throws not-found for what is no R4 type: it also keeps foreign names out of SQL. */
export function demandType(store: Store, type: string): void {
  if (!store.model.resources.includes(type)) throw notFound('unknown-type', 'There is no such resource type in R4.');
}

const idPattern = /^[A-Za-z0-9.-]{1,64}$/;
export const isId = (id: string): boolean => idPattern.test(id);

/** Validates a resource and works out everything the database is told about it. */
export function makeRow(store: Store, access: Access, resource: Resource, options: WriteOptions): Row {
  const type = resource.resourceType as string;
  const issues = validateStructure(store.model, resource);
  if (issues.length > 0) throw invalidResource(issues);
  const id = resource.id ?? newId();
  if (!isId(id)) throw invalid('id', 'An id has 1 to 64 letters, digits, - and .', { details: { at: `${type}.id` } });
  const withId = (resource.id === id ? resource : { ...resource, id }) as Resource;
  const plan = store.plan(type);
  const index = indexRow(plan, withId as unknown as Readonly<Record<string, unknown>>);
  const at = access.ctx.clock.now();
  const source = options.source ?? JSON.stringify(resource);
  const named = new Set([...source.matchAll(/"Patient\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[^"]*)?"/g)].map((m) => m[1]!));
  if (index.patient !== null && type !== 'Patient') named.add(index.patient);
  if (type === 'Patient') named.delete(id);
  const json = withId as unknown as Readonly<Record<string, unknown>>;
  return { type, id, plan, at, content: spliceContent(source, type, id), index, released: isReleased(json), conf: confidentiality(json), patients: [...named], resource: withId };
}

import type { Parameters, ParametersParameter, Reference, Resource } from '@medplum/fhirtypes';
import { unprocessable } from '../../kernel/index.ts';
import type { ParameterDefinition } from './definition.ts';
import { parseReference } from './vocabulary.ts';

/** The checked input of an action: each getter returns what its declaration promised. */
export interface ActionInput {
  string(name: string): string | undefined;
  boolean(name: string): boolean | undefined;
  integer(name: string): number | undefined;
  reference(name: string): string | undefined;
  references(name: string): readonly string[];
  resource<T extends Resource>(name: string): T | undefined;
  parts(name: string): readonly Readonly<Record<string, string>>[];
}

const wrong = (name: string, what: string): never => {
  throw unprocessable('wrong-input', `Parameter ${name}: ${what}.`, { details: { at: `Parameters.parameter.where(name='${name}')` } });
};

function valueOf(p: ParametersParameter): unknown {
  const key = Object.keys(p).find((k) => k.startsWith('value'));
  return key ? (p as unknown as Record<string, unknown>)[key] : p.resource;
}

function check(p: ParametersParameter, d: ParameterDefinition): unknown {
  const value = valueOf(p);
  const limit = d.maxLength ?? 10_000;
  switch (d.type) {
    case 'Reference': {
      const reference = (value as Reference | undefined)?.reference ?? (typeof value === 'string' ? value : undefined);
      if (!parseReference(reference)) wrong(d.name, 'must be a relative reference, Type/id');
      return reference;
    }
    case 'boolean': return typeof value === 'boolean' ? value : wrong(d.name, 'must be true or false');
    case 'integer': return Number.isInteger(value) ? value : wrong(d.name, 'must be a whole number');
    case 'Resource': return typeof value === 'object' && value !== null && 'resourceType' in value ? value : wrong(d.name, 'must be a resource');
    case 'part': {
      if (!Array.isArray(p.part) || p.part.length > 20) wrong(d.name, 'must have parts');
      return Object.fromEntries((p.part ?? []).map((part) => [part.name, String(valueOf(part) ?? '').slice(0, limit)]));
    }
    case 'date':
    case 'dateTime': {
      const pattern = d.type === 'date' ? /^\d{4}-\d\d-\d\d$/ : /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
      return typeof value === 'string' && pattern.test(value) && !Number.isNaN(Date.parse(value)) ? value : wrong(d.name, d.type === 'date' ? 'must be a date, YYYY-MM-DD' : 'must be an instant with its time zone');
    }
    default: {
      if (typeof value !== 'string' || value.trim() === '') wrong(d.name, 'must not be empty');
      if ((value as string).length > limit) wrong(d.name, `must not be longer than ${limit} characters`);
      if (d.codes && !d.codes.includes(value as string)) wrong(d.name, `must be one of ${d.codes.join(', ')}`);
      return value;
    }
  }
}

/** Checks a Parameters resource against an action's declaration. @throws unprocessable naming the parameter. */
export function readInput(body: Resource | undefined, declared: readonly ParameterDefinition[]): ActionInput {
  if (body && body.resourceType !== 'Parameters') wrong('body', 'must be a Parameters resource');
  const given = (body as Parameters | undefined)?.parameter ?? [];
  if (given.length > 200) wrong('parameter', 'there are too many');
  const values = new Map<string, unknown[]>();
  for (const p of given) {
    const d = declared.find((x) => x.name === p.name);
    if (!d) throw unprocessable('unknown-parameter', 'A parameter is not known to this operation.', { details: { at: `Parameters.parameter.where(name='${String(p.name).slice(0, 64)}')` } });
    values.set(d.name, [...(values.get(d.name) ?? []), check(p, d)]);
  }
  for (const d of declared) {
    const n = values.get(d.name)?.length ?? 0;
    if (n < d.min) wrong(d.name, 'is missing');
    if (d.max === '1' && n > 1) wrong(d.name, 'stands more than once');
  }
  const first = (name: string): unknown => values.get(name)?.[0];
  return {
    string: (name) => first(name) as string | undefined,
    boolean: (name) => first(name) as boolean | undefined,
    integer: (name) => first(name) as number | undefined,
    reference: (name) => first(name) as string | undefined,
    references: (name) => (values.get(name) ?? []) as string[],
    resource: <T extends Resource>(name: string) => first(name) as T | undefined,
    parts: (name) => (values.get(name) ?? []) as Record<string, string>[],
  };
}

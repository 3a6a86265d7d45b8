import { internal } from '../../../kernel/index.ts';
import type { Model } from '../model/model.ts';
import { parseExpression, type Expression } from './expression.ts';

/** Values of one FHIR type that an expression can give. `get` appends what it finds below `node`. */
export interface Source {
  readonly type: string;
  /** False when an element on the way may repeat. */
  readonly single: boolean;
  get(node: unknown, resource: unknown, out: unknown[]): void;
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const upper = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
const collect = (source: Source, node: unknown, resource: unknown): unknown[] => {
  const out: unknown[] = [];
  source.get(node, resource, out);
  return out;
};

/**
 * Compiles a SearchParameter expression for one starting type into plain functions: types are resolved now, so that nothing is
 * interpreted when a resource is written.
 */
export function compileExpression(model: Model, startType: string, resourceType: string, text: string): Source[] {
  const start: Source = { type: startType, single: true, get: (node, _resource, out) => { out.push(node); } };
  return compile(model, parseExpression(text), [start], resourceType, text);
}

function compile(model: Model, expression: Expression, context: readonly Source[], resourceType: string, text: string): Source[] {
  const recur = (e: Expression, c = context): Source[] => compile(model, e, c, resourceType, text);
  const unknown = (): never => { throw internal('search-parameter-unsupported', `Search parameter expression not supported: ${text}`); };
  switch (expression.kind) {
    case 'literal': return [{ type: typeof expression.value, single: true, get: (_n, _r, out) => { out.push(expression.value); } }];
    case 'resource': return [{ type: resourceType, single: true, get: (_n, resource, out) => { out.push(resource); } }];
    case 'name':
      if (/^[A-Z]/.test(expression.name)) return context.filter((s) => s.type === expression.name || expression.name === 'Resource' || expression.name === 'DomainResource');
      return context.flatMap((s) => member(model, s, expression.name));
    case 'member': return recur(expression.of).flatMap((s) => member(model, s, expression.name));
    case 'index': return recur(expression.of).map((s) => ({
      type: s.type, single: true,
      get: (node, resource, out) => { const all = collect(s, node, resource); if (all.length > expression.at) out.push(all[expression.at]); },
    }));
    case 'type': {
      if (expression.test === 'is') return unknown();
      const wanted = expression.type === 'DateTime' ? 'dateTime' : expression.type;
      return recur(expression.of).filter((s) => s.type === wanted);
    }
    case 'binary': {
      if (expression.operator === '|') return [...recur(expression.left), ...recur(expression.right)];
      const test = predicate(model, expression, context, resourceType, text);
      return [{ type: 'boolean', single: true, get: (node, resource, out) => { out.push(test(node, resource)); } }];
    }
    case 'call': {
      if (expression.name === 'exists' && !expression.argument) {
        const test = predicate(model, expression, context, resourceType, text);
        return [{ type: 'boolean', single: true, get: (node, resource, out) => { out.push(test(node, resource)); } }];
      }
      if (expression.name !== 'where' || !expression.of || !expression.argument) return unknown();
      const argument = expression.argument;
      return recur(expression.of).map((s) => {
        const self: Source = { type: s.type, single: true, get: (node, _r, out) => { out.push(node); } };
        const test = predicate(model, argument, [self], resourceType, text);
        return { type: s.type, single: s.single, get: (node, resource, out) => { for (const value of collect(s, node, resource)) if (test(value, resource)) out.push(value); } };
      });
    }
  }
}

type Predicate = (node: unknown, resource: unknown) => boolean;
function predicate(model: Model, e: Expression, context: readonly Source[], resourceType: string, text: string): Predicate {
  const recur = (x: Expression): Predicate => predicate(model, x, context, resourceType, text);
  if (e.kind === 'binary' && e.operator === 'and') {
    const [left, right] = [recur(e.left), recur(e.right)];
    return (node, resource) => left(node, resource) && right(node, resource);
  }
  if (e.kind === 'binary' && (e.operator === '=' || e.operator === '!=')) {
    const left = compile(model, e.left, context, resourceType, text);
    const literal = e.right.kind === 'literal' ? e.right.value : undefined;
    if (literal === undefined) throw internal('search-parameter-unsupported', `Search parameter expression not supported: ${text}`);
    const equal: Predicate = (node, resource) => left.some((s) => collect(s, node, resource).includes(literal));
    return e.operator === '=' ? equal : (node, resource) => !equal(node, resource);
  }
  if (e.kind === 'call' && e.name === 'exists' && e.of) {
    const of = compile(model, e.of, context, resourceType, text);
    return (node, resource) => of.some((s) => collect(s, node, resource).length > 0);
  }
  if (e.kind === 'type' && e.test === 'is' && e.of.kind === 'call' && e.of.name === 'resolve') {
    return (node) => isObject(node) && referencedType(node) === e.type;
  }
  throw internal('search-parameter-unsupported', `Search parameter expression not supported: ${text}`);
}

const referencePattern = /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9.-]{1,64}(?:\/_history\/[^/]+)?$/;
/** Type that a Reference says it points to, without fetching it. */
export function referencedType(reference: Json): string | undefined {
  const target = reference['reference'];
  if (typeof target === 'string') {
    const m = referencePattern.exec(target);
    if (m) return m[1];
    if (target.includes('?')) return target.slice(0, target.indexOf('?'));
  }
  return typeof reference['type'] === 'string' ? reference['type'] : undefined;
}

function member(model: Model, of: Source, name: string): Source[] {
  const element = model.type(of.type)?.elements.get(name);
  if (!element) return [];
  return element.types.map((type) => {
    const property = element.choice ? name + upper(type) : name;
    return {
      type, single: of.single && element.max === 1,
      get: (node, resource, out) => {
        const parents = collect(of, node, resource);
        for (const parent of parents) {
          if (!isObject(parent)) continue;
          const value = parent[property];
          if (Array.isArray(value)) { for (const item of value) if (item !== null) out.push(item); } else if (value !== undefined && value !== null) out.push(value);
        }
      },
    };
  });
}

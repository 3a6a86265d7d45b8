import type { Model } from '../model/model.ts';
import type { ParamModel } from '../model/types.ts';
import { compileExpression, type Source } from './compile.ts';

/**
 * How a parameter is kept. `token`: hashes in `tok`; `string`: lines in `strs`; `column`: lo/hi columns of the row; `rows`: fhir.ordered;
 * `union`: not kept, it is the OR of others; `conjunction`: not kept, it is the AND of its components (a composite over the
 * resource itself); `pairs`: a composite of tokens, hashed together; `meta`: a column of every row; `none`: not served.
 */
export type Storage = 'token' | 'string' | 'column' | 'rows' | 'union' | 'conjunction' | 'pairs' | 'meta' | 'none';

export interface Component { readonly param: ParamModel; readonly sources: ReadonlyMap<string, readonly Source[]> }
export interface ParamPlan {
  readonly code: string;
  readonly param: ParamModel;
  readonly storage: Storage;
  readonly sources: readonly Source[];
  /** Column name without `_lo`/`_hi`. */
  readonly column?: string;
  /** Codes of the parameters that a union or conjunction stands for. */
  readonly parts?: readonly string[];
  readonly components?: readonly Component[];
  /** All sources are plain codes or booleans, whose system is implicit. */
  readonly implicitSystem: boolean;
}
export interface TypePlan { readonly type: string; readonly number: number; readonly params: ReadonlyMap<string, ParamPlan>; readonly patientParams: readonly ParamPlan[] }

const unserved = new Set(['_text', '_content', '_query']);
const ordered = new Set(['date', 'number', 'quantity']);
const partsOf = (expression: string): string[] => expression.split(' | ').map((p) => p.trim().replaceAll(/^\(|\)$/g, ''));
const stem = (part: string): string => part.replaceAll(/\.ofType\(\w+\)?/g, '').replaceAll(/ as \w+|[()]/g, '');

/** Decides for every parameter of a type how it is kept; compiled once. */
export function planType(model: Model, type: string): TypePlan {
  const models = model.params(type);
  const params = new Map<string, ParamPlan>();
  for (const param of models.values()) params.set(param.code, planParam(model, type, param, models));
  return { type, number: model.resources.indexOf(type), params, patientParams: model.patientParams(type).map((code) => params.get(code)!).filter((p) => p !== undefined) };
}

function planParam(model: Model, type: string, param: ParamModel, all: ReadonlyMap<string, ParamModel>): ParamPlan {
  const sources = compileExpression(model, type, type, param.expression).filter((s) => !/^[A-Z]/.test(s.type) || param.type === 'composite' || !model.resources.includes(s.type));
  const implicitSystem = sources.every((s) => /^[a-z]/.test(s.type));
  const base = { code: param.code, param, sources, implicitSystem };
  if (param.code === '_id' || param.code === '_lastUpdated') return { ...base, storage: 'meta' };
  if (unserved.has(param.code) || param.type === 'special' || sources.length === 0) return { ...base, storage: 'none' };
  if (param.type === 'composite') return planComposite(model, type, base, all);
  const union = unionOf(param, all);
  if (union) return { ...base, storage: 'union', parts: union };
  if (param.type === 'string') return { ...base, storage: 'string' };
  if (!ordered.has(param.type)) return { ...base, storage: 'token' };
  const single = sources.every((s) => s.single) && new Set(partsOf(param.expression).map(stem)).size === 1;
  return single ? { ...base, storage: 'column', column: `o_${param.code.replaceAll('-', '_')}` } : { ...base, storage: 'rows' };
}

/** Other parameters of the same kind whose expressions together are this one's: `combo-code` is `code` or `component-code`. */
function unionOf(param: ParamModel, all: ReadonlyMap<string, ParamModel>): string[] | undefined {
  const wanted = new Set(partsOf(param.expression));
  if (wanted.size < 2) return undefined;
  const found: string[] = [];
  const covered = new Set<string>();
  for (const other of all.values()) {
    const parts = partsOf(other.expression);
    if (other.code === param.code || other.type !== param.type || parts.length >= wanted.size) continue;
    if (parts.every((p) => wanted.has(p) && !covered.has(p))) {
      found.push(other.code);
      for (const p of parts) covered.add(p);
    }
  }
  return covered.size === wanted.size ? found : undefined;
}

type Base = Pick<ParamPlan, 'code' | 'param' | 'sources' | 'implicitSystem'>;
function planComposite(model: Model, type: string, base: Base, all: ReadonlyMap<string, ParamModel>): ParamPlan {
  const { param } = base;
  const byUrl = (url: string): ParamModel | undefined => [...all.values()].find((p) => p.url === url);
  const targets = param.components.map((c) => byUrl(c.definition));
  if (targets.some((t) => t === undefined) || targets.filter((t) => ordered.has(t!.type) || t!.type === 'string').length > 1) return { ...base, storage: 'none' };
  const sameComponents = (p: ParamModel): boolean => p.type === 'composite' && p.components.map((c) => c.expression).join() === param.components.map((c) => c.expression).join();
  const isRoot = (s: Source): boolean => s.type === type;
  if (base.sources.every(isRoot)) return { ...base, storage: 'conjunction', parts: targets.map((t) => t!.code) };
  if (base.sources.some(isRoot)) {
    const siblings = [...all.values()].filter((p) => p.code !== param.code && sameComponents(p) && partsOf(p.expression).every((x) => partsOf(param.expression).includes(x)));
    return { ...base, storage: 'union', parts: siblings.map((p) => p.code) };
  }
  const components = param.components.map((c, i) => ({ param: targets[i]!, sources: new Map(base.sources.map((s) => [s.type, compileExpression(model, s.type, type, c.expression)])) }));
  const tokensOnly = targets.every((t) => !ordered.has(t!.type) && t!.type !== 'string');
  return { ...base, storage: tokensOnly ? 'pairs' : 'rows', components };
}

/** Plans of all types, each made when first asked for. */
export function plans(model: Model): (type: string) => TypePlan {
  const made = new Map<string, TypePlan>();
  return (type) => {
    let plan = made.get(type);
    if (!plan) made.set(type, plan = planType(model, type));
    return plan;
  };
}

import { invalid, type Sql } from '../../../kernel/index.ts';
import { parameters, visible, type Access, type Parameters } from '../access.ts';
import { fold, hash32, hash64 } from '../params/hash.ts';
import type { ParamPlan, TypePlan } from '../params/plan.ts';
import { tokenForms } from '../params/row.ts';
import { referenceValue } from '../params/values.ts';
import { table } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { spanOf } from '../params/dates.ts';
import { dateCondition, numberCondition } from './ranges.ts';
import { splitEscaped, unescape, type Filter } from './query.ts';
import { ofTypeForm, referenceForms, tokenForm } from './tokens.ts';

export interface Searching { readonly store: Store; readonly sql: Sql; readonly access: Access }

/** Most rows that a chain or _has may pass through when it can't be put into one statement. */
export const chainLimit = 1000;
const quoteLike = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&');
const quoteRegex = (text: string): string => text.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&');
const tok = (alias: string, p: Parameters): string => (p.narrow ? `(${alias}.tok || '{}'::bigint[])` : `${alias}.tok`);
const any = (hashes: readonly string[], alias: string, p: Parameters): string => `${tok(alias, p)} ${hashes.length === 1 ? '@>' : '&&'} ${p.add(hashes)}::bigint[]`;
const either = (parts: readonly string[]): string => (parts.length === 1 ? parts[0]! : `(${parts.map((x) => `(${x})`).join(' or ')})`);

/** True when `patient` of the row is exactly what the parameter points to, so that the column can stand for it. */
export const isPatientColumn = (plan: TypePlan, param: ParamPlan): boolean =>
  plan.type !== 'Patient' && plan.patientParams[0] !== undefined && (param.code === plan.patientParams[0].code || (param.code === 'subject' && plan.patientParams.includes(param))) && param.sources.every((s) => s.single);

/** The id when the filter names exactly one patient through the row's own patient column. */
export function singlePatient(plan: TypePlan, filter: Filter): string | undefined {
  if (filter.kind !== 'value' || filter.values.length !== 1 || (filter.modifier !== undefined && filter.modifier !== 'Patient') || !isPatientColumn(plan, filter.param)) return undefined;
  const m = /^(?:Patient\/)?([A-Za-z0-9.-]{1,64})$/.exec(filter.values[0]!);
  if (!m || (!filter.values[0]!.includes('/') && filter.param.code === 'subject' && filter.modifier === undefined && filter.param.param.targets.length !== 1)) return undefined;
  return m[1];
}

/** SQL for one criterion on the row `alias` of the plan's type. */
export async function condition(s: Searching, plan: TypePlan, filter: Filter, alias: string, p: Parameters): Promise<string> {
  if (filter.kind === 'chain') return chained(s, plan, filter, alias, p);
  if (filter.kind === 'has') return reversed(s, plan, filter, alias, p);
  const patient = singlePatient(plan, filter);
  if (patient !== undefined) return `${alias}.patient = ${p.add(patient)}::text`;
  return valueCondition(s, plan, filter.param, filter.values, filter.modifier, alias, p);
}

function valueCondition(s: Searching, plan: TypePlan, param: ParamPlan, values: readonly string[], modifier: string | undefined, alias: string, p: Parameters): string {
  if (param.storage === 'union') {
    const parts = param.parts!.map((code) => valueCondition(s, plan, plan.params.get(code)!, values, modifier, alias, p));
    const all = modifier === 'not' || (modifier === 'missing' && values[0] === 'true');
    return all ? `(${parts.map((x) => `(${x})`).join(' and ')})` : either(parts);
  }
  if (modifier === 'missing') return missing(plan, param, values, alias, p);
  if (param.param.type === 'composite') return either(values.map((v) => composite(s, plan, param, v, alias, p)));
  switch (param.storage) {
    case 'meta': return param.code === '_id' ? `${alias}.id = any(${p.add(values.map(unescape))}::text[])` : either(values.map((v) => lastUpdated(v, alias, p)));
    case 'string': return either(values.map((v) => text(param, unescape(v), modifier, alias, p)));
    case 'column': case 'rows': return either(values.map((v) => ordered(s, plan, param, v, alias, p)));
    default: return tokens(s, param, values, modifier, alias, p);
  }
}

function tokens(s: Searching, param: ParamPlan, values: readonly string[], modifier: string | undefined, alias: string, p: Parameters): string {
  if (modifier === 'text') return either(values.map((v) => `${alias}.strs ~ ${p.add(`\\n~${quoteRegex(param.code)}:[^\\n]*${quoteRegex(fold(unescape(v)))}`)}`));
  const forms = values.flatMap((v) => {
    if (param.param.type === 'reference') return modifier === 'identifier' ? [identifierForm(param, v)] : referenceForms(param, v, s.store.baseUrl(), modifier);
    if (param.param.type === 'uri') return [tokenForms.target(param.code, unescape(v))];
    return [modifier === 'of-type' ? ofTypeForm(param, v) : tokenForm(param, v)];
  });
  const found = any(forms.map(hash64), alias, p);
  return modifier === 'not' ? `not (${found})` : found;
}

function identifierForm(param: ParamPlan, value: string): string {
  const [system, id] = splitEscaped(value, '|').map(unescape);
  return id === undefined ? tokenForms.identifier(param.code, '', system ?? '') : tokenForms.identifier(param.code, system ?? '', id);
}

function text(param: ParamPlan, value: string, modifier: string | undefined, alias: string, p: Parameters): string {
  if (modifier === 'exact') return `${tok(alias, p)} @> ${p.add([hash64(tokenForms.exact(param.code, value))])}::bigint[]`;
  const folded = fold(value);
  if (modifier === 'contains') return `${alias}.strs ~ ${p.add(`\\n${quoteRegex(param.code)}:[^\\n]*${quoteRegex(folded)}`)}`;
  return `${alias}.strs like ${p.add(`%\n${quoteLike(param.code)}:${quoteLike(folded)}%`)}`;
}

function missing(plan: TypePlan, param: ParamPlan, values: readonly string[], alias: string, p: Parameters): string {
  if (values[0] !== 'true' && values[0] !== 'false') throw invalid('search-parameter', ':missing is true or false.', { details: { at: param.code } });
  const wanted = values[0] === 'true';
  if (param.storage === 'column') return `${alias}."${param.column}_lo" is ${wanted ? '' : 'not '}null`;
  if (param.storage === 'conjunction') return either(param.parts!.map((code) => missing(plan, plan.params.get(code)!, values, alias, p)));
  if (param.components) throw invalid('search-parameter', ':missing is not served on this composite.', { details: { at: param.code } });
  return `${wanted ? 'not ' : ''}(${tok(alias, p)} @> ${p.add([hash64(tokenForms.present(param.code))])}::bigint[])`;
}

function lastUpdated(value: string, alias: string, p: Parameters): string {
  const m = /^(eq|ne|gt|lt|ge|le|sa|eb)?(.*)$/s.exec(value)!;
  const span = spanOf(m[2]!.replace(/ (\d\d:\d\d)$/, '+$1'));
  if (!span) throw invalid('search-date', 'Not a date.', { details: { at: '_lastUpdated' } });
  const column = `${alias}.last_updated`;
  const a = (): string => `${p.add(new Date(span.lo))}::timestamptz`;
  const b = (): string => `${p.add(new Date(span.hi))}::timestamptz`;
  switch (m[1] ?? 'eq') {
    case 'ne': return `not (${column} >= ${a()} and ${column} < ${b()})`;
    case 'gt': case 'sa': return `${column} >= ${b()}`;
    case 'lt': case 'eb': return `${column} < ${a()}`;
    case 'ge': return `${column} >= ${a()}`;
    case 'le': return `${column} < ${b()}`;
    default: return `(${column} >= ${a()} and ${column} < ${b()})`;
  }
}

function range(s: Searching, type: string, name: string, value: string, lo: string, hi: string, p: Parameters): string {
  return type === 'date' ? dateCondition(name, value, lo, hi, p, s.store.clock.now) : numberCondition(name, value, lo, hi, p);
}
/** `5.4|http://unitsofmeasure.org|mg` -> the number and the form of its unit. */
function quantity(name: string, value: string): { number: string; unit?: string } {
  const [number = '', system, code] = splitEscaped(value, '|').map(unescape);
  if (!code) return { number };
  return { number, unit: system ? tokenForms.systemCode(name, system, code) : tokenForms.code(name, code) };
}

function ordered(s: Searching, plan: TypePlan, param: ParamPlan, value: string, alias: string, p: Parameters): string {
  const { number, unit } = param.param.type === 'quantity' ? quantity(param.code, value) : { number: value, unit: undefined };
  if (param.storage === 'column') {
    const test = range(s, param.param.type, param.code, number, `${alias}."${param.column}_lo"`, `${alias}."${param.column}_hi"`, p);
    return unit === undefined ? test : `(${test} and ${any([hash64(unit)], alias, p)})`;
  }
  const test = range(s, param.param.type, param.code, number, 'q.lo', 'q.hi', p);
  return `${alias}.id in (select q.id from fhir.ordered q where q.type = ${plan.number} and q.param = ${hash32(param.code)} and ${test}${unit === undefined ? '' : ` and q.toks @> ${p.add([hash64(unit)])}::bigint[]`})`;
}

function composite(s: Searching, plan: TypePlan, param: ParamPlan, value: string, alias: string, p: Parameters): string {
  const parts = splitEscaped(value, '$');
  const count = param.parts?.length ?? param.components?.length ?? 0;
  if (parts.length !== count) throw invalid('search-parameter', `A value has ${count} parts, joined by $.`, { details: { at: param.code } });
  if (param.storage === 'conjunction') return `(${param.parts!.map((code, i) => valueCondition(s, plan, plan.params.get(code)!, [parts[i]!], undefined, alias, p)).join(' and ')})`;
  let forms = [''];
  let test = '';
  param.components!.forEach((component, i) => {
    const kind = component.param.type;
    const part = parts[i]!;
    if (kind === 'quantity' || kind === 'number' || kind === 'date') {
      const { number, unit } = kind === 'quantity' ? quantity('', part) : { number: part, unit: undefined };
      test += ` and ${range(s, kind, param.code, number, 'q.lo', 'q.hi', p)}${unit === undefined ? '' : ` and q.toks @> ${p.add([hash64(unit)])}::bigint[]`}`;
    } else if (kind === 'string') test += ` and q.str like ${p.add(`${quoteLike(fold(unescape(part)))}%`)}`;
    else {
      const own = { ...plan.params.get(component.param.code)!, implicitSystem: [...component.sources.values()].flat().every((x) => /^[a-z]/.test(x.type)) };
      const next = kind === 'reference' || kind === 'uri' ? referenceForms(own, part, s.store.baseUrl(), undefined, '') : [tokenForm(own, part, '')];
      forms = forms.flatMap((left) => next.map((right) => `${left}$${right}`));
    }
  });
  if (param.storage === 'pairs') return any(forms.map((f) => hash64(`${param.code}${f}`)), alias, p);
  return `${alias}.id in (select q.id from fhir.ordered q where q.type = ${plan.number} and q.param = ${hash32(param.code)} and q.toks && ${p.add(forms.map(hash64))}::bigint[]${test})`;
}

async function chained(s: Searching, plan: TypePlan, filter: Filter & { kind: 'chain' }, alias: string, outer: Parameters): Promise<string> {
  const p: Parameters = { values: outer.values, add: outer.add };
  const target = s.store.plan(filter.target);
  if (filter.target === 'Patient' && isPatientColumn(plan, filter.param)) {
    return `${alias}.patient in (select cp.id from fhir."Patient" cp where not cp.deleted and ${await condition(s, target, filter.inner, 'cp', p)} and ${visible(s.access, 'Patient', 'cp', p)})`;
  }
  const ids = (await matches(s, target, filter.inner, 'cx.id')).map((r) => r.value);
  return any(ids.map((id) => hash64(tokenForms.target(filter.param.code, `${filter.target}/${id}`))), alias, p);
}

async function reversed(s: Searching, plan: TypePlan, filter: Filter & { kind: 'has' }, alias: string, outer: Parameters): Promise<string> {
  const p: Parameters = { values: outer.values, add: outer.add };
  const other = s.store.plan(filter.type);
  if (plan.type === 'Patient' && isPatientColumn(other, filter.param)) {
    return `${alias}.id in (select ch.patient from ${table(other.type)} ch where not ch.deleted and ${await condition(s, other, filter.inner, 'ch', p)} and ${visible(s.access, other.type, 'ch', p)})`;
  }
  const ids = new Set<string>();
  for (const { value } of await matches(s, other, filter.inner, 'cx.content')) {
    const resource: unknown = JSON.parse(value);
    for (const source of filter.param.sources) {
      const found: unknown[] = [];
      source.get(resource, resource, found);
      for (const f of found) {
        const { target } = referenceValue(f);
        if (target?.startsWith(`${plan.type}/`)) ids.add(target.slice(plan.type.length + 1));
      }
    }
  }
  return `${alias}.id = any(${p.add([...ids])}::text[])`;
}

/** Rows that an inner criterion finds, bounded. */
async function matches(s: Searching, plan: TypePlan, inner: Filter, column: string): Promise<{ value: string }[]> {
  const p = parameters();
  const where = `not cx.deleted and ${await condition(s, plan, inner, 'cx', p)} and ${visible(s.access, plan.type, 'cx', p)}`;
  const { rows } = await s.sql.query<{ value: string }>(`select ${column} as value from ${table(plan.type)} cx where ${where} limit ${chainLimit + 1}`, p.values);
  if (rows.length > chainLimit) throw invalid('search-too-broad', `A linked search finds more than ${chainLimit} resources: narrow it.`, { details: { at: plan.type } });
  return rows;
}

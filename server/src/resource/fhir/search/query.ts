import { invalid } from '../../../kernel/index.ts';
import type { ParamPlan, TypePlan } from '../params/plan.ts';

/** One search criterion: values are alternatives (OR); several criteria all hold (AND). */
export type Filter =
  | { readonly kind: 'value'; readonly param: ParamPlan; readonly modifier?: string; readonly values: readonly string[] }
  | { readonly kind: 'chain'; readonly param: ParamPlan; readonly target: string; readonly inner: Filter }
  | { readonly kind: 'has'; readonly type: string; readonly param: ParamPlan; readonly inner: Filter };

export interface Include { readonly source: string; readonly param: string; readonly target?: string; readonly iterate: boolean }
export interface SearchQuery {
  readonly type: string;
  readonly filters: readonly Filter[];
  readonly sort: readonly { readonly param: ParamPlan; readonly descending: boolean }[];
  readonly count: number;
  readonly cursor?: string;
  readonly total: boolean;
  readonly summary: 'true' | 'text' | 'data' | 'count' | 'false';
  readonly elements?: readonly string[];
  readonly includes: readonly Include[];
  readonly revincludes: readonly Include[];
  /** The query as it was understood, without the cursor: for links. */
  readonly self: string;
  /** Parameters that were left out in lenient handling. */
  readonly ignored: readonly string[];
}

export const limits = { queryLength: 16_384, parameters: 60, valuesPerParameter: 300, count: 1000, defaultCount: 50, chainDepth: 3, sortKeys: 3 } as const;

const wrong = (name: string, message: string): never => { throw invalid('search-parameter', message, { details: { at: name.slice(0, 100) } }); };

/** Splits at a separator that no backslash precedes. */
export function splitEscaped(text: string, separator: ',' | '|' | '$'): string[] {
  const parts: string[] = [];
  let part = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === '\\' && i + 1 < text.length) { part += c + text[++i]!; continue; }
    if (c === separator) { parts.push(part); part = ''; } else part += c;
  }
  return [...parts, part];
}
export const unescape = (text: string): string => text.replaceAll(/\\([,$|\\])/g, '$1');

/**
 * Understands the part of a search URL after `?`.
 * @param plan parameters of a type; undefined for a name that is no resource type.
 * @throws invalid `search-parameter` that names the parameter: unknown ones too, unless `lenient` (they are then listed in `ignored`).
 */
export function parseQuery(plan: (type: string) => TypePlan | undefined, type: string, text: string, lenient = false): SearchQuery {
  if (text.length > limits.queryLength) wrong('', `The query is longer than ${limits.queryLength} characters.`);
  const pairs = [...new URLSearchParams(text)];
  for (const [name, value] of pairs) if (name.includes('\0') || value.includes('\0')) wrong(name.replaceAll('\0', ''), 'A NUL character is not allowed.');
  if (pairs.length > limits.parameters) wrong('', `A search has at most ${limits.parameters} parameters.`);
  const own = plan(type) ?? wrong('', 'There is no such resource type.');
  const filters: Filter[] = [];
  const ignored: string[] = [];
  const includes: Include[] = [];
  const revincludes: Include[] = [];
  let sort: SearchQuery['sort'] = [];
  let count: number = limits.defaultCount;
  let cursor: string | undefined;
  let total = false;
  let summary: SearchQuery['summary'] = 'false';
  let elements: string[] | undefined;
  const kept = new URLSearchParams();
  for (const [name, value] of pairs) {
    if (value === '') continue;
    const [head] = name.split(':');
    switch (head) {
      case '_count': {
        if (!/^\d{1,9}$/.test(value)) wrong(name, '_count must be a whole number.');
        count = Math.min(Number(value), limits.count);
        break;
      }
      case '_cursor': cursor = value; continue;
      case '_total':
        if (!['none', 'estimate', 'accurate'].includes(value)) wrong(name, '_total must be none, estimate or accurate.');
        total = value !== 'none';
        break;
      case '_summary':
        if (!['true', 'text', 'data', 'count', 'false'].includes(value)) wrong(name, '_summary must be true, text, data, count or false.');
        summary = value as SearchQuery['summary'];
        break;
      case '_elements': elements = value.split(',').map((e) => e.trim().split('.')[0]!).slice(0, 100); break;
      case '_format': case '_pretty': continue;
      case '_sort': sort = parseSort(own, value); break;
      case '_include': case '_revinclude': {
        const include = parseInclude(plan, name, value);
        if (head === '_include') includes.push(include);
        else revincludes.push(include);
        break;
      }
      default: {
        const filter = parseFilter(plan, own, name, value, 0);
        if (typeof filter === 'object') filters.push(filter);
        else if (lenient) { ignored.push(name); continue; } else wrong(name, filter);
      }
    }
    kept.append(name, value);
  }
  return { type, filters, sort, count, total, summary, includes, revincludes, ignored, self: kept.toString(), ...(cursor === undefined ? {} : { cursor }), ...(elements ? { elements } : {}) };
}

function parseSort(plan: TypePlan, value: string): SearchQuery['sort'] {
  const keys = value.split(',');
  if (keys.length > limits.sortKeys) wrong('_sort', `At most ${limits.sortKeys} sort keys.`);
  return keys.map((key) => {
    const code = key.trim().replace(/^[-+]/, '');
    const param = plan.params.get(code);
    if (!param || !['string', 'column', 'rows', 'meta'].includes(param.storage) || param.components) return wrong('_sort', `Sorting by ${code.slice(0, 60)} is not served: sort by a date, number, quantity or string parameter, _id or _lastUpdated.`);
    return { param, descending: key.trim().startsWith('-') };
  });
}

function parseInclude(plan: (type: string) => TypePlan | undefined, name: string, value: string): Include {
  const [, modifier] = name.split(':');
  if (modifier !== undefined && modifier !== 'iterate' && modifier !== 'recurse') wrong(name, 'The only modifier here is :iterate.');
  const [source = '', param = '', target] = value.split(':');
  const known = plan(source)?.params.get(param);
  if (param !== '*' && known?.param.type !== 'reference') wrong(name, 'Must be Type:reference-parameter.');
  if (!plan(source) || (target !== undefined && !plan(target))) wrong(name, 'Names an unknown resource type.');
  return { source, param, iterate: modifier !== undefined, ...(target === undefined ? {} : { target }) };
}

/** A filter, or a text that says why there is none. */
function parseFilter(plan: (type: string) => TypePlan | undefined, own: TypePlan, name: string, value: string, depth: number): Filter | string {
  if (depth > limits.chainDepth) return `At most ${limits.chainDepth} links in a chain.`;
  if (name.startsWith('_has:')) {
    const m = /^_has:([A-Za-z]+):([A-Za-z-]+):(.+)$/.exec(name);
    const other = m ? plan(m[1]!) : undefined;
    const param = m ? other?.params.get(m[2]!) : undefined;
    if (!m || !other || param?.param.type !== 'reference') return '_has must be _has:Type:reference-parameter:parameter.';
    const inner = parseFilter(plan, other, m[3]!, value, depth + 1);
    return typeof inner === 'string' ? inner : { kind: 'has', type: other.type, param, inner };
  }
  const dot = name.indexOf('.');
  const head = dot < 0 ? name : name.slice(0, dot);
  const [code = '', modifier, extra] = head.split(':');
  const param = own.params.get(code);
  if (!param || param.storage === 'none' || extra !== undefined) return `${own.type} has no search parameter ${code.slice(0, 60)}.`;
  if (dot >= 0) {
    if (param.param.type !== 'reference') return 'Only a reference can be chained.';
    const targets = modifier === undefined ? param.param.targets : [modifier];
    const rest = name.slice(dot + 1);
    const fits = targets.filter((t) => plan(t) && (param.param.targets.length === 0 || param.param.targets.includes(t)) && typeof parseFilter(plan, plan(t)!, rest, value, depth + 1) === 'object');
    if (fits.length === 0) return 'The chained parameter exists on none of the target types.';
    if (fits.length > 1) return `The reference can point to ${fits.slice(0, 6).join(', ')}: name the type, as in ${code}:${fits[0]}.${rest.slice(0, 40)}.`;
    return { kind: 'chain', param, target: fits[0]!, inner: parseFilter(plan, plan(fits[0]!)!, rest, value, depth + 1) as Filter };
  }
  const values = splitEscaped(value, ',').filter((v) => v !== '');
  if (values.length > limits.valuesPerParameter) return `At most ${limits.valuesPerParameter} values.`;
  if (values.length === 0) return 'The parameter has no value.';
  if (modifier !== undefined && !modifierFits(param, modifier, plan)) return `The modifier :${modifier.slice(0, 40)} is not served on ${code.slice(0, 60)}.`;
  return { kind: 'value', param, values, ...(modifier === undefined ? {} : { modifier }) };
}

function modifierFits(param: ParamPlan, modifier: string, plan: (type: string) => TypePlan | undefined): boolean {
  if (modifier === 'missing') return param.storage !== 'meta';
  switch (param.param.type) {
    case 'string': return modifier === 'exact' || modifier === 'contains';
    case 'token': return ['not', 'text', 'of-type'].includes(modifier) && param.storage !== 'meta';
    case 'reference': return modifier === 'identifier' || (plan(modifier) !== undefined && (param.param.targets.length === 0 || param.param.targets.includes(modifier)));
    default: return false;
  }
}

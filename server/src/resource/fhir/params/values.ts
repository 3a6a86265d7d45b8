import { spanOf, type Span } from './dates.ts';

type Json = Readonly<Record<string, unknown>>;
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]).filter((v) => v !== null && typeof v === 'object') : []);

export interface TokenValue { readonly system?: string | undefined; readonly code: string | undefined; readonly display?: string | undefined; readonly typed?: readonly { system?: string | undefined; code?: string | undefined }[] }

/** What a value of the given FHIR type means to a token parameter. */
export function tokenValues(type: string, value: unknown): TokenValue[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object') return [{ code: String(value) }];
  const v = value as Json;
  switch (type) {
    case 'CodeableConcept': return [
      ...list(v['coding']).map((c) => ({ system: text(c['system']), code: text(c['code']), display: text(c['display']) })),
      ...(text(v['text']) ? [{ code: undefined, display: text(v['text']) }] : []),
    ];
    case 'Coding': return [{ system: text(v['system']), code: text(v['code']), display: text(v['display']) }];
    case 'Identifier': {
      const kind = v['type'] as Json | undefined;
      return [{ system: text(v['system']), code: text(v['value']), display: text(kind?.['text']), typed: list(kind?.['coding']).map((c) => ({ system: text(c['system']), code: text(c['code']) })) }];
    }
    case 'ContactPoint': return [{ system: text(v['system']), code: text(v['value']) }];
    default: return [];
  }
}

/** Parts of a value that a string parameter looks at. */
export function stringValues(type: string, value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  const v = value as Json;
  const parts = type === 'HumanName' ? ['family', 'given', 'prefix', 'suffix', 'text']
    : type === 'Address' ? ['line', 'city', 'district', 'state', 'country', 'postalCode', 'text'] : ['text', 'name', 'display'];
  return parts.flatMap((part) => { const p = v[part]; return Array.isArray(p) ? p.filter((x): x is string => typeof x === 'string') : typeof p === 'string' ? [p] : []; });
}

export interface ReferenceValue { readonly target?: string; readonly identifier?: Json }
/** Where a Reference, canonical or uri points. Fragments (`#x`) point nowhere outside. */
export function referenceValue(value: unknown): ReferenceValue {
  if (typeof value === 'string') return value.startsWith('#') || value === '' ? {} : { target: value };
  if (value === null || typeof value !== 'object') return {};
  const v = value as Json;
  const target = text(v['reference']);
  const identifier = v['identifier'] as Json | undefined;
  return {
    ...(target && !target.startsWith('#') ? { target: target.replace(/\/_history\/[^/]+$/, '') } : {}),
    ...(identifier && typeof identifier === 'object' ? { identifier } : {}),
  };
}

export function dateSpans(type: string, value: unknown): Span[] {
  if (typeof value === 'string') { const span = spanOf(value); return span ? [span] : []; }
  if (value === null || typeof value !== 'object') return [];
  const v = value as Json;
  if (type === 'Timing') {
    const spans = (Array.isArray(v['event']) ? v['event'] : []).flatMap((e: unknown) => dateSpans('dateTime', e));
    const bounds = (v['repeat'] as Json | undefined)?.['boundsPeriod'];
    const all = [...spans, ...dateSpans('Period', bounds)];
    return all.length === 0 ? [] : [{ lo: Math.min(...all.map((s) => s.lo)), hi: Math.max(...all.map((s) => s.hi)) }];
  }
  const start = text(v['start']);
  const end = text(v['end']);
  if (start === undefined && end === undefined) return [];
  return [{ lo: start === undefined ? -Infinity : (spanOf(start)?.lo ?? -Infinity), hi: end === undefined ? Infinity : (spanOf(end)?.hi ?? Infinity) }];
}

export interface NumberValue extends Span { readonly units: readonly { readonly system?: string | undefined; readonly code: string }[] }
/** Numbers and quantities as closed ranges, with the unit forms a search may name. */
export function numberValues(type: string, value: unknown): NumberValue[] {
  if (typeof value === 'number') return [{ lo: value, hi: value, units: [] }];
  if (value === null || typeof value !== 'object') return [];
  const v = value as Json;
  if (type === 'Range') {
    const [low] = numberValues('Quantity', v['low']);
    const [high] = numberValues('Quantity', v['high']);
    return low || high ? [{ lo: low?.lo ?? -Infinity, hi: high?.hi ?? Infinity, units: (low ?? high)!.units }] : [];
  }
  if (type === 'SampledData') return [];
  const n = v['value'];
  if (typeof n !== 'number') return [];
  const [system, code, unit] = [text(v['system']), text(v['code']) ?? text(v['currency']), text(v['unit'])];
  const units = [...(code === undefined ? [] : [{ system: system ?? (v['currency'] ? 'urn:iso:std:iso:4217' : undefined), code }]), ...(unit !== undefined && unit !== code ? [{ code: unit }] : [])];
  const comparator = v['comparator'];
  return [{ lo: comparator === '<' || comparator === '<=' ? -Infinity : n, hi: comparator === '>' || comparator === '>=' ? Infinity : n, units }];
}

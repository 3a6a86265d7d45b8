import type { Source } from './compile.ts';
import { fold, hash32, hash64 } from './hash.ts';
import type { ParamPlan, TypePlan } from './plan.ts';
import { referencedType } from './compile.ts';
import { dateSpans, numberValues, referenceValue, stringValues, tokenValues, type NumberValue } from './values.ts';

/** A line of fhir.ordered: values that may repeat, or that belong together in a composite. */
export interface OrderedRow { readonly param: number; readonly lo: number; readonly hi: number; readonly toks: readonly string[]; readonly str: string | null }

/** Everything the database is told about a resource besides its text. */
export interface IndexRow {
  readonly tok: readonly string[];
  readonly strs: string;
  /** By column stem: lo and hi. */
  readonly columns: ReadonlyMap<string, readonly [number, number]>;
  readonly ordered: readonly OrderedRow[];
  /** Patient whose compartment the row is in. */
  readonly patient: string | null;
  /** Hashes of the codes (without system) of `code`-like parameters, for fhir.clinical. */
  readonly codes: readonly string[];
}

/** Forms under which a token can be asked for. The strings are hashed; they must never change. */
export const tokenForms = {
  code: (param: string, code: string): string => `${param}|${code}`,
  systemCode: (param: string, system: string, code: string): string => `${param}|${system}|${code}`,
  noSystem: (param: string, code: string): string => `${param}||${code}`,
  system: (param: string, system: string): string => `${param}|${system}|`,
  target: (param: string, target: string): string => `${param}=${target}`,
  exact: (param: string, text: string): string => `${param}!${text}`,
  present: (param: string): string => `${param}?`,
  ofType: (param: string, system: string, code: string, value: string): string => `${param}:of-type|${system}|${code}|${value}`,
  identifier: (param: string, system: string, value: string): string => `${param}:identifier|${system}|${value}`,
  clinical: (code: string): string => `#${code}`,
} as const;

/** The parameter whose codes go into fhir.clinical, by type. */
export const clinicalCodeParam: Readonly<Record<string, string>> = {
  Observation: 'code', Condition: 'code', MedicationRequest: 'code', DiagnosticReport: 'code', Procedure: 'code', Immunization: 'vaccine-code',
  DocumentReference: 'type', ImagingStudy: 'modality', Encounter: 'class', AllergyIntolerance: 'code',
};
/** The date parameter that orders fhir.clinical, by type. */
export const clinicalDateParam: Readonly<Record<string, string>> = {
  Observation: 'date', Condition: 'onset-date', MedicationRequest: 'authoredon', DiagnosticReport: 'date', Procedure: 'date', Immunization: 'date',
  DocumentReference: 'date', ImagingStudy: 'started', Encounter: 'date', AllergyIntolerance: 'date',
};

const valuesOf = (source: Source, node: unknown, resource: unknown): unknown[] => {
  const out: unknown[] = [];
  source.get(node, resource, out);
  return out;
};

export function indexRow(plan: TypePlan, resource: Readonly<Record<string, unknown>>): IndexRow {
  const tok = new Set<string>();
  const strs: string[] = [];
  const columns = new Map<string, readonly [number, number]>();
  const ordered: OrderedRow[] = [];
  const codes = new Set<string>();
  const add = (form: string): void => { tok.add(form); };
  const codeParam = clinicalCodeParam[plan.type];
  for (const p of plan.params.values()) {
    if (p.storage === 'token') tokens(p, resource, add, strs, p.code === codeParam ? codes : undefined);
    else if (p.storage === 'string') strings(p, resource, add, strs);
    else if (p.storage === 'column') {
      const [value] = rangesOf(p, p.sources, resource, resource);
      if (!value) continue;
      columns.set(p.column!, [value.lo, value.hi]);
      for (const form of unitForms(p.code, value)) add(form);
    } else if (p.storage === 'rows' || p.storage === 'pairs') repeated(p, resource, add, ordered);
  }
  return {
    tok: [...tok].map(hash64), strs: strs.length > 0 ? `\n${strs.join('\n')}\n` : '', columns, ordered,
    patient: patientOf(plan, resource), codes: [...codes].map((c) => hash64(tokenForms.clinical(c))),
  };
}

function tokens(p: ParamPlan, resource: unknown, add: (form: string) => void, strs: string[], codes: Set<string> | undefined): void {
  let present = false;
  for (const source of p.sources) {
    for (const value of valuesOf(source, resource, resource)) {
      present = true;
      if (p.param.type === 'reference' || p.param.type === 'uri') { targets(p, value, add); continue; }
      for (const t of tokenValues(source.type, value)) {
        if (t.display !== undefined) strs.push(`~${p.code}:${fold(t.display)}`);
        for (const form of codeForms(p.code, t)) add(form);
        if (t.code !== undefined) codes?.add(t.code);
        for (const kind of t.typed ?? []) if (kind.code && t.code) add(tokenForms.ofType(p.code, kind.system ?? '', kind.code, t.code));
      }
    }
  }
  if (present) add(tokenForms.present(p.code));
}

function codeForms(param: string, t: { system?: string | undefined; code: string | undefined }): string[] {
  if (t.code === undefined) return t.system === undefined ? [] : [tokenForms.system(param, t.system)];
  return t.system === undefined ? [tokenForms.code(param, t.code), tokenForms.noSystem(param, t.code)]
    : [tokenForms.code(param, t.code), tokenForms.systemCode(param, t.system, t.code), tokenForms.system(param, t.system)];
}

function targets(p: ParamPlan, value: unknown, add: (form: string) => void): void {
  const { target, identifier } = referenceValue(value);
  if (target !== undefined) {
    add(tokenForms.target(p.code, target));
    const bar = target.indexOf('|');
    if (bar > 0) add(tokenForms.target(p.code, target.slice(0, bar)));
  }
  const [system, id] = [identifier?.['system'], identifier?.['value']];
  if (typeof id === 'string') {
    add(tokenForms.identifier(p.code, '', id));
    if (typeof system === 'string') add(tokenForms.identifier(p.code, system, id));
  }
}

function strings(p: ParamPlan, resource: unknown, add: (form: string) => void, strs: string[]): void {
  let present = false;
  for (const source of p.sources) {
    for (const value of valuesOf(source, resource, resource)) {
      for (const text of stringValues(source.type, value)) {
        present = true;
        strs.push(`${p.code}:${fold(text)}`);
        add(tokenForms.exact(p.code, text));
      }
    }
  }
  if (present) add(tokenForms.present(p.code));
}

function rangesOf(p: { param: { type: string } }, sources: readonly Source[], node: unknown, resource: unknown): NumberValue[] {
  return sources.flatMap((source) => valuesOf(source, node, resource).flatMap((value) => p.param.type === 'date'
    ? dateSpans(source.type, value).map((s) => ({ ...s, units: [] })) : numberValues(source.type, value)));
}

/** Tokens by which a quantity's unit is found. */
export const unitForms = (param: string, value: NumberValue): string[] =>
  value.units.flatMap((u) => (u.system === undefined ? [tokenForms.code(param, u.code)] : [tokenForms.code(param, u.code), tokenForms.systemCode(param, u.system, u.code)]));

function repeated(p: ParamPlan, resource: unknown, add: (form: string) => void, ordered: OrderedRow[]): void {
  const number = hash32(p.code);
  if (!p.components) {
    for (const value of rangesOf(p, p.sources, resource, resource)) {
      ordered.push({ param: number, lo: value.lo, hi: value.hi, toks: unitForms(p.code, value).map(hash64), str: null });
      add(tokenForms.present(p.code));
    }
    return;
  }
  for (const source of p.sources) {
    for (const element of valuesOf(source, resource, resource)) {
      let combos: string[] = [''];
      let ranges: NumberValue[] | undefined;
      let texts: string[] | undefined;
      for (const component of p.components) {
        const sources = component.sources.get(source.type) ?? [];
        const kind = component.param.type;
        if (kind === 'date' || kind === 'number' || kind === 'quantity') ranges = rangesOf(component, sources, element, resource);
        else if (kind === 'string') texts = sources.flatMap((s) => valuesOf(s, element, resource).flatMap((v) => stringValues(s.type, v)));
        else {
          const forms = sources.flatMap((s) => valuesOf(s, element, resource).flatMap((v) => pairForms(kind, s.type, v)));
          combos = combos.flatMap((left) => forms.map((right) => `${left}$${right}`)).slice(0, 200);
        }
      }
      if (ranges === undefined && texts === undefined) for (const combo of combos) add(`${p.code}${combo}`);
      for (const r of ranges ?? []) ordered.push({ param: number, lo: r.lo, hi: r.hi, toks: [...combos, ...unitForms('', r)].map(hash64), str: null });
      for (const t of texts ?? []) ordered.push({ param: number, lo: 0, hi: 0, toks: combos.map(hash64), str: fold(t) });
    }
  }
}

/** Forms of one component of a composite. */
function pairForms(kind: string, type: string, value: unknown): string[] {
  if (kind === 'reference' || kind === 'uri') { const { target } = referenceValue(value); return target === undefined ? [] : [tokenForms.target('', target)]; }
  return tokenValues(type, value).flatMap((t) => codeForms('', t));
}

function patientOf(plan: TypePlan, resource: Readonly<Record<string, unknown>>): string | null {
  if (plan.type === 'Patient') return typeof resource['id'] === 'string' ? resource['id'] : null;
  for (const p of plan.patientParams) {
    for (const source of p.sources) {
      for (const value of valuesOf(source, resource, resource)) {
        if (source.type === 'Reference' && referencedType(value as Readonly<Record<string, unknown>>) === 'Patient') {
          const m = /^Patient\/([A-Za-z0-9.-]{1,64})(?:\/_history\/.*)?$/.exec(String((value as { reference?: unknown }).reference));
          if (m) return m[1]!;
        }
      }
    }
  }
  return null;
}

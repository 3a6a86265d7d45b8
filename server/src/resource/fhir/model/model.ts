import { readFileSync } from 'node:fs';
import type { ElementModel, ModelFile, ParamModel } from './types.ts';

export interface TypeModel {
  readonly name: string;
  /** By element name (without the `[x]`). */
  readonly elements: ReadonlyMap<string, ElementModel>;
  /** By JSON property: `valueQuantity` leads to element `value` with type `Quantity`. */
  readonly properties: ReadonlyMap<string, { readonly element: ElementModel; readonly type: string }>;
}

export interface Model {
  /** Concrete resource types in alphabetical order; the position is the type's number in the side tables. */
  readonly resources: readonly string[];
  type(path: string): TypeModel | undefined;
  /** Codes of a required, enumerable value set. */
  codes(valueSet: string): ReadonlySet<string> | undefined;
  params(resourceType: string): ReadonlyMap<string, ParamModel>;
  /** Parameters that link a type to a patient, the most telling first. */
  patientParams(resourceType: string): readonly string[];
}

const upper = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

export function loadModel(): Model {
  const file = JSON.parse(readFileSync(new URL('r4-model.json', import.meta.url), 'utf8')) as ModelFile;
  const types = new Map<string, TypeModel>();
  const typeOf = (path: string): TypeModel | undefined => {
    const known = types.get(path);
    if (known) return known;
    const rows = Object.hasOwn(file.elements, path) ? file.elements[path] : undefined;
    if (!rows) return undefined;
    const elements = new Map<string, ElementModel>();
    const properties = new Map<string, { element: ElementModel; type: string }>();
    for (const [name, elementTypes, min, max, flags, binding] of rows) {
      const choice = (flags & 1) !== 0;
      const valueSet = file.valueSets[binding]?.[0];
      const element: ElementModel = { name, types: elementTypes, min, max: max < 0 ? Infinity : max, choice, summary: (flags & 2) !== 0, ...(valueSet === undefined ? {} : { binding: valueSet }) };
      elements.set(name, element);
      if (choice) for (const type of elementTypes) properties.set(name + upper(type), { element, type });
      else properties.set(name, { element, type: elementTypes[0] ?? 'Element' });
    }
    const made = { name: path, elements, properties };
    types.set(path, made);
    return made;
  };
  const valueSets = new Map(file.valueSets.map(([url, codes]) => [url, new Set(codes)]));
  const params = new Map(file.resources.map((type) => [type, new Map(['Resource', 'DomainResource', type].flatMap((base) => file.params[base] ?? []).map((p) => [p.code, p] as const))]));
  const telling = ['patient', 'subject', 'beneficiary', 'individual', 'actor', 'member'];
  const rank = (code: string): number => (telling.includes(code) ? telling.indexOf(code) : telling.length);
  return {
    resources: file.resources,
    type: typeOf,
    codes: (url) => valueSets.get(url),
    params: (type) => params.get(type) ?? new Map(),
    patientParams: (type) => {
      const own = params.get(type);
      const listed = [...(own?.has('patient') ? ['patient'] : []), ...(file.patientCompartment[type] ?? [])];
      return [...new Set(listed)].filter((code) => own?.get(code)?.type === 'reference').sort((a, b) => rank(a) - rank(b));
    },
  };
}

/** The R4 model; constant, read once. */
export const r4: Model = loadModel();

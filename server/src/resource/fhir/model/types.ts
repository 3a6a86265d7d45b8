/** One element of a type in the compact model: what validation and search-parameter compilation need, nothing else. */
export interface ElementModel {
  readonly name: string;
  /** FHIR type codes; a type path such as `Patient.contact` for a backbone element. */
  readonly types: readonly string[];
  readonly min: number;
  /** Infinity when unbounded. */
  readonly max: number;
  /** True for `value[x]`: the JSON property is the name followed by the type. */
  readonly choice: boolean;
  /** Part of `_summary=true`. */
  readonly summary: boolean;
  /** URL of the required value set whose codes are enumerable. */
  readonly binding?: string;
}

export const searchParamTypes = ['string', 'token', 'date', 'uri', 'reference', 'quantity', 'composite', 'number', 'special'] as const;
export type SearchParamType = (typeof searchParamTypes)[number];

/** A search parameter as it applies to one resource type. */
export interface ParamModel {
  readonly code: string;
  readonly type: SearchParamType;
  readonly url: string;
  readonly expression: string;
  /** Target types of a reference parameter. */
  readonly targets: readonly string[];
  readonly components: readonly { readonly expression: string; readonly definition: string }[];
}

/** Row form of an element in r4-model.json: name, types, min, max (-1 = unbounded), flags (1 choice, 2 summary), binding index or -1. */
export type ElementRow = readonly [string, readonly string[], number, number, number, number];
export interface ModelFile {
  readonly fhirVersion: string;
  /** Concrete resource types, in alphabetical order. */
  readonly resources: readonly string[];
  readonly elements: Readonly<Record<string, readonly ElementRow[]>>;
  readonly valueSets: readonly (readonly [string, readonly string[]])[];
  /** Resource type -> parameters; `Resource` and `DomainResource` apply to all. */
  readonly params: Readonly<Record<string, readonly ParamModel[]>>;
  /** Resource type -> parameters that put it into a Patient's compartment. */
  readonly patientCompartment: Readonly<Record<string, readonly string[]>>;
}

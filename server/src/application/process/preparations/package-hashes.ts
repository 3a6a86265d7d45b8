import { createHash } from 'node:crypto';
import type { Resource } from '@medplum/fhirtypes';
import type { FhirTransaction } from '../../../resource/fhir/contract.ts';
import type { ItemHash } from '../blocks/materials.ts';
import { presentItems } from '../blocks/materials.ts';
import type { Preparation } from '../engine.ts';
import { readIfVisible } from '../load.ts';

/** Digest of the bytes behind a resource (a document's file, a study's instances); undefined when it has none of its own. */
export type ByteDigest = (fhir: FhirTransaction, resource: Resource) => Promise<string | undefined>;

async function hashItem(fhir: FhirTransaction, item: string, bytes: ByteDigest): Promise<ItemHash | undefined> {
  const resource = await readIfVisible<Resource>(fhir, item);
  if (!resource) return undefined;
  const of = await bytes(fhir, resource);
  return { item, version: resource.meta?.versionId ?? '1', sha256: of ?? createHash('sha256').update(JSON.stringify(resource)).digest('hex') };
}

/**
 * Hashes what is sent, and again what arrived: the desk's items when a package is made, the package's items when the invitee
 * acknowledges it, each read with the rights of whoever acts.
 */
export function packageHashes(bytes: ByteDigest): Preparation {
  return async ({ fhir, case: c, input }) => {
    const reference = input.reference('package');
    const manifest = reference === undefined ? undefined : c.packages.find((p) => `DocumentManifest/${p.id}` === reference);
    const items = reference === undefined ? presentItems(c) : (manifest?.content ?? []).map((x) => x.reference ?? '');
    const hashes: ItemHash[] = [];
    for (const item of items) {
      const hash = await hashItem(fhir, item, bytes);
      if (hash) hashes.push(hash);
    }
    return { hashes };
  };
}

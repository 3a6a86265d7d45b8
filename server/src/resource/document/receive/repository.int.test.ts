import type { DocumentReference } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { blobWorld, collect } from '../../blob/fixtures/blob-world.ts';
import { clinicianContext, patientContext, systemContext, testRepository } from '../../fhir/testing.ts';
import { once, samples } from './fixtures/documents.ts';
import { receiveDocument, receivedBefore, serveBinary } from './index.ts';

test('a document received through the FHIR repository is found, read back by those who may, and by nobody else', async () => {
  await using world = await blobWorld();
  await using repo = await testRepository();
  const fhir = repo.repository;
  const author = clinicianContext('a', 'h1');
  await fhir.create(systemContext('h1'), { resourceType: 'Organization', id: 'h1', name: 'District hospital' });
  await fhir.create(systemContext('h1'), { resourceType: 'Practitioner', id: 'a' });
  await fhir.create(systemContext('h1'), { resourceType: 'Patient', id: 'p1' });
  const bytes = samples()['application/pdf']!;
  const deps = { blobs: world.store, fhir };
  const received = await receiveDocument(deps, author, once(bytes), { patient: 'p1', category: 'document', title: 'A letter', claimedType: 'application/pdf' });

  const found = JSON.parse(await fhir.search(author, 'DocumentReference', 'patient=p1')) as { entry?: { resource: DocumentReference }[] };
  expect(found.entry?.map((entry) => entry.resource.id)).toEqual([received.id]);
  expect(await receivedBefore(deps, author, received.id)).toEqual(received);
  for (const reader of [author, patientContext('p1')]) {
    const served = await serveBinary(deps, reader, received.id);
    expect((await collect(served.stream!)).equals(bytes)).toBe(true);
  }
  for (const stranger of [clinicianContext('b', 'h2'), patientContext('p2')]) {
    await expect(serveBinary(deps, stranger, received.id)).rejects.toMatchObject({ kind: 'not-found' });
  }
});

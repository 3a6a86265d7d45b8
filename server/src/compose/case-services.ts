import { createHash } from 'node:crypto';
import type { DocumentReference, ImagingStudy } from '@medplum/fhirtypes';
import { newId } from '../kernel/index.ts';
import { createProcessEngine, type Preparation, type ProcessEngine } from '../application/process/index.ts';
import { packageHashes, type ByteDigest } from '../application/process/preparations/package-hashes.ts';
import { patientLink } from '../application/process/preparations/patient-link.ts';
import { roomTicket } from '../application/process/preparations/room-ticket.ts';
import { teleconsultation } from '../application/teleconsultation/index.ts';
import { sha256Url } from '../resource/document/receive/index.ts';
import type { OpenFhirRepository } from '../resource/fhir/index.ts';
import type { Links } from '../security/authentication/index.ts';
import type { Foundation } from './foundation.ts';

export const definitions = [teleconsultation] as const;

/** Bytes up to this size are read again to prove that they arrived equal; of larger ones the digest is taken that the store checks on each reading. */
const mostRehashedBytes = 256 * 1024 * 1024;

/** SHA-256 of the bytes behind a material: of a document's file, or over the digests of a study's instances. */
export function byteDigest(foundation: Foundation): ByteDigest {
  const { blobs, db } = foundation;
  const ofBlobs = async (owner: string): Promise<string | undefined> => {
    const [info] = await blobs.of(owner);
    if (!info) return undefined;
    if (info.size > mostRehashedBytes) return info.sha256;
    const hash = createHash('sha256');
    for await (const chunk of await blobs.read(info.id)) hash.update(chunk as Uint8Array);
    return hash.digest('hex');
  };
  return async (_fhir, resource) => {
    if (resource.resourceType === 'DocumentReference') {
      const attachment = (resource as DocumentReference).content?.[0]?.attachment;
      const binary = /^Binary\/([A-Za-z0-9.-]{1,64})$/.exec(attachment?.url ?? '')?.[0];
      return (binary ? await ofBlobs(binary) : undefined) ?? attachment?.extension?.find((e) => e.url === sha256Url)?.valueString;
    }
    if (resource.resourceType === 'ImagingStudy') {
      const { rows } = await db.query<{ sop_uid: string; sha256: string }>(
        `select i.sop_uid, encode(o.sha256, 'hex') as sha256 from image.instance i join image.study s using (owner, study_uid) join blob.object o on o.id = i.blob_id::uuid
         where s.imaging_study_id = $1 order by i.sop_uid limit 100000`, [(resource as ImagingStudy).id]);
      return rows.length > 0 ? createHash('sha256').update(rows.map((r) => `${r.sop_uid} ${r.sha256}`).join('\n')).digest('hex') : undefined;
    }
    return undefined;
  };
}

export function openProcess(foundation: Foundation, deps: { repository: OpenFhirRepository; links: Links; report: { 'signed-report': Preparation; 'published-report': Preparation } }): ProcessEngine {
  return createProcessEngine({
    repository: deps.repository, jobs: foundation.jobs, clock: foundation.clock, newId, definitions,
    preparations: {
      'package-hashes': packageHashes(byteDigest(foundation)), 'room-ticket': roomTicket, 'patient-link': patientLink(deps.links), ...deps.report,
    },
  });
}

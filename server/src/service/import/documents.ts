import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { CdaError, decodeXml, readCda, type CdaDocument } from '@bedside/cda';
import type { Bundle, Patient } from '@medplum/fhirtypes';
import { BedsideError, unprocessable } from '../../kernel/index.ts';
import { receiveDocument, receivedBefore } from '../../resource/document/receive/index.ts';
import { joined, refused, took, type ImportDeps, type Outcome } from './contract.ts';

const mostCdaBytes = 64 << 20;
const genders: Readonly<Record<string, NonNullable<Patient['gender']>>> = { M: 'male', F: 'female', UN: 'other' };
const uuidOf = (name: string): string => {
  const h = createHash('sha256').update(name).digest('hex');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-5${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
};

/** Takes a C-CDA document: kept as it is, under the patient whom its header names; one who is not known yet is registered from the header. */
export async function importCda(deps: ImportDeps, path: string, sha256: string): Promise<Outcome> {
  if ((await stat(path)).size > mostCdaBytes) return refused(path, 'C-CDA', `It is larger than ${mostCdaBytes >> 20} MiB.`);
  try {
    const cda = readCda(decodeXml(await readFile(path)));
    const { id: patient, isNew } = await patientOf(deps, cda);
    const id = uuidOf(`cda ${deps.ctx.actor.institution ?? ''} ${sha256}`);
    const receive = { blobs: deps.blobs, fhir: deps.repository };
    if (!await receivedBefore(receive, deps.ctx, id)) {
      await receiveDocument(receive, deps.ctx, createReadStream(path), { id, patient, category: 'summary', title: (cda.title || basename(path)).slice(0, 200), claimedType: 'application/hl7-cda+xml' });
    }
    return joined(took('C-CDA document'), ...(isNew ? [took('Patient')] : []));
  } catch (error) {
    if (error instanceof CdaError) return refused(path, 'C-CDA', error.message);
    if (error instanceof BedsideError && error.kind !== 'unavailable' && error.kind !== 'internal') return refused(path, 'C-CDA', error.message);
    throw error;
  }
}

async function patientOf(deps: ImportDeps, { patient }: CdaDocument): Promise<{ id: string; isNew: boolean }> {
  for (const value of patient.ids) {
    const found = JSON.parse(await deps.repository.search(deps.ctx, 'Patient', `identifier=${encodeURIComponent(value.replaceAll(/[\\,$|]/g, '\\$&'))}&_count=2`)) as Bundle;
    if ((found.entry?.length ?? 0) > 1) throw unprocessable('patient-ambiguous', 'Several patients have an identifier of this document.');
    const id = found.entry?.[0]?.resource?.id;
    if (id) return { id, isNew: false };
  }
  if (!patient.name && patient.ids.length === 0) throw unprocessable('patient-missing', 'The document names no patient.');
  const id = uuidOf(`cda patient ${deps.ctx.actor.institution ?? ''} ${patient.ids.join(' ') || `${patient.name} ${patient.birthTime ?? ''}`}`);
  const birthDate = /^\d{4}(?:-\d\d(?:-\d\d)?)?/.exec(patient.birthTime ?? '')?.[0];
  const gender = genders[patient.gender ?? ''];
  const row: Patient = {
    resourceType: 'Patient', id, active: true, ...(patient.name ? { name: [{ text: patient.name }] } : {}), ...(birthDate ? { birthDate } : {}), ...(gender ? { gender } : {}),
    ...(patient.ids.length > 0 ? { identifier: patient.ids.map((value) => ({ value })) } : {}),
  };
  const { outcome } = await deps.repository.update(deps.ctx, row);
  return { id, isNew: outcome === 'created' };
}

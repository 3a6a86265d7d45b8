import { createHash } from 'node:crypto';
import type { Signature } from '@medplum/fhirtypes';
import { signPdf, type SignatureBox } from '@bedside/pdf-signature';
import type { Tx } from '../../kernel/index.ts';
import type { DocumentCode } from './code.ts';
import { signerFor, type IdentityDeps, type SigningSubject } from './identities.ts';
import { recordDocument } from './registry.ts';

export interface SigningDeps extends IdentityDeps {
  /** Uses up a fresh proof (at most two minutes old) that this person is at the keyboard. @throws unauthenticated when it is used, expired or somebody else's. */
  readonly consumeProof: (tx: Tx, accountId: string, proofId: string) => Promise<void>;
}

export interface ReportToSign {
  /** As rendered, with `code` printed in it. */
  readonly pdf: Uint8Array;
  readonly code: DocumentCode;
  /** Code of the version that this one replaces. */
  readonly replaces?: DocumentCode;
  readonly signedAt: Date;
  readonly clinician: { readonly practitionerId: string; readonly name: string; readonly organization?: string; readonly box?: SignatureBox };
  readonly institution: { readonly organizationId: string; readonly name: string; readonly box?: SignatureBox };
  readonly reauthentication: { readonly accountId: string; readonly proofId: string };
}

export interface SignedReport {
  readonly pdf: Uint8Array;
  /** Lower-case hex of the whole file. */
  readonly sha256: string;
  /** For the Provenance of the document: the clinician's, then the institution's. */
  readonly signatures: readonly [clinician: Signature, institution: Signature];
}

const signatureTypes = 'urn:iso-astm:E1762-95:2013';

/**
 * Signs a report: first the clinician, who proves anew to be there, then the institution's seal over both; each covers its revision of the
 * document. Proof, keys and the record that `/verify` answers from stand or fall with the caller's transaction.
 * @throws what `consumeProof` throws; conflict, not-found of `recordDocument`.
 * @see ASTM E1762 (signature types); HL7 FHIR R4 datatypes, Signature; ETSI EN 319 142-1
 */
export async function signReport(tx: Tx, deps: SigningDeps, report: ReportToSign): Promise<SignedReport> {
  const { clinician, institution, signedAt } = report;
  await deps.consumeProof(tx, report.reauthentication.accountId, report.reauthentication.proofId);
  const person: SigningSubject = { kind: 'person', id: clinician.practitionerId, name: clinician.name, ...(clinician.organization === undefined ? {} : { organization: clinician.organization }) };
  const byClinician = await signPdf(report.pdf, {
    signer: await signerFor(tx, deps, person), fieldName: 'Clinician', signedAt, name: clinician.name, ...(clinician.box ? { box: clinician.box } : {}),
  });
  const byInstitution = await signPdf(byClinician.pdf, {
    signer: await signerFor(tx, deps, { kind: 'institution', id: institution.organizationId, name: institution.name }),
    fieldName: 'Institution', signedAt, name: institution.name, ...(institution.box ? { box: institution.box } : {}),
  });
  const sha256 = createHash('sha256').update(byInstitution.pdf).digest('hex');
  await recordDocument(tx, { code: report.code, sha256, signedAt, ...(report.replaces === undefined ? {} : { replaces: report.replaces }) });
  return {
    pdf: byInstitution.pdf, sha256,
    signatures: [
      signature('1.2.840.10065.1.12.1.1', "Author's Signature", `Practitioner/${clinician.practitionerId}`, signedAt, byClinician.cms),
      signature('1.2.840.10065.1.12.1.14', 'Source Signature', `Organization/${institution.organizationId}`, signedAt, byInstitution.cms),
    ],
  };
}

const signature = (code: string, display: string, who: string, when: Date, cms: Uint8Array): Signature => ({
  type: [{ system: signatureTypes, code, display }],
  when: when.toISOString(),
  who: { reference: who },
  targetFormat: 'application/pdf',
  sigFormat: 'application/pkcs7-signature',
  data: Buffer.from(cms).toString('base64'),
});

import { signerFromKey, type Signer } from '@bedside/pdf-signature';
import type { Clock, Tx } from '../../kernel/index.ts';
import type { CertificateAuthority, IssuedIdentity } from '../certificates/index.ts';
import type { KeyWrapper } from '../keys/index.ts';

/** Who signs: `id` is the logical id of the Practitioner or Organization. */
export interface SigningSubject {
  readonly kind: 'person' | 'institution';
  readonly id: string;
  readonly name: string;
  /** Institution of a person, as it stands in the certificate. */
  readonly organization?: string;
}

export interface IdentityDeps { readonly authority: CertificateAuthority; readonly keys: KeyWrapper; readonly clock: Clock }

/** A certificate that ends sooner is renewed before it signs. */
const renewBeforeMs = 30 * 24 * 3600_000;

interface IdentityRow { readonly serial_number: string; readonly subject_name: string; readonly certificate_pem: string; readonly wrapped_key: Buffer | null; readonly not_after: Date }

const wrapContext = (subject: SigningSubject, serialNumber: string): string => `signature/${subject.kind}/${subject.id}/${serialNumber}`;

/**
 * The key that signs for a subject, made on first use and renewed when its certificate ends or the name changed. The private key is in
 * memory only while it signs; at rest it is wrapped and bound to its subject and certificate.
 */
export async function signerFor(tx: Tx, deps: IdentityDeps, subject: SigningSubject): Promise<Signer> {
  // One at a time for a subject: two first signatures must not make two keys.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`signing_identity/${subject.kind}/${subject.id}`]);
  const { rows: [row] } = await tx.query<IdentityRow>(
    'select serial_number, subject_name, certificate_pem, wrapped_key, not_after from security.signing_identity where kind = $1 and subject_id = $2 and retired_at is null', [subject.kind, subject.id]);
  const now = deps.clock.now();
  if (row?.wrapped_key && row.subject_name === subject.name && row.not_after.getTime() - now.getTime() > renewBeforeMs) {
    const key = await deps.keys.unwrap(row.wrapped_key, wrapContext(subject, row.serial_number));
    return signerFromKey(key, row.certificate_pem, [deps.authority.rootPem]);
  }
  // The old key is destroyed; its certificate stays, so that what it signed can be explained.
  if (row) await tx.query('update security.signing_identity set retired_at = $2, wrapped_key = null where serial_number = $1', [row.serial_number, now]);
  const issued = await issue(deps.authority, subject);
  const wrapped = await deps.keys.wrap(issued.privateKeyPkcs8, wrapContext(subject, issued.serialNumber));
  await tx.query(
    'insert into security.signing_identity (serial_number, kind, subject_id, subject_name, certificate_pem, wrapped_key, not_after, issued_at) values ($1, $2, $3, $4, $5, $6, $7, $8)',
    [issued.serialNumber, subject.kind, subject.id, subject.name, issued.certificatePem, Buffer.from(wrapped), issued.notAfter, now]);
  return signerFromKey(issued.privateKeyPkcs8, issued.certificatePem, [deps.authority.rootPem]);
}

const issue = (authority: CertificateAuthority, subject: SigningSubject): Promise<IssuedIdentity> => (subject.kind === 'person'
  ? authority.issuePersonCertificate({ name: subject.name, practitionerId: subject.id, ...(subject.organization === undefined ? {} : { organization: subject.organization }) })
  : authority.issueInstitutionSeal({ name: subject.name, organizationId: subject.id }));

/**
 * Ends a subject's right to sign (somebody left, a key may be known to others): its key is destroyed and its certificate is on the next
 * revocation list. What was signed before stays explained.
 */
export async function retireIdentity(tx: Tx, deps: IdentityDeps, subject: Pick<SigningSubject, 'kind' | 'id'>, reason: 'key-compromise' | 'affiliation-changed' | 'cessation-of-operation'): Promise<void> {
  const { rows } = await tx.query<{ serial_number: string }>(
    'update security.signing_identity set retired_at = $3, wrapped_key = null where kind = $1 and subject_id = $2 and retired_at is null returning serial_number', [subject.kind, subject.id, deps.clock.now()]);
  for (const { serial_number: serialNumber } of rows) await deps.authority.revoke(serialNumber as IssuedIdentity['serialNumber'], reason);
}

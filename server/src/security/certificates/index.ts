export { openCertificateAuthority } from './authority.ts';
export type { AuthorityOptions, CertificateAuthority, IssuedIdentity, ServerCertificate } from './authority.ts';
export type { InstitutionSubject, PersonSubject } from './profiles.ts';
export { revocationReasons } from './revocation.ts';
export type { Revocation, RevocationReason } from './revocation.ts';
export { isSerialNumber } from './serial.ts';
export type { SerialNumber } from './serial.ts';
export { registerCertificates } from './register.ts';

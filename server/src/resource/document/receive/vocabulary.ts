/** Content types that are received, by what their bytes say. */
export const documentTypes = [
  'application/pdf', 'image/jpeg', 'image/png', 'application/dicom', 'video/mp4', 'video/quicktime', 'video/webm',
  'application/xml', 'application/hl7-cda+xml', 'application/fhir+xml', 'application/fhir+json', 'text/plain',
] as const;
export type DocumentType = (typeof documentTypes)[number];

/** Extension of Attachment and code system of digests: SHA-256 in lower-case hex. (`Attachment.hash` is SHA-1 by the standard.) */
export const sha256Url = 'urn:bedside:sha256';
/** Code system of what a document is for, on the material desk. */
export const materialClassSystem = 'urn:bedside:material-class';

/** Other names under which senders announce a type. */
const announcedAs: Readonly<Record<string, readonly DocumentType[]>> = {
  'application/x-pdf': ['application/pdf'],
  'image/jpg': ['image/jpeg'], 'image/pjpeg': ['image/jpeg'],
  'image/dicom': ['application/dicom'],
  'video/x-m4v': ['video/mp4'], 'video/mp4': ['video/mp4', 'video/quicktime'], 'video/quicktime': ['video/quicktime', 'video/mp4'],
  'application/xml': ['application/xml', 'application/hl7-cda+xml', 'application/fhir+xml'],
  'text/xml': ['application/xml', 'application/hl7-cda+xml', 'application/fhir+xml'],
  'application/cda+xml': ['application/hl7-cda+xml'], 'text/x-hl7-text+xml': ['application/hl7-cda+xml'], 'application/hl7-sda+xml': ['application/hl7-cda+xml'],
  'application/json': ['application/fhir+json'], 'text/json': ['application/fhir+json'],
  'text/csv': ['text/plain'], 'text/markdown': ['text/plain'],
};
/** Announcements that say nothing. */
const unspecific = new Set(['', 'application/octet-stream', 'binary/octet-stream']);

/** True when bytes found to be `found` may be announced as `claimed`. */
export function agrees(claimed: string, found: DocumentType): boolean {
  const name = claimed.split(';')[0]!.trim().toLowerCase();
  return unspecific.has(name) || name === found || (announcedAs[name]?.includes(found) ?? false);
}

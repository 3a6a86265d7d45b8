export type DocumentKind = 'pdf' | 'cda' | 'image' | 'text' | 'unknown';

const images = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp', 'image/avif']);
const cda = new Set(['application/hl7-cda+xml', 'application/cda+xml', 'application/hl7-sda+xml', 'text/xml', 'application/xml', 'application/hl7-v3+xml']);

/** How a document of a media type is shown. HTML and SVG are `unknown`: they could run something. */
export function documentKind(contentType: string): DocumentKind {
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  if (type === 'application/pdf') return 'pdf';
  if (cda.has(type)) return 'cda';
  if (images.has(type)) return 'image';
  return ['text/plain', 'text/csv', 'text/markdown', 'application/json', 'application/fhir+json'].includes(type) ? 'text' : 'unknown';
}

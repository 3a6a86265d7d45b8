import type { DocumentType } from './vocabulary.ts';

/** How many bytes are looked at before the type is known. */
export const headBytes = 4_096;

/** What bytes are that are never received, whatever they are called. */
export const refusedTypes = ['text/html', 'image/svg+xml', 'application/zip', 'application/x-executable', 'image/gif', 'application/rtf', 'application/octet-stream'] as const;
export type RefusedType = (typeof refusedTypes)[number];

const startsWith = (bytes: Buffer, text: string, at = 0): boolean => bytes.subarray(at, at + text.length).equals(Buffer.from(text, 'latin1'));

/** The type of a document by its first bytes (up to `headBytes`), never by its name. @see WHATWG MIME Sniffing */
export function sniff(head: Buffer): DocumentType | RefusedType {
  if (head.subarray(0, 1_024).includes('%PDF-')) return 'application/pdf';
  if (head.length >= 3 && head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'image/jpeg';
  if (startsWith(head, '\x89PNG\r\n\x1a\n')) return 'image/png';
  if (startsWith(head, 'DICM', 128)) return 'application/dicom';
  if (startsWith(head, 'ftyp', 4)) return startsWith(head, 'qt  ', 8) ? 'video/quicktime' : 'video/mp4';
  if (startsWith(head, '\x1a\x45\xdf\xa3')) return head.subarray(0, 64).includes('webm') ? 'video/webm' : 'application/octet-stream';
  if (startsWith(head, 'PK\x03\x04')) return 'application/zip';
  if (startsWith(head, 'MZ') || startsWith(head, '\x7fELF')) return 'application/x-executable';
  if (startsWith(head, 'GIF8')) return 'image/gif';
  if (startsWith(head, '{\\rtf')) return 'application/rtf';
  return sniffText(head);
}

function sniffText(head: Buffer): DocumentType | RefusedType {
  const text = decodeHead(head);
  if (text === undefined) return 'application/octet-stream';
  const start = text.replace(/^\uFEFF/, '').trimStart();
  const lower = start.toLowerCase();
  if (/^<!doctype html|^<(html|head|body|script|iframe|img|style|title)[\s>]/.test(lower)) return 'text/html';
  if (start.startsWith('<')) {
    const root = /<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]/.exec(start.replace(/<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE[^>]*>/gi, ''))?.[2];
    if (root === undefined) return 'application/xml';
    if (root.toLowerCase() === 'html') return 'text/html';
    if (root === 'svg') return 'image/svg+xml';
    if (root === 'ClinicalDocument') return 'application/hl7-cda+xml';
    return start.includes('http://hl7.org/fhir"') ? 'application/fhir+xml' : 'application/xml';
  }
  if (start.startsWith('{') && /"resourceType"\s*:\s*"[A-Z]/.test(start)) return 'application/fhir+json';
  return 'text/plain';
}

/** The head as text when it is UTF-8 without control characters; a character cut at the end of the head is forgiven. */
function decodeHead(head: Buffer): string | undefined {
  // oxlint-disable-next-line no-control-regex -- control characters are what tells text from other bytes
  const control = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f]/;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return control.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

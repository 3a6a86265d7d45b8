import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { FileKind } from './contract.ts';

const headBytes = 4_096;

/** What a file is, by its first bytes; its name decides only where bytes cannot (DICOMDIR). */
export async function sniffFile(path: string): Promise<FileKind> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return sniffBytes(buffer.subarray(0, bytesRead), basename(path));
  } finally {
    await file.close();
  }
}

export function sniffBytes(head: Uint8Array, name: string): FileKind {
  const bytes = Buffer.from(head);
  if (bytes.length >= 132 && bytes.toString('latin1', 128, 132) === 'DICM') return name.toUpperCase() === 'DICOMDIR' ? 'dicomdir' : 'dicom';
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '').trimStart();
  if (text.startsWith('<')) return /<(?:[\w-]+:)?ClinicalDocument[\s>]/.test(text) ? 'cda' : 'other';
  if (!text.startsWith('{')) return 'other';
  const firstLine = text.split(/\r?\n/, 1)[0]!;
  const isWholeLine = firstLine.length < text.trimEnd().length && firstLine.trimEnd().endsWith('}');
  return /\.ndjson$/i.test(name) || (isWholeLine && firstLine.includes('"resourceType"')) ? 'fhir-ndjson' : 'fhir-json';
}

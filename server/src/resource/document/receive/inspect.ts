import { XMLValidator } from 'fast-xml-parser';
import { DicomError, Part10Scanner } from '@bedside/dicom';
import { tooLarge, unprocessable } from '../../../kernel/index.ts';
import type { DocumentType } from './vocabulary.ts';

/** Looks at all bytes of a document as they pass and refuses it when it is cut short or not what its first bytes said. Memory stays flat. */
export interface Inspector {
  write(chunk: Uint8Array): void;
  /** @throws unprocessable `document-cut-short` or `document-damaged`, naming the byte where it can. */
  end(): void;
}

/** Structured text is read whole to be checked; longer ones are refused. */
export const mostTextBytes = 64 * 1024 * 1024;
const tailBytes = 4_096;

const cutShort = (what: string, details: { at?: string } = {}) => unprocessable('document-cut-short', `This ${what} is not complete: it ends too early. Send the whole file.`, { details });
const damaged = (what: string, why: string, details: { at?: string } = {}) => unprocessable('document-damaged', `This ${what} cannot be read: ${why}.`, { details });

export function inspectorFor(type: DocumentType): Inspector {
  switch (type) {
    case 'application/pdf': return tailInspector((tail) => { if (!tail.includes('%%EOF')) throw cutShort('PDF document'); });
    case 'image/jpeg': return tailInspector((tail) => { if (!tail.includes(Buffer.of(0xff, 0xd9))) throw cutShort('JPEG image'); });
    case 'image/png': return tailInspector((tail) => { if (!tail.includes('IEND')) throw cutShort('PNG image'); });
    case 'application/dicom': return dicomInspector();
    case 'video/mp4': case 'video/quicktime': return boxInspector();
    case 'video/webm': return { write: () => undefined, end: () => undefined };
    case 'application/xml': case 'application/hl7-cda+xml': case 'application/fhir+xml': return wholeText('XML document', checkXml);
    case 'application/fhir+json': return wholeText('FHIR document', checkFhirJson);
    case 'text/plain': return plainText();
  }
}

function tailInspector(check: (tail: Buffer) => void): Inspector {
  let tail = Buffer.alloc(0);
  return {
    write: (chunk) => {
      tail = chunk.length >= tailBytes ? Buffer.from(chunk.subarray(chunk.length - tailBytes)) : Buffer.concat([tail, chunk]).subarray(-tailBytes);
    },
    end: () => check(tail),
  };
}

function dicomInspector(): Inspector {
  const scanner = new Part10Scanner();
  let deflated = false;
  scanner.onDataSet = (syntax) => { deflated = syntax.deflated; };
  const typed = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof DicomError)) throw error;
      const at = error.offset === undefined ? {} : { at: `byte ${error.offset}` };
      throw error.fault === 'truncated' ? cutShort('DICOM file', at) : damaged('DICOM file', error.message, at);
    }
  };
  return {
    // A deflated data set is inflated, and checked, when the image repository indexes it.
    write: (chunk) => { if (!deflated) typed(() => scanner.push(chunk)); },
    end: () => { if (!deflated) typed(() => scanner.finish()); },
  };
}

/** Walks the top-level boxes of ISO media by their lengths. @see ISO/IEC 14496-12 4.2 */
function boxInspector(): Inspector {
  let pending = Buffer.alloc(0);
  let skip = 0n;
  let position = 0n;
  let toEnd = false;
  let boxes = 0;
  return {
    write: (chunk) => {
      let rest = Buffer.concat([pending, chunk]);
      pending = Buffer.alloc(0);
      while (!toEnd) {
        if (skip > 0n) {
          const step = skip < BigInt(rest.length) ? Number(skip) : rest.length;
          rest = rest.subarray(step);
          skip -= BigInt(step);
          position += BigInt(step);
        }
        if (skip > 0n || rest.length < 16) break;
        const length32 = rest.readUInt32BE(0);
        if (length32 === 0) toEnd = true;
        const length = length32 === 1 ? rest.readBigUInt64BE(8) : BigInt(length32);
        if (!toEnd && (length < 8n || !/^[\x20-\x7e\xa9]{4}$/.test(rest.toString('latin1', 4, 8)))) throw damaged('video', 'its parts have impossible lengths', { at: `byte ${position}` });
        skip = length;
        boxes += 1;
        if (boxes > 100_000) throw damaged('video', 'it has too many parts', { at: `byte ${position}` });
      }
      pending = toEnd || skip > 0n ? Buffer.alloc(0) : rest;
    },
    end: () => {
      if (!toEnd && pending.length >= 8 && BigInt(pending.readUInt32BE(0)) === BigInt(pending.length)) return;
      if (!toEnd && (skip > 0n || pending.length > 0)) throw cutShort('video', { at: `byte ${position}` });
    },
  };
}

function wholeText(what: string, check: (text: string, what: string) => void): Inspector {
  const chunks: Uint8Array[] = [];
  let size = 0;
  return {
    write: (chunk) => {
      size += chunk.length;
      if (size > mostTextBytes) throw tooLarge('document-too-large', `This ${what} is larger than the ${mostTextBytes / 1024 / 1024} MiB that one may have.`);
      chunks.push(chunk);
    },
    end: () => {
      let text: string;
      try {
        text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
      } catch {
        throw damaged(what, 'it is not UTF-8 text');
      }
      check(text, what);
    },
  };
}

function checkXml(text: string, what: string): void {
  // A document type declaration can define entities, which expand without bound or name files.
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) throw damaged(what, 'it has a document type declaration, which is not accepted');
  const result = XMLValidator.validate(text);
  if (result !== true) throw damaged(what, `it is not well formed in line ${result.err.line}`, { at: `line ${result.err.line}` });
}

function checkFhirJson(text: string, what: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    const at = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    throw damaged(what, 'it is not whole JSON', at === undefined ? {} : { at: `byte ${at}` });
  }
}

function plainText(): Inspector {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let position = 0;
  const decode = (chunk?: Uint8Array): void => {
    try {
      if (decoder.decode(chunk, { stream: chunk !== undefined }).includes('\0')) throw new TypeError('zero byte');
    } catch {
      throw damaged('text', 'it is not UTF-8 text', { at: `byte ${position}` });
    }
  };
  return { write: (chunk) => { decode(chunk); position += chunk.length; }, end: () => decode() };
}

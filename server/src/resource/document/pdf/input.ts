import { invalid, type Language } from '../../../kernel/index.ts';
import type { Logo } from './logo.ts';

/** Name, address and telephone of an institution as they stand at the head of a document. */
export interface Letterhead {
  readonly name: string;
  readonly address?: string;
  readonly phone?: string;
  readonly logo?: Logo;
}

export interface Field { readonly label: string; readonly value: string }

export interface PatientBlock {
  readonly name: string;
  /** YYYY, YYYY-MM or YYYY-MM-DD. */
  readonly birthDate?: string;
  readonly gender?: 'male' | 'female' | 'other' | 'unknown';
  readonly identifier?: string;
  /** Anything else that belongs to the head, already in the document's language. */
  readonly more?: readonly Field[];
}

/** Text with line breaks; an empty line parts paragraphs; lines that begin with "- ", "• " or "1. " are list items. */
export interface Section { readonly heading: string; readonly text: string }

/** PNG or JPEG bytes. */
export interface ReportImage { readonly bytes: Uint8Array; readonly caption: string }

export interface Signatory { readonly name: string; readonly role: string }

/** How anybody can check that the document is genuine. */
export interface Verification { readonly code: string; readonly url: string }

/** What every document has. Instants are shown in `timeZone` (IANA name). */
export interface DocumentHead {
  readonly language: Language;
  readonly timeZone: string;
  readonly title: string;
  readonly caseNumber: string;
  /** Whose patient it is and who asks. */
  readonly requesting: Letterhead;
  /** Who was asked; left out where only one institution is concerned. */
  readonly consulted?: Letterhead;
  readonly patient: PatientBlock;
  /** Marks every page as a demonstration that is not about a real person. */
  readonly demonstration: boolean;
}

export interface ReportDocument extends DocumentHead {
  /** Reason for the request and the question asked. */
  readonly question: string;
  readonly sections: readonly Section[];
  readonly images: readonly ReportImage[];
  readonly clinicians: readonly Signatory[];
  readonly signedAt: Date;
  /** From 1. */
  readonly version: number;
  readonly replaces?: { readonly version: number; readonly signedAt: Date };
  readonly verification: Verification;
}

/** The same result in a layperson's words. */
export interface SummaryDocument extends DocumentHead {
  readonly sections: readonly Section[];
  readonly clinicians: readonly Signatory[];
  readonly writtenAt: Date;
  /** Whom the patient may ask, in the document's language. */
  readonly contact?: string;
}

export interface FormDocument extends DocumentHead {
  readonly groups: readonly { readonly heading: string; readonly fields: readonly Field[] }[];
  readonly submittedAt?: Date;
}

/** Most characters of one text and of the whole document, most images and entries of a list. */
export const limits = { text: 100_000, wholeText: 400_000, short: 500, entries: 200, images: 40 } as const;

/** @throws invalid `document-too-long`, `document-too-many` with the path of the field. */
export function checkBounds(document: DocumentHead): void {
  let whole = 0;
  const visit = (value: unknown, at: string): void => {
    if (typeof value === 'string') {
      whole += value.length;
      if (value.length > limits.text || whole > limits.wholeText) throw invalid('document-too-long', `${at} makes the document too long.`, { details: { at } });
      return;
    }
    if (value instanceof Uint8Array || value instanceof Date || typeof value !== 'object' || value === null) return;
    if (Array.isArray(value) && value.length > limits.entries) throw invalid('document-too-many', `${at} has more than ${limits.entries} entries.`, { details: { at } });
    for (const [key, item] of Object.entries(value)) visit(item, at === '' ? key : `${at}.${key}`);
  };
  visit(document, '');
  for (const at of ['title', 'caseNumber'] as const) {
    if (document[at].length > limits.short) throw invalid('document-too-long', `${at} is too long.`, { details: { at } });
  }
}

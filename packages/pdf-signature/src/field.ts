import type { PdfDocument } from './document.ts';
import { PdfSignatureError } from './errors.ts';
import { array, dict, name, ref, textString, token, write, type PdfDict, type PdfRef, type PdfValue } from './value.ts';

/** Where a reader may click on the signature; the page itself shows who signed. Left out: an invisible signature on page 1. */
export interface SignatureBox {
  /** From 1. */
  readonly page: number;
  /** left, bottom, right, top in points from the lower left corner of the page. */
  readonly rect: readonly [number, number, number, number];
}

/** The objects that give the document one more signature field with `signature` as its value. */
export interface FieldChange { readonly objects: Map<number, string>; readonly size: number }

/** Bits of AcroForm SigFlags: SignaturesExist and AppendOnly. */
const sigFlags = token('3');
/** Print and Locked. */
const widgetFlags = token('132');

/**
 * Adds a signature field, merged with its widget, to the form and to a page.
 * @param fieldName must not contain a period. @param signature number of the signature dictionary's object, `next` the first free number.
 * @throws PdfSignatureError `field-exists`, `no-page`.
 * @see ISO 32000-1 12.7.4.5, 12.8
 */
export function addSignatureField(document: PdfDocument, fieldName: string, signature: number, next: number, box?: SignatureBox): FieldChange {
  const catalogRef = reference(document.trailer.get('Root'), 'Root');
  const catalog = document.dictionary(catalogRef, 'The catalog');
  const form = catalog.has('AcroForm') ? document.dictionary(catalog.get('AcroForm'), 'AcroForm') : new Map<string, PdfValue>();
  const fields = arrayItems(document, form.get('Fields'));
  if (fields.some((field) => sameName(document.dictionary(field, 'A form field').get('T'), fieldName))) {
    throw new PdfSignatureError('field-exists', `There is a field ${fieldName} already`);
  }
  const pageRef = findPage(document, catalog, box?.page ?? 1);
  const page = document.dictionary(pageRef, 'The page');
  const field = ref(next);
  const appearance = ref(next + 1);
  const rect = box?.rect ?? [0, 0, 0, 0];
  const objects = new Map<number, string>();
  objects.set(next, write(dict([
    ['Type', name('Annot')], ['Subtype', name('Widget')], ['FT', name('Sig')], ['T', textString(fieldName)], ['V', ref(signature)],
    ['F', widgetFlags], ['P', pageRef], ['Rect', array(rect.map(number))], ['AP', dict([['N', appearance]])],
  ])));
  // The page shows who signed; the appearance is transparent, so that no second font has to be embedded.
  objects.set(next + 1, `${write(dict([
    ['Type', name('XObject')], ['Subtype', name('Form')], ['BBox', array([0, 0, rect[2] - rect[0], rect[3] - rect[1]].map(number))],
    ['Resources', dict([])], ['Length', token('0')],
  ]))}\nstream\n\nendstream`);
  objects.set(pageRef.number, write(dict([...page, ['Annots', array([...arrayItems(document, page.get('Annots')), field])]])));
  const newForm = dict([...form, ['Fields', array([...fields, field])], ['SigFlags', sigFlags]]);
  objects.set(catalogRef.number, write(dict([...catalog, ['AcroForm', newForm]])));
  return { objects, size: Math.max(document.size, next + 2) };
}

const number = (n: number): PdfValue => token(String(Math.round(n * 100) / 100));

function reference(value: PdfValue | undefined, what: string): PdfRef {
  if (value?.kind !== 'ref' || value.generation !== 0) throw new PdfSignatureError('syntax', `${what} is not a reference of generation 0`);
  return value;
}

function arrayItems(document: PdfDocument, value: PdfValue | undefined): readonly PdfValue[] {
  const found = document.resolve(value);
  return found.kind === 'array' ? found.items : [];
}

function sameName(value: PdfValue | undefined, fieldName: string): boolean {
  return value?.kind === 'token' && (value.text === `(${fieldName})` || value.text === write(textString(fieldName)));
}

function findPage(document: PdfDocument, catalog: PdfDict, wanted: number): PdfRef {
  let left = wanted;
  const visit = (node: PdfValue, depth: number): PdfRef | undefined => {
    if (depth > 32) throw new PdfSignatureError('syntax', 'The page tree is nested too deeply');
    const entries = document.dictionary(node, 'A page');
    if (!entries.has('Kids')) {
      left -= 1;
      return left === 0 ? reference(node, 'A page') : undefined;
    }
    for (const kid of arrayItems(document, entries.get('Kids'))) {
      const found = visit(kid, depth + 1);
      if (found) return found;
    }
    return undefined;
  };
  const found = visit(catalog.get('Pages') ?? token('null'), 0);
  if (!found) throw new PdfSignatureError('no-page', `There is no page ${wanted}`);
  return found;
}

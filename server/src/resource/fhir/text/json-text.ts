import { invalid } from '../../../kernel/index.ts';

/** A member of a JSON object, by position in the text. */
export interface Member { readonly key: string; readonly start: number; readonly valueStart: number; readonly end: number }

const bad = (at: number): never => { throw invalid('json', `Not JSON at character ${at}.`, { details: { at: String(at) } }); };
const isSpace = (c: number): boolean => c === 32 || c === 10 || c === 13 || c === 9;
const skipSpace = (text: string, at: number): number => { while (isSpace(text.charCodeAt(at))) at++; return at; };

function skipString(text: string, at: number): number {
  for (let i = at + 1; ;) {
    const quote = text.indexOf('"', i);
    if (quote < 0) return bad(at);
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) return quote + 1;
    i = quote + 1;
  }
}

function skipValue(text: string, at: number): number {
  const c = text.charCodeAt(at);
  if (c === 34) return skipString(text, at);
  if (c === 123 || c === 91) {
    let depth = 0;
    for (let i = at; i < text.length;) {
      const x = text.charCodeAt(i);
      if (x === 34) { i = skipString(text, i); continue; }
      if (x === 123 || x === 91) depth++;
      else if (x === 125 || x === 93) { depth--; if (depth === 0) return i + 1; }
      i++;
    }
    return bad(at);
  }
  let i = at;
  while (i < text.length && !/[,\]}\s]/.test(text.charAt(i))) i++;
  return i > at ? i : bad(at);
}

/** Members of the object that begins at `from`. The text must be valid JSON (it was parsed before); duplicate keys are refused. */
export function membersOf(text: string, from = 0): Member[] {
  let at = skipSpace(text, from);
  if (text.charCodeAt(at) !== 123) return bad(at);
  const members: Member[] = [];
  const seen = new Set<string>();
  at = skipSpace(text, at + 1);
  while (text.charCodeAt(at) !== 125) {
    const start = at;
    const keyEnd = skipString(text, at);
    const key = JSON.parse(text.slice(at, keyEnd)) as string;
    if (seen.has(key)) throw invalid('json-duplicate', `The member ${key.slice(0, 60)} stands twice.`, { details: { at: key.slice(0, 60) } });
    seen.add(key);
    at = skipSpace(text, keyEnd);
    if (text.charCodeAt(at) !== 58) return bad(at);
    const valueStart = skipSpace(text, at + 1);
    const end = skipValue(text, valueStart);
    members.push({ key, start, valueStart, end });
    at = skipSpace(text, end);
    if (text.charCodeAt(at) === 44) at = skipSpace(text, at + 1);
    else if (text.charCodeAt(at) !== 125) return bad(at);
  }
  return members;
}

/** Start and end of each item of the array that begins at `from`. */
export function itemsOf(text: string, from: number): { start: number; end: number }[] {
  let at = skipSpace(text, from);
  if (text.charCodeAt(at) !== 91) return bad(at);
  const items: { start: number; end: number }[] = [];
  at = skipSpace(text, at + 1);
  while (text.charCodeAt(at) !== 93) {
    const end = skipValue(text, at);
    items.push({ start: at, end });
    at = skipSpace(text, end);
    if (text.charCodeAt(at) === 44) at = skipSpace(text, at + 1);
    else if (text.charCodeAt(at) !== 93) return bad(at);
  }
  return items;
}

/** Takes the white space between tokens out; strings and the digits of numbers stay as they are. */
export function minify(text: string): string {
  if (!/[\n\r\t]|": |, "/.test(text)) return text;
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const quote = text.indexOf('"', at);
    const stop = quote < 0 ? text.length : quote;
    pieces.push(text.slice(at, stop).replaceAll(/\s+/g, ''));
    if (quote < 0) break;
    at = skipString(text, quote);
    pieces.push(text.slice(quote, at));
  }
  return pieces.join('');
}

import { DicomError } from './errors.ts';

const pattern = /^(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/;
/** Components with leading zeros are wrong, but devices write them; they are harmless as names. */
const lenient = /^\d+(\.\d+)+$/;

/** True for a UID as PS3.5 9.1 has it: dotted digits, at most 64 characters, no leading zeros. */
export const isStrictUid = (text: string): boolean => text.length <= 64 && pattern.test(text);

/** True for what may be used as a name: dotted digits, at most 64 characters. Nothing in it can leave a folder or a URL segment. */
export const isUid = (text: string): boolean => text.length <= 64 && lenient.test(text);

/** @throws DicomError `bad-uid` naming the element. */
export function assertUid(text: string, tag: number): string {
  if (!isUid(text)) throw new DicomError('bad-uid', 'A UID must be dotted digits of at most 64 characters', { tag });
  return text;
}

import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** A string that only its maker's module hands out: ids of different things cannot be mixed up. */
export type Branded<Name extends string> = string & { readonly __brand: Name };

/** A new random (version 4) UUID: the logical id of every resource that Bedside makes itself. */
export const newId = (): string => randomUUID();

/** An unguessable URL-safe secret of `bytes` random bytes (32 = 256 bits), for links and tokens. */
export const newSecret = (bytes = 32): string => randomBytes(bytes).toString('base64url');

/** How new ids are made; a pure function takes it as an argument so that tests can fix it. */
export type IdSource = () => string;

/** The one id (a UUID, version 8) of what `text` names: work that is done again after a crash finds what it made before. @see RFC 9562 5.8 */
export function idFrom(text: string): string {
  const h = createHash('sha256').update(text).digest('hex');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-8${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
}

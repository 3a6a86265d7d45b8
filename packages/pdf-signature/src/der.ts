/** Just enough DER to write what the CMS library has no class for. @see ITU-T X.690 */
export function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.of(tag), lengthOctets(content.length), content]);
}

export const sequence = (...contents: readonly Uint8Array[]): Uint8Array => der(0x30, ...contents);
export const octetString = (bytes: Uint8Array): Uint8Array => der(0x04, bytes);

/** SET OF, whose elements DER sorts by their encoding. */
export const setOf = (contents: readonly Uint8Array[]): Uint8Array =>
  der(0x31, ...contents.map((c) => Buffer.from(c)).sort((a, b) => Buffer.compare(a, b)));

export function objectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  })));
}

function lengthOctets(length: number): Uint8Array {
  if (length < 0x80) return Buffer.of(length);
  const octets: number[] = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) octets.unshift(left & 0xff);
  return Buffer.of(0x80 | octets.length, ...octets);
}

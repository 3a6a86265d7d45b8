const lanes = new DataView(new ArrayBuffer(8));

/**
 * 64-bit hash of an index token as PostgreSQL bigint text. Stored in every row: the function must never change. It need not
 * resist attack: tokens decide what a search finds, never who may see it.
 */
export function hash64(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  lanes.setInt32(0, b);
  lanes.setInt32(4, a);
  return lanes.getBigInt64(0).toString();
}

/** Number of a search parameter in the side tables. */
export function hash32(text: string): number {
  let a = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) a = Math.imul(a ^ text.charCodeAt(i), 16777619);
  return a | 0;
}

/** Case and accents folded, white space made single: how strings are compared. */
export function fold(text: string): string {
  // oxlint-disable-next-line no-control-regex -- the fast path is exactly the ASCII range
  const plain = /^[\x00-\x7f]*$/.test(text) ? text : text.normalize('NFD').replaceAll(/\p{M}+/gu, '');
  return plain.toLowerCase().replaceAll(/\s+/g, ' ').trim().slice(0, 1000);
}

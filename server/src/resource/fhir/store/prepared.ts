import { hash64 } from '../params/hash.ts';

/** Names statements so that each connection parses and plans them once; at most `limit` shapes, the rest go unnamed. */
export interface Prepared { (text: string, values: unknown[]): { text: string; values: unknown[]; name?: string } }

export function prepared(limit = 1500): Prepared {
  const names = new Map<string, string>();
  return (text, values) => {
    let name = names.get(text);
    if (name === undefined && names.size < limit) names.set(text, name = `f${hash64(text)}`);
    return name === undefined ? { text, values } : { name, text, values };
  };
}

import { createHash } from 'node:crypto';

/** Repeatable chance: the same seed and names give the same network on every machine. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number, both ends included. */
  whole(least: number, most: number): number;
  /** Normally distributed. */
  normal(mean: number, deviation: number): number;
  pick<T>(of: readonly T[]): T;
  chance(probability: number): boolean;
  /** Chance of its own for a part, so that changing one part does not change the others. */
  fork(name: string): Random;
}

/** @see "Small Fast Counting" generator, sfc32 (C. Doty-Humphrey, PractRand), public domain */
export function seededRandom(seed: string): Random {
  const hash = createHash('sha256').update(seed).digest();
  let [a, b, c, counter] = [hash.readInt32LE(0), hash.readInt32LE(4), hash.readInt32LE(8), 1];
  const next = (): number => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t | 0;
    return (t >>> 0) / 4_294_967_296;
  };
  for (let i = 0; i < 12; i++) next();
  return {
    next,
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    normal: (mean, deviation) => mean + deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    pick: (of) => of[Math.floor(next() * of.length)]!,
    chance: (probability) => next() < probability,
    fork: (name) => seededRandom(`${seed}\n${name}`),
  };
}

/** A UID under the UUID root, made from a name. @see PS3.5 annex B.2 */
export function uidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex').slice(0, 32);
  return `2.25.${BigInt(`0x${hex}`)}`;
}

/** Base32 (RFC 4648) of 20 bytes made from a name: the seed of an authenticator. */
export function totpSecretOf(name: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...createHash('sha256').update(name).digest().subarray(0, 20)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]).join('');
}

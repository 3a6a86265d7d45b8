import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { isLater, type Versioned } from './order.ts';

const state = fc.record({ version: fc.nat(5), versionNonce: fc.nat(5) });

test('of two different states exactly one is the later, and the order has no circle', () => {
  fc.assert(fc.property(state, state, state, (a, b, c) => {
    const same = a.version === b.version && a.versionNonce === b.versionNonce;
    expect(isLater(a, b) || isLater(b, a)).toBe(!same);
    expect(isLater(a, b) && isLater(b, a)).toBe(false);
    expect(isLater(a, b) && isLater(b, c) ? isLater(a, c) : true).toBe(true);
  }));
});

test('documents whose holders put a later state back all end with the latest, whatever the order of delivery', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(2), fc.nat(2), state), { minLength: 1, maxLength: 12 }), fc.array(fc.nat(5), { maxLength: 20 }), (writes, deliveries) => {
    const holders = [0, 1, 2].map((n) => {
      const doc = new Y.Doc();
      doc.clientID = n + 1;
      return { doc, map: doc.getMap<Versioned>('elements'), scene: new Map<string, Versioned>() };
    });
    const exchange = (from: number, to: number): void => {
      const [a, b] = [holders[from]!, holders[to]!];
      Y.applyUpdate(b.doc, Y.encodeStateAsUpdate(a.doc, Y.encodeStateVector(b.doc)));
      for (const [id, value] of b.map) {
        const own = b.scene.get(id);
        if (!own || isLater(value, own)) b.scene.set(id, value);
        else if (isLater(own, value)) b.map.set(id, own);
      }
    };
    const latest = new Map<string, Versioned>();
    for (const [who, what, value] of writes) {
      const id = `e${what}`;
      const holder = holders[who]!;
      const before = holder.scene.get(id);
      const next = { version: (before?.version ?? 0) + 1, versionNonce: value.versionNonce };
      holder.scene.set(id, next);
      holder.map.set(id, next);
    }
    for (const pair of deliveries) exchange(pair % 3, (pair + 1 + (pair % 2)) % 3);
    for (let round = 0; round < 4; round += 1) for (const [a, b] of [[0, 1], [1, 2], [2, 0], [1, 0], [2, 1], [0, 2]] as const) exchange(a, b);
    for (const holder of holders) for (const [id, value] of holder.scene) if (!latest.has(id) || isLater(value, latest.get(id)!)) latest.set(id, value);
    for (const holder of holders) expect(Object.fromEntries(holder.map)).toEqual(Object.fromEntries(latest));
  }), { numRuns: 200 });
});

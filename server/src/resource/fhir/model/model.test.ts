import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { plans } from '../params/plan.ts';
import { generateModel } from './generate.ts';
import { r4 } from './model.ts';

test('r4-model.json is what the definitions give', () => {
  expect(`${JSON.stringify(generateModel())}\n` === readFileSync(new URL('r4-model.json', import.meta.url), 'utf8'), 'run: node server/src/resource/fhir/model/write.cli.ts').toBe(true);
});

test('every search parameter of every type compiles, and the ones not served are known', () => {
  const plan = plans(r4);
  const unserved = r4.resources.flatMap((type) => [...plan(type).params.values()].filter((p) => p.storage === 'none').map((p) => `${type}.${p.code}`));
  expect(unserved).toEqual(['Location.near', 'MolecularSequence.chromosome-variant-coordinate', 'MolecularSequence.chromosome-window-coordinate', 'MolecularSequence.referenceseqid-variant-coordinate', 'MolecularSequence.referenceseqid-window-coordinate']);
});

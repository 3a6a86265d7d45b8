import { expect, it } from 'vitest';
import { filterRows, joinTables } from './table.ts';

const requirements = 'id\tclause\tarea\tlevel\tkind\trequirement\tevidence\nA-1\t8.1\tmedia\tbasic\tsoftware\tIt plays.\tPlay it.\nA-2\t8.2\tsecurity\tbasic\tsoftware\tIt locks.\tLock it.\n';
const conformance = 'id\tstate\twhere\tproofs\nA-1\tworks\tserver/src/media\ta.test.ts b.test.ts\n';

it('joins requirements with their state and takes an absent row as missing', () => {
  const table = joinTables(requirements, conformance);
  expect(table.map((row) => [row.id, row.state, row.proofs])).toEqual([['A-1', 'works', ['a.test.ts', 'b.test.ts']], ['A-2', 'missing', []]]);
  expect(filterRows(table, { state: 'works' }).map((row) => row.id)).toEqual(['A-1']);
  expect(filterRows(table, { text: 'LOCKS' }).map((row) => row.id)).toEqual(['A-2']);
});

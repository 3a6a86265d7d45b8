// node scripts/conformance.ts set ID STATE WHERE PROOF... (several paths in WHERE: separated by spaces) | show [AREA|STATE|ID]
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkTable, formatRows, readTables, states, tableFile } from '../conformance/index.ts';

const usage = 'Use: set ID STATE [WHERE [PROOF...]]   or   show [ID, area or state]';
const root = join(import.meta.dirname, '..');
const exists = (path: string): boolean => existsSync(join(root, path));
const { requirements, rows } = readTables();
const [command, ...args] = process.argv.slice(2);

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

if (command === 'set') {
  const [id, wanted, where = '', ...proofs] = args;
  const state = states.find((s) => s === wanted) ?? fail(`${usage}\nSTATE is one of ${states.join(', ')}.`);
  const old = rows.find((r) => r.id === id) ?? fail(`There is no requirement ${id ?? ''}.`);
  const paths = (texts: readonly string[]): string[] => texts.flatMap((text) => text.split(/\s+/)).filter(Boolean);
  const now = { id: old.id, state, where: paths([where]), proofs: paths(proofs) };
  const faults = checkTable(requirements.filter((r) => r.id === id), [now], exists);
  if (faults.length > 0) fail(faults.join('\n'));
  writeFileSync(tableFile, formatRows(rows.map((r) => (r === old ? now : r))));
  console.log(`${now.id}: ${old.state} -> ${now.state}`);
} else if (command === 'show') {
  for (const r of requirements) {
    const row = rows.find((x) => x.id === r.id);
    if (args.length === 0 || args.some((a) => a === r.id || r.area.startsWith(a) || a === row?.state)) console.log(`${r.id}\t${row?.state}\t${r.area}\t${r.level}\t${r.kind}\t${r.requirement}`);
  }
} else fail(usage);

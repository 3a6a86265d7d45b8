import type { Outcome, Progress } from './contract.ts';

const columns = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
  return rows.map((row) => row.map((cell, c) => (c === row.length - 1 ? cell : cell.padEnd(widths[c]!))).join('  ')).join('\n');
};

/** What came in and what was refused and why, for the terminal. */
export function importTable(outcome: Outcome, more: { skipped: number; left: number; mostRefusals?: number }): string {
  const most = more.mostRefusals ?? 50;
  const refusedBy = new Map<string, number>();
  for (const { what } of outcome.refused) refusedBy.set(what, (refusedBy.get(what) ?? 0) + 1);
  const kinds = [...new Set([...outcome.taken.keys(), ...refusedBy.keys()])].sort();
  const counts = columns([['What', 'Came in', 'Refused'], ...kinds.map((k) => [k, String(outcome.taken.get(k) ?? 0), String(refusedBy.get(k) ?? 0)])]);
  const reasons = outcome.refused.slice(0, most).map(({ where, what, why }) => `  ${where} (${what}): ${why}`);
  return [
    kinds.length > 0 ? counts : 'Nothing new came in.',
    ...(more.skipped > 0 ? [`${more.skipped} files were in already.`] : []),
    ...(more.left > 0 ? [`${more.left} files are left; the same command goes on.`] : []),
    ...(reasons.length > 0 ? ['', 'Refused:', ...reasons] : []),
    ...(outcome.refused.length > most ? [`  and ${outcome.refused.length - most} more`] : []),
  ].join('\n');
}

/** `[########----]  12 of 24 files  3,400 in  2 refused` */
export function progressLine({ filesDone, files, taken, refused }: Progress, width = 24): string {
  const full = files === 0 ? width : Math.floor((filesDone / files) * width);
  return `[${'#'.repeat(full)}${'-'.repeat(width - full)}]  ${filesDone} of ${files} files  ${taken.toLocaleString('en')} in${refused > 0 ? `  ${refused.toLocaleString('en')} refused` : ''}`;
}

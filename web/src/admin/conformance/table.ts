export interface ConformanceRow { readonly id: string; readonly clause: string; readonly area: string; readonly level: string; readonly requirement: string; readonly evidence: string; readonly state: string; readonly where: string; readonly proofs: readonly string[] }

const rows = (tsv: string): string[][] => tsv.split('\n').slice(1).filter((line) => line.trim() !== '').map((line) => line.split('\t'));

/** Joins each requirement with its state; a requirement without a row counts as missing. */
export function joinTables(requirements: string, conformance: string): ConformanceRow[] {
  const states = new Map(rows(conformance).map(([id = '', state = '', where = '', proofs = '']) => [id, { state, where, proofs: proofs.trim().split(/\s+/u).filter(Boolean) }]));
  return rows(requirements).map(([id = '', clause = '', area = '', level = '', , requirement = '', evidence = '']) => ({ id, clause, area, level, requirement, evidence, ...(states.get(id) ?? { state: 'missing', where: '', proofs: [] }) }));
}
export interface ConformanceFilter { readonly area?: string | undefined; readonly state?: string | undefined; readonly text?: string | undefined }
export function filterRows(all: readonly ConformanceRow[], filter: ConformanceFilter): ConformanceRow[] {
  const text = filter.text?.trim().toLowerCase();
  return all.filter((row) => (!filter.area || row.area === filter.area) && (!filter.state || row.state === filter.state) && (!text || `${row.id} ${row.requirement}`.toLowerCase().includes(text)));
}

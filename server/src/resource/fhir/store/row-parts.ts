import type { TypePlan } from '../params/plan.ts';
import { clinicalCodeParam, clinicalDateParam, type IndexRow } from '../params/row.ts';
import type { Parameters } from '../access.ts';

/** Columns that are set from the resource, with their placeholders. */
export function indexColumns(plan: TypePlan, row: IndexRow, p: Parameters): { names: string[]; values: string[] } {
  const names = ['tok', 'strs'];
  const values = [`${p.add(row.tok)}::bigint[]`, `${p.add(row.strs === '' ? null : row.strs)}::text`];
  for (const param of plan.params.values()) {
    if (param.storage !== 'column') continue;
    const range = row.columns.get(param.column!);
    names.push(`"${param.column}_lo"`, `"${param.column}_hi"`);
    values.push(`${p.add(range?.[0] ?? null)}::float8`, `${p.add(range?.[1] ?? null)}::float8`);
  }
  return { names, values };
}

export const hasOrdered = (plan: TypePlan): boolean => [...plan.params.values()].some((p) => p.storage === 'rows');
export const hasClinical = (plan: TypePlan): boolean => clinicalCodeParam[plan.type] !== undefined;

/** The date that orders a row in fhir.clinical; without one it comes last. */
export const clinicalDate = (plan: TypePlan, row: IndexRow): number => row.columns.get(`o_${(clinicalDateParam[plan.type] ?? '').replaceAll('-', '_')}`)?.[0] ?? -Infinity;

/** Rows for fhir.clinical, guarded by the existence of a row in `from`. */
export function clinicalInsert(plan: TypePlan, row: IndexRow, id: string, from: string, p: Parameters): string {
  return `insert into fhir.clinical (type, patient, code, date, id)
    select ${plan.number}, ${p.add(row.patient)}::text, c, ${p.add(clinicalDate(plan, row))}::float8, ${id}
    from ${from}, unnest(${p.add(row.patient === null ? [] : row.codes)}::bigint[]) c on conflict do nothing`;
}

export function orderedInsert(plan: TypePlan, row: IndexRow, id: string, from: string, p: Parameters): string {
  return `insert into fhir.ordered (type, id, param, lo, hi, toks, str)
    select ${plan.number}, ${id}, o.param, o.lo, o.hi, o.toks::bigint[], o.str
    from ${from}, unnest(${p.add(row.ordered.map((o) => o.param))}::int[], ${p.add(row.ordered.map((o) => o.lo))}::float8[], ${p.add(row.ordered.map((o) => o.hi))}::float8[],
      ${p.add(row.ordered.map((o) => `{${o.toks.join(',')}}`))}::text[], ${p.add(row.ordered.map((o) => o.str))}::text[]) as o(param, lo, hi, toks, str)`;
}

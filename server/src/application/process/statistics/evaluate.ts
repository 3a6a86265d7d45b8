import type { MeasureReport, MeasureReportGroupStratifierStratum } from '@medplum/fhirtypes';
import { forbidden, notFound, unprocessable, type Database } from '../../../kernel/index.ts';
import type { FhirOperation } from '../../../resource/fhir/contract.ts';
import type { RequestContext } from '../../../security/policy/index.ts';
import { concept } from '../vocabulary.ts';
import { figures, strata, type Stratum } from './measure.ts';

interface Row { stratum: string | null; [figure: string]: number | string | null }

/** Whose cases the caller may count: those their institution took part in; a network administrator counts all. */
function scopeOf(ctx: RequestContext): { sql: string; values: unknown[] } {
  const { role, institution } = ctx.actor;
  if (role === 'network-administrator' || role === 'system') return { sql: 'true', values: [] };
  if (role === 'patient' || !institution) throw forbidden('no-statistics', 'Statistics are for the staff of an institution.');
  return { sql: '(inviter_institution = $4 or invitee_institution = $4)', values: [institution] };
}

const cases = (scope: string, where: string): string => `
  with submitted as (
    select case_id, min(at) as submitted from process.case_event
    where action = 'submit' and application = $1 and at >= $2 and at < $3 group by case_id),
  cases as (
    select s.case_id, s.submitted,
      min(e.at) filter (where e.action = 'open-session') as opened, sum(e.minutes) as minutes, max(e.score) as score,
      max(e.inviter_institution) as inviter_institution, max(e.invitee_institution) as invitee_institution,
      max(e.invitee) as invitee, max(e.department) as department, (array_agg(e.to_state order by e.id desc))[1] as state
    from submitted s join process.case_event e using (case_id) group by s.case_id, s.submitted),
  visible as (select * from cases where ${scope} and ${where})`;

const instant = (query: URLSearchParams, name: string, fallback: string): string => {
  const value = query.get(name) ?? fallback;
  if (Number.isNaN(Date.parse(value))) throw unprocessable('wrong-period', `${name} must be a date.`, { details: { at: name } });
  return new Date(value).toISOString();
};

/** `Measure/{id}/$evaluate-measure`: number, waiting time, duration and score, whole and divided by one stratum. */
export function statisticsOperation(db: Database, applicationOf: (measureId: string) => string | undefined): FhirOperation {
  return {
    code: 'evaluate-measure', level: 'instance', type: 'Measure', affectsState: false, title: 'Evaluate a measure',
    description: 'Counts the cases of an application applied for in a period: number, waiting time, duration, score; groupBy divides them.',
    parameters: ['periodStart', 'periodEnd', 'groupBy', 'subject'].map((name) => ({ name, type: 'string', min: 0, max: '1' })),
    run: async (ctx, { id, query }) => {
      const application = applicationOf(id ?? '');
      if (!application) throw notFound('no-such-measure', 'There is no such measure.');
      const groupBy = query.get('groupBy') ?? undefined;
      if (groupBy !== undefined && !(groupBy in strata)) throw unprocessable('wrong-stratum', `groupBy must be one of ${Object.keys(strata).join(', ')}.`, { details: { at: 'groupBy' } });
      const start = instant(query, 'periodStart', '2000-01-01');
      const end = instant(query, 'periodEnd', '2100-01-01');
      const subject = query.get('subject') ?? undefined;
      // The score of an expert is shown on their page to every clinician who may invite them; nothing of a case is in it.
      const scope = subject ? { sql: 'invitee = $4', values: [subject] } : scopeOf(ctx);
      const select = figures.map((f) => `${f.sql} as "${f.code}"`).join(', ');
      const values = [application, start, end, ...scope.values];
      const whole = (await db.query<Row>(`${cases(scope.sql, 'true')} select null as stratum, ${select} from visible`, values)).rows[0]!;
      const divided = groupBy
        ? (await db.query<Row>(`${cases(scope.sql, 'true')} select ${strata[groupBy as Stratum]} as stratum, ${select} from visible group by 1 order by 1 limit 1000`, values)).rows : [];
      const report: MeasureReport = {
        resourceType: 'MeasureReport', status: 'complete', type: 'summary', measure: `Measure/${id}`, period: { start, end }, date: ctx.clock.now().toISOString(),
        group: figures.map((f) => ({
          code: concept('urn:bedside:figure', f.code, f.title),
          ...measured(whole[f.code], f.unit),
          ...(groupBy ? {
            stratifier: [{ code: [concept('urn:bedside:stratum', groupBy)], stratum: divided.map((row): MeasureReportGroupStratifierStratum => ({ value: { text: row.stratum ?? '' }, ...measured(row[f.code], f.unit) })) }],
          } : {}),
        })),
      };
      return report;
    },
  };
}

/** A figure that no case has (nobody evaluated yet) is absent, not zero. */
const measured = (value: number | string | null | undefined, unit: string) =>
  (value === null || value === undefined ? {} : { measureScore: { value: Math.round(Number(value) * 100) / 100, unit, system: 'http://unitsofmeasure.org', code: unit } });

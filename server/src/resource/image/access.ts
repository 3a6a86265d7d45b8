import { BedsideError, notFound, type Clock, type Database } from '../../kernel/index.ts';
import type { RequestContext } from '../../security/policy/index.ts';
import type { FhirRepository } from '../fhir/contract.ts';
import type { StudyRow } from './contract.ts';

/** How long a decision holds: short, so that a withdrawn right is felt at once, and long enough that a viewing asks once. */
const holdsMs = 5_000;
const maxRemembered = 10_000;

/**
 * Decides who sees a study by reading its ImagingStudy with the caller's context: rights, break-glass and audit are those of that read.
 * The same UID may lie in the archives of several institutions; the caller's own comes first.
 */
export function studyAccess(deps: { db: Database; fhir: Pick<FhirRepository, 'read'>; clock: Clock }): (ctx: RequestContext, studyUid: string) => Promise<StudyRow> {
  const remembered = new Map<string, { until: number; study: Promise<StudyRow> }>();
  const decide = async (ctx: RequestContext, studyUid: string): Promise<StudyRow> => {
    const own = [ctx.actor.institution, ...ctx.actor.organizations].filter(Boolean);
    const { rows } = await deps.db.query<StudyRow>('select * from image.study where study_uid = $1 order by owner = any($2::text[]) desc, created_at limit 16', [studyUid, own]);
    for (const study of rows) if (await mayRead(deps.fhir, ctx, study.imaging_study_id)) return study;
    throw notFound('study-unknown', 'There is no such study, or it may not be seen.');
  };
  return (ctx, studyUid) => {
    const { actor } = ctx;
    const key = [actor.accountId, actor.role, actor.clientId, ctx.purpose, actor.scopes.join(' '), studyUid].join('\n');
    const now = deps.clock.now().getTime();
    const known = remembered.get(key);
    if (known && known.until > now) return known.study;
    if (remembered.size >= maxRemembered) remembered.delete(remembered.keys().next().value!);
    // A viewer asks for many frames at once: they wait for one decision. A refusal is not remembered.
    const study = decide(ctx, studyUid);
    remembered.set(key, { until: now + holdsMs, study });
    study.catch(() => remembered.delete(key));
    return study;
  };
}

async function mayRead(fhir: Pick<FhirRepository, 'read'>, ctx: RequestContext, id: string): Promise<boolean> {
  try {
    await fhir.read(ctx, 'ImagingStudy', id);
    return true;
  } catch (error) {
    if (error instanceof BedsideError && (error.kind === 'not-found' || error.kind === 'forbidden' || error.kind === 'gone')) return false;
    throw error;
  }
}

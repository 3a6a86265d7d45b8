import { dictionaryVr } from '@bedside/dicom/dictionary';
import { notFound, type Clock, type Database } from '../../kernel/index.ts';
import type { RequestContext } from '../../security/policy/index.ts';
import type { BlobStore } from '../blob/index.ts';
import type { FhirRepository } from '../fhir/contract.ts';
import { studyAccess } from './access.ts';
import type { ImageRepository, InstanceRow, Selection, SeriesRow } from './contract.ts';
import { readFrame } from './retrieve.ts';
import { counted, searchStudies } from './search.ts';
import { openSession, removePending } from './session.ts';

export interface ImageRepositoryDeps { readonly db: Database; readonly blobs: BlobStore; readonly fhir: FhirRepository; readonly clock: Clock }

/** Deliveries older than this that were never finished belong to a process that is gone. */
const abandonedAfterMs = 6 * 3_600_000;
const maxInstances = 20_000;
const columns = 'owner, study_uid, series_uid, sop_uid, sop_class, transfer_syntax, number, frames, rows, columns, size::float8 as size, blob_id, deflated, frame_index';

/** @see ImageRepository */
export function createImageRepository(deps: ImageRepositoryDeps): ImageRepository {
  const { db, blobs, fhir, clock } = deps;
  const vrOf = dictionaryVr();
  const access = studyAccess({ db, fhir, clock });

  const select = async <R extends object>(ctx: RequestContext, what: string, selection: Selection): Promise<R[]> => {
    const study = await access(ctx, selection.study);
    const { rows } = await db.query<R & Record<string, unknown>>({
      text: `select ${what} from image.instance where owner = $1 and study_uid = $2 and session is null
        and ($3::text is null or series_uid = $3) and ($4::text is null or sop_uid = $4) order by series_uid, number nulls last, sop_uid limit ${maxInstances}`,
      values: [study.owner, study.study_uid, selection.series ?? null, selection.instance ?? null],
    });
    if (rows.length === 0) throw notFound('image-unknown', 'The study holds nothing of that kind.');
    return rows;
  };

  return {
    openSession: (ctx, options = {}) => openSession({ db, blobs, fhir, vrOf }, ctx, options),
    searchStudies: (ctx, query) => searchStudies({ db, fhir }, ctx, query),
    async study(ctx, study) {
      return (await counted(db, [await access(ctx, study)]))[0]!;
    },
    async series(ctx, selection) {
      const study = await access(ctx, selection.study);
      const { rows } = await db.query<SeriesRow>(
        `select s.*, count(i.sop_uid)::int as instances from image.series s join image.instance i using (owner, study_uid, series_uid)
         where owner = $1 and study_uid = $2 and ($3::text is null or series_uid = $3) and i.session is null
         group by s.owner, s.study_uid, s.series_uid order by s.number nulls last, s.series_uid limit ${maxInstances}`, [study.owner, study.study_uid, selection.series ?? null]);
      return rows;
    },
    instances: (ctx, selection) => select<InstanceRow>(ctx, columns, selection),
    metadata: async (ctx, selection) => (await select<{ metadata: string }>(ctx, 'metadata', selection)).map((row) => row.metadata),
    open: (row, range) => blobs.read(row.blob_id, range),
    frame: (row, frame) => readFrame(blobs, row, frame),
    async sweep() {
      const before = new Date(clock.now().getTime() - abandonedAfterMs);
      const { rows } = await db.query<{ session: string; study_uid: string }>('select distinct session, study_uid from image.instance where session is not null and stored_at < $1 limit 1000', [before]);
      let removed = 0;
      for (const { session, study_uid } of rows) removed += await removePending({ db, blobs }, session, study_uid);
      return removed;
    },
  };
}

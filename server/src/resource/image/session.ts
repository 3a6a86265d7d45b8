import { randomUUID } from 'node:crypto';
import { StreamScan, type Part10 } from '@bedside/dicom';
import { BedsideError, conflict, invalid, newId, type Database, type Tx } from '../../kernel/index.ts';
import { demand, type RequestContext } from '../../security/policy/index.ts';
import type { BlobInfo, BlobStore } from '../blob/index.ts';
import type { FhirRepository } from '../fhir/contract.ts';
import { DicomError, hasIds, readAttributes, readIds, unreadable, type InstanceAttributes, type InstanceIds } from './attributes.ts';
import type { RefusedInstance, StoredInstance, StoreOptions, StoreSession } from './contract.ts';
import { listStudy } from './listing.ts';

export interface SessionDeps {
  readonly db: Database;
  readonly blobs: BlobStore;
  readonly fhir: FhirRepository;
  readonly vrOf: (tag: number, signed?: boolean) => string | undefined;
}

/** Identifiers come before everything large; a file that has not named them by then is not kept. */
const maxBytesBeforeIds = 16 * 1_048_576;

interface Added { readonly ids: InstanceIds; readonly sopClass: string; readonly outcome: 'stored' | 'duplicate'; readonly attributes: InstanceAttributes }

export function openSession(deps: SessionDeps, ctx: RequestContext, options: StoreOptions): StoreSession {
  demand(ctx.actor, 'record.write'); // before the first byte, and for what is there already, too
  const session = randomUUID();
  const owner = options.owner ?? ctx.actor.institution;
  if (!owner) throw invalid('image-owner-missing', 'Name the institution whose archive the images belong to.');
  const added = new Map<string, Added[]>();
  const refused: RefusedInstance[] = [];

  const addOne = async (bytes: AsyncIterable<Uint8Array>, seen: { ids?: InstanceIds; sopClass?: string }): Promise<void> => {
    const scan = new StreamScan({ vrOf: deps.vrOf });
    const source = bytes[Symbol.asyncIterator]();
    const head = await untilIds(source, scan, seen);
    const ids = seen.ids!;
    if (options.study && ids.study !== options.study) throw conflict('image-other-study', 'The instance belongs to another study than the address names.', { details: { at: '(0020,000D)' } });
    const study = await studyOf(deps.db, owner, ids.study);
    const result: { file?: Part10 } = {};
    const put = await deps.blobs.put(passOn(head, source, scan, result), {
      owner: `ImagingStudy/${study}`, contentType: 'application/dicom', ...(options.maxBytes !== undefined && { maxBytes: options.maxBytes }),
    });
    try {
      const attributes = readAttributes(result.file!);
      seen.sopClass = attributes.sopClass;
      const outcome = await deps.db.transaction((tx) => insert(tx, owner, session, attributes, put));
      if (outcome === 'duplicate') await deps.blobs.destroy(put.id);
      added.set(ids.study, [...(added.get(ids.study) ?? []), { ids, sopClass: attributes.sopClass, outcome, attributes }]);
    } catch (error) {
      await deps.blobs.destroy(put.id);
      throw error;
    }
  };

  return {
    async add(bytes) {
      const seen: { ids?: InstanceIds; sopClass?: string } = {};
      try {
        await addOne(bytes, seen);
        return undefined;
      } catch (cause) {
        const error = cause instanceof DicomError ? unreadable(cause) : cause;
        if (!(error instanceof BedsideError) || error.kind === 'unavailable' || error.kind === 'internal') throw error;
        const refusal: RefusedInstance = { ids: seen.ids, ...(seen.sopClass !== undefined && { sopClass: seen.sopClass }), error };
        refused.push(refusal);
        return refusal;
      }
    },
    async finish() {
      const stored: StoredInstance[] = [];
      for (const [study, instances] of added) {
        try {
          const imagingStudyId = await listStudy(deps, ctx, { owner, study, session, ...(options.patient !== undefined && { patient: options.patient }) }, instances.map((i) => i.attributes));
          stored.push(...instances.map(({ ids, sopClass, outcome }) => ({ ids, sopClass, outcome, imagingStudyId })));
        } catch (error) {
          await removePending(deps, session, study);
          if (!(error instanceof BedsideError)) throw error;
          refused.push(...instances.map(({ ids, sopClass }) => ({ ids, sopClass, error })));
        }
      }
      added.clear();
      return { stored, refused };
    },
    async abandon() {
      for (const study of added.keys()) await removePending(deps, session, study);
      added.clear();
    },
  };
}

/** Reads until the identifiers are known; the bytes read so far are held and passed on. */
async function untilIds(source: AsyncIterator<Uint8Array>, scan: StreamScan, seen: { ids?: InstanceIds; sopClass?: string }): Promise<Uint8Array[]> {
  const head: Uint8Array[] = [];
  let held = 0;
  for (;;) {
    const next = await source.next();
    if (next.done) break;
    head.push(next.value);
    held += next.value.length;
    await scan.push(next.value);
    if (hasIds(scan.scanner.dataset)) break;
    if (held > maxBytesBeforeIds) throw new DicomError('head-too-large', 'The file does not say which study it belongs to');
  }
  if (!hasIds(scan.scanner.dataset)) await scan.finish();
  seen.ids = readIds(scan.scanner.dataset);
  return head;
}

async function* passOn(head: readonly Uint8Array[], source: AsyncIterator<Uint8Array>, scan: StreamScan, result: { file?: Part10 }): AsyncGenerator<Uint8Array> {
  yield* head;
  for (let next = await source.next(); !next.done; next = await source.next()) {
    await scan.push(next.value);
    yield next.value;
  }
  result.file = await scan.finish();
}

/** Id of the ImagingStudy of a study in an archive; set aside when the study is new. */
async function studyOf(db: Database, owner: string, study: string): Promise<string> {
  await db.query('insert into image.study (owner, study_uid, imaging_study_id) values ($1, $2, $3) on conflict do nothing', [owner, study, newId()]);
  const { rows } = await db.query<{ imaging_study_id: string }>('select imaging_study_id from image.study where owner = $1 and study_uid = $2', [owner, study]);
  return rows[0]!.imaging_study_id;
}

async function insert(tx: Tx, owner: string, session: string, a: InstanceAttributes, put: BlobInfo): Promise<'stored' | 'duplicate'> {
  const { ids, series: s } = a;
  await tx.query(
    `insert into image.series (owner, study_uid, series_uid, modality, number, description, body_part, series_date, series_time) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    [owner, ids.study, ids.series, s.modality, s.number, s.description, s.bodyPart, s.date, s.time]);
  const inserted = await tx.query(
    `insert into image.instance (owner, sop_uid, study_uid, series_uid, sop_class, transfer_syntax, number, frames, rows, columns, size, sha256, blob_id, deflated, frame_index, metadata, session)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) on conflict (owner, sop_uid) do nothing`,
    [owner, ids.sop, ids.study, ids.series, a.sopClass, a.transferSyntax, a.number, a.frames, a.rows, a.columns, put.size, put.sha256, put.id, a.deflated, JSON.stringify(a.frameIndex), a.metadata, session]);
  if (inserted.rowCount === 1) return 'stored';
  const { rows } = await tx.query<{ sha256: string; session: string | null }>('select sha256, session from image.instance where owner = $1 and sop_uid = $2', [owner, ids.sop]);
  if (rows[0]?.sha256 !== put.sha256) throw conflict('image-differs', 'An instance with this UID and other content is already stored; what is stored was kept.', { details: { at: '(0008,0018)' } });
  if (rows[0].session !== null && rows[0].session !== session) throw conflict('image-arriving', 'The same instance is just being delivered; try again.', { details: { retryAfterMs: 2_000 } });
  return 'duplicate';
}

/** Removes what a session added to a study and could not finish: rows first, so that nothing points to bytes that are gone. */
export async function removePending(deps: Pick<SessionDeps, 'db' | 'blobs'>, session: string, study: string): Promise<number> {
  const { rows } = await deps.db.query<{ blob_id: BlobInfo['id'] }>('delete from image.instance where session = $1 and study_uid = $2 returning blob_id', [session, study]);
  for (const { blob_id } of rows) await deps.blobs.destroy(blob_id);
  return rows.length;
}

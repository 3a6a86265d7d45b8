import { stat } from 'node:fs/promises';
import { gone, internal, notFound, publish, unavailable } from '../../kernel/index.ts';
import { shredFile } from '../../security/keys/index.ts';
import { blobInfo } from './read.ts';
import { isBlobId, type BlobParts } from './parts.ts';

export interface Destruction { readonly fragmentsOverwritten: number; readonly at: Date }

/**
 * Destroys an object: first its key, then the bytes of every copy, then looks that none is left, and records the proof.
 * Interrupted at any point it is finished at the next start.
 * @throws unavailable `rack-missing` when a rack that holds a copy cannot be reached: the key is gone then, the proof follows when the rack is back.
 */
export async function destroyBlob(parts: BlobParts, id: string): Promise<Destruction> {
  if (!isBlobId(id)) throw notFound('blob-not-found', 'There is no such stored object.');
  const { rowCount } = await parts.db.query("update blob.object set state = 'destroying' where id = $1", [id]);
  if (!rowCount) await blobInfo(parts, id);
  return finishDestruction(parts, id);
}

export async function finishDestruction(parts: BlobParts, id: string): Promise<Destruction> {
  const epochs = await parts.keys.destroy([id]);
  const { rows: copies } = await parts.db.query<{ no: number; rack: string }>('select no, rack from blob.copy where object = $1', [id]);
  const missing = copies.filter((copy) => !parts.racks.some((rack) => rack.id === copy.rack));
  let overwritten = 0;
  for (const copy of copies) {
    if (await parts.racks.find((rack) => rack.id === copy.rack)?.shred(id, copy.no)) overwritten += 1;
  }
  // Whatever else bears the object's name: drafts of a put or a repair that a crash interrupted.
  for (const rack of parts.racks) for (const path of await rack.filesOf(id)) if (await shredFile(path)) overwritten += 1;
  if (missing.length > 0) throw unavailable('rack-missing', 'The key is destroyed, but a storage folder with a copy cannot be reached; the proof follows when it is back.', { details: { retryAfterMs: 60_000 } });
  await proveAbsence(parts, id, copies.map((copy) => copy.no));
  return parts.db.transaction(async (tx) => {
    const { rows } = await tx.query<{ at: Date; fragments_overwritten: number }>(
      `with gone as (delete from blob.object where id = $1 and state = 'destroying' returning id, owner, size, sha256)
       insert into blob.destruction (object, owner, size, sha256, fragments_overwritten, key_epoch)
       select id, owner, size, sha256, $2, $3 from gone returning at, fragments_overwritten`, [id, overwritten, [...epochs.values()][0] ?? 0]);
    const row = rows[0];
    if (!row) throw gone('blob-destroyed', 'This stored object was destroyed.');
    await publish(tx, [{ topic: 'blob.destroyed', subject: `Blob/${id}`, payload: { fragmentsOverwritten: row.fragments_overwritten } }]);
    return { fragmentsOverwritten: row.fragments_overwritten, at: row.at };
  });
}

async function proveAbsence(parts: BlobParts, id: string, fragments: readonly number[]): Promise<void> {
  const left: string[] = [];
  for (const rack of parts.racks) {
    left.push(...await rack.filesOf(id));
    for (const no of new Set(fragments)) {
      const there = await stat(rack.pathOf(id, no)).then(() => true, (error: unknown) => {
        if ((error as { code?: unknown }).code === 'ENOENT') return false;
        throw error;
      });
      if (there) left.push(rack.pathOf(id, no));
    }
  }
  if (left.length > 0 || await parts.keys.has(id)) throw internal('blob-not-destroyed', 'A copy or the key of a destroyed object is still there; destruction is tried again.');
}

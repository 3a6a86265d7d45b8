import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { publish } from '../../kernel/index.ts';
import { shredFile } from '../../security/keys/index.ts';
import { finishDestruction } from './destroy.ts';
import { isBlobId, type BlobParts, type CopyPlace } from './parts.ts';
import { fragmentsFolder, type Rack } from './rack.ts';
import { checkCopy, recordDamage, repairCopy } from './repair.ts';

/** Removes what crashed puts left and finishes interrupted destructions. */
export async function housekeep(parts: BlobParts): Promise<{ orphans: number; destroyed: number }> {
  // Whoever deletes the intent may remove the files: the put it belonged to can no longer be recorded.
  const { rows: dead } = await parts.db.query<{ object: string }>(
    'delete from blob.intent where object in (select object from blob.intent where until < now() for update skip locked limit 10000) returning object');
  for (const { object } of dead) for (const rack of parts.racks) for (const path of await rack.filesOf(object)) await shredFile(path);
  const keyed: string[] = [];
  for (const { object } of dead) if (await parts.keys.has(object)) keyed.push(object);
  if (keyed.length > 0) await parts.keys.destroy(keyed);
  const { rows: dying } = await parts.db.query<{ id: string }>("select id from blob.object where state = 'destroying' limit 10000");
  let destroyed = 0;
  for (const { id } of dying) {
    await finishDestruction(parts, id).then(() => { destroyed += 1; return undefined; }, parts.onFault);
  }
  return { orphans: dead.length, destroyed };
}

/** Copies that were found damaged and are not yet repaired. */
export async function suspects(parts: BlobParts, limit = 1_000): Promise<CopyPlace[]> {
  return (await parts.db.query<{ object: string; no: number; rack: string }>("select object, no, rack from blob.copy where state = 'suspect' limit $1", [limit])).rows;
}

export interface ScrubOptions {
  /** Most bytes read in a second, over all racks. */
  readonly bytesPerSecond?: number;
  readonly signal?: AbortSignal;
  /** Files younger than this may belong to a put that is running. */
  readonly orphanAgeMs?: number;
}
export interface ScrubResult { readonly copies: number; readonly bytes: number; readonly damaged: number; readonly repaired: number; readonly lost: number; readonly orphans: number }

/** Reads every copy of every fragment, repairs what differs from what was written, and removes files that belong to nothing. */
export async function scrub(parts: BlobParts, options: ScrubOptions = {}): Promise<ScrubResult> {
  const rate = options.bytesPerSecond ?? 50 * 1024 * 1024;
  const began = performance.now();
  const result = { copies: 0, bytes: 0, damaged: 0, repaired: 0, lost: 0, orphans: 0 };
  let after = { object: '00000000-0000-0000-0000-000000000000', no: -1, rack: '00000000-0000-0000-0000-000000000000' };
  for (;;) {
    const { rows } = await parts.db.query<{ object: string; no: number; rack: string; size: number; digest: Buffer }>(
      `select c.object, c.no, c.rack, f.size, f.digest from blob.copy c join blob.fragment f using (object, no) join blob.object o on o.id = c.object and o.state = 'stored'
       where (c.object, c.no, c.rack) > ($1, $2, $3) order by c.object, c.no, c.rack limit 100`, [after.object, after.no, after.rack]);
    if (rows.length === 0) break;
    after = rows.at(-1)!;
    for (const copy of rows) {
      options.signal?.throwIfAborted();
      const rack = parts.racks.find((r) => r.id === copy.rack);
      if (!rack) continue;
      const state = await checkCopy(rack, copy.object, copy.no, copy);
      result.copies += 1;
      result.bytes += copy.size;
      if (state !== 'good') {
        result.damaged += 1;
        await recordDamage(parts, { ...copy, reason: state });
        const outcome = await repairCopy(parts, copy);
        if (outcome === 'repaired') result.repaired += 1;
        if (outcome === 'lost') result.lost += 1;
      }
      const early = (result.bytes / rate) * 1_000 - (performance.now() - began);
      if (early > 5) await pause(early, undefined, options.signal ? { signal: options.signal } : {});
    }
    await parts.db.query('update blob.copy c set verified_at = now() from unnest($1::uuid[], $2::int[], $3::uuid[]) s (object, no, rack) where (c.object, c.no, c.rack) = (s.object, s.no, s.rack) and c.state = $4',
      [rows.map((r) => r.object), rows.map((r) => r.no), rows.map((r) => r.rack), 'good']);
  }
  for (const rack of parts.racks) result.orphans += await removeOrphans(parts, rack, options);
  return result;
}

async function removeOrphans(parts: BlobParts, rack: Rack, options: ScrubOptions): Promise<number> {
  const base = join(rack.folder, fragmentsFolder);
  let removed = 0;
  for (const folder of await readdir(base)) {
    options.signal?.throwIfAborted();
    const names = (await readdir(join(base, folder))).filter((name) => isBlobId(name.slice(0, 36)));
    if (names.length === 0) continue;
    const ids = [...new Set(names.map((name) => name.slice(0, 36)))];
    const { rows } = await parts.db.query<{ id: string }>(
      'select i.id::text from unnest($1::uuid[]) i (id) where not exists (select from blob.object o where o.id = i.id) and not exists (select from blob.intent t where t.object = i.id)', [ids]);
    const orphaned = new Set(rows.map((row) => row.id));
    for (const name of names) {
      if (!orphaned.has(name.slice(0, 36))) continue;
      const path = join(base, folder, name);
      const age = Date.now() - (await stat(path)).mtimeMs;
      if (age < (options.orphanAgeMs ?? 3_600_000)) continue;
      if (await shredFile(path)) removed += 1;
    }
  }
  if (removed > 0) await parts.db.transaction((tx) => publish(tx, [{ topic: 'blob.orphans-removed', subject: `Rack/${rack.id}`, payload: { files: removed } }]));
  return removed;
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { publish } from '../../kernel/index.ts';
import type { BlobParts, CopyPlace, DamagedCopy, DamageReason } from './parts.ts';
import type { Rack } from './rack.ts';

/** Compares one copy's file with what was recorded when it was written. Needs no key. */
export async function checkCopy(rack: Rack, object: string, no: number, expected: { size: number; digest: Buffer }): Promise<'good' | DamageReason> {
  const path = rack.pathOf(object, no);
  try {
    if ((await stat(path)).size !== expected.size) return 'wrong-size';
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer);
    return hash.digest().equals(expected.digest) ? 'good' : 'wrong-content';
  } catch (error) {
    return (error as { code?: unknown }).code === 'ENOENT' ? 'missing' : 'unreadable';
  }
}

/** Records that a copy is damaged, once, and reports it. */
export async function recordDamage(parts: BlobParts, copy: DamagedCopy): Promise<void> {
  await parts.db.transaction(async (tx) => {
    const { rowCount } = await tx.query("update blob.copy set state = 'suspect' where object = $1 and no = $2 and rack = $3 and state = 'good'", [copy.object, copy.no, copy.rack]);
    if (rowCount) await publish(tx, [{ topic: 'blob.damaged', subject: `Blob/${copy.object}`, payload: { fragment: copy.no, rack: copy.rack, reason: copy.reason } }]);
  });
}

/**
 * Writes a damaged copy anew from a good one.
 * @returns `lost` when no rack has a good copy; it is reported, and tried again at each scrub.
 */
export async function repairCopy(parts: BlobParts, { object, no, rack: rackId }: CopyPlace): Promise<'repaired' | 'good' | 'lost' | 'gone'> {
  const { rows } = await parts.db.query<{ size: number; digest: Buffer; rack: string }>(
    `select f.size, f.digest, c.rack from blob.fragment f join blob.copy c using (object, no) join blob.object o on o.id = f.object
     where f.object = $1 and f.no = $2 and o.state = 'stored'`, [object, no]);
  const target = parts.racks.find((rack) => rack.id === rackId);
  if (rows.length === 0 || !target) return 'gone';
  const expected = rows[0]!;
  if (await checkCopy(target, object, no, expected) === 'good') {
    await parts.db.query("update blob.copy set state = 'good', verified_at = now() where object = $1 and no = $2 and rack = $3", [object, no, rackId]);
    return 'good';
  }
  for (const source of parts.racks) {
    if (source.id === rackId || !rows.some((row) => row.rack === source.id)) continue;
    if (await checkCopy(source, object, no, expected) !== 'good') continue;
    if (await copyFragment(parts, source, target, object, no, expected.digest)) return 'repaired';
  }
  await parts.db.transaction((tx) => publish(tx, [{ topic: 'blob.lost', subject: `Blob/${object}`, payload: { fragment: no } }]));
  return 'lost';
}

async function copyFragment(parts: BlobParts, source: Rack, target: Rack, object: string, no: number, digest: Buffer): Promise<boolean> {
  const draft = await target.draft(object, no);
  try {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(source.pathOf(object, no), { highWaterMark: 1024 * 1024 })) {
      hash.update(chunk as Buffer);
      await draft.write([chunk as Buffer]);
    }
    if (!hash.digest().equals(digest)) return false;
    return await parts.db.transaction(async (tx) => {
      // Held until the new name is durable: a destruction that begins meanwhile waits, and then finds this file.
      const { rowCount } = await tx.query("select 1 from blob.object where id = $1 and state = 'stored' for share", [object]);
      if (!rowCount) return false;
      await draft.finish();
      await target.syncNames(object);
      await tx.query("update blob.copy set state = 'good', verified_at = now() where object = $1 and no = $2 and rack = $3", [object, no, target.id]);
      await publish(tx, [{ topic: 'blob.repaired', subject: `Blob/${object}`, payload: { fragment: no, rack: target.id } }]);
      return true;
    });
  } finally {
    await draft.discard();
  }
}

import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { BedsideError, tooLarge, unavailable, unprocessable } from '../../kernel/index.ts';
import { idBytes, type BlobParts } from './parts.ts';
import type { BlobId, BlobInfo } from './contract.ts';
import type { Draft, Rack } from './rack.ts';
import { encryptSegment, segmentBytes, segmentsPerFragment } from './segment.ts';

/** Segments that go to the disks in one write. */
const segmentsPerWrite = 16;

interface Fragment { readonly size: number; readonly digest: Buffer }

export async function putBlob(parts: BlobParts, bytes: AsyncIterable<Uint8Array>, about: { owner: string; contentType: string; maxBytes?: number; sha256?: string }): Promise<BlobInfo> {
  const leave = await parts.puts.enter();
  const id = randomUUID();
  const racks = await chooseRacks(parts, id).catch((error: unknown) => { leave(); throw error; });
  const lease = setInterval(() => { parts.background(parts.db.query("update blob.intent set until = now() + $2 * interval '1 ms' where object = $1", [id, parts.leaseMs])); }, parts.leaseMs / 3);
  const key = randomBytes(32);
  let keeping: Promise<void> | undefined;
  try {
    await parts.db.query("insert into blob.intent (object, until) values ($1, now() + $2 * interval '1 ms')", [id, parts.leaseMs]);
    keeping = parts.keys.keep(id, key);
    keeping.catch(() => undefined);
    const { fragments, size, sha256 } = await writeFragments(parts, racks, id, key, bytes, about.maxBytes ?? Number.MAX_SAFE_INTEGER);
    if (about.sha256 !== undefined && about.sha256.toLowerCase() !== sha256.toString('hex')) {
      throw unprocessable('blob-digest', 'The bytes are not the ones announced: their SHA-256 differs. Send them again.');
    }
    await Promise.all([keeping, ...racks.map((rack) => rack.syncNames(id))]);
    const createdAt = await record(parts, { id, owner: about.owner, contentType: about.contentType, size, sha256, fragments, racks });
    return { id: id as BlobId, owner: about.owner, contentType: about.contentType, size, sha256: sha256.toString('hex'), createdAt };
  } catch (error) {
    await keeping?.catch(() => undefined);
    await forget(parts, racks, id, keeping !== undefined);
    throw error;
  } finally {
    clearInterval(lease);
    leave();
  }
}

/** Two racks with room, so that the load is even over more than two. */
async function chooseRacks(parts: BlobParts, id: string): Promise<Rack[]> {
  const free = await Promise.all(parts.racks.map((rack) => rack.freeBytes().catch(() => undefined)));
  const usable = parts.racks.filter((_, i) => free[i] !== undefined);
  const roomy = parts.racks.filter((_, i) => (free[i] ?? 0) > parts.reserveBytes);
  if (usable.length < parts.copies) throw unavailable('rack-missing', 'Too few storage folders can be reached to keep two copies; nothing was kept.', { details: { retryAfterMs: 10_000 } });
  if (roomy.length < parts.copies) throw unavailable('disk-full', 'There is no space left to store this; nothing was kept. Try again when the administrator has made room.', { details: { retryAfterMs: 60_000 } });
  const start = Number.parseInt(id.slice(0, 4), 16) % roomy.length;
  return Array.from({ length: parts.copies }, (_, i) => roomy[(start + i) % roomy.length]!);
}

async function writeFragments(parts: BlobParts, racks: readonly Rack[], id: string, key: Buffer, bytes: AsyncIterable<Uint8Array>, maxBytes: number): Promise<{ fragments: Fragment[]; size: number; sha256: Buffer }> {
  const object = idBytes(id);
  const whole = createHash('sha256');
  const fragments: Fragment[] = [];
  const open = new Set<Draft>();
  let drafts: Draft[] = [];
  let digest = createHash('sha256');
  let stored = 0;
  let segment = 0;
  let waiting: Buffer[] = [];
  let size = 0;
  let finishing: Promise<unknown> = Promise.resolve();
  let writing: Promise<unknown> = Promise.resolve();
  let plain = Buffer.allocUnsafe(segmentBytes);
  let filled = 0;

  const write = async (to: readonly Draft[], buffers: readonly Buffer[]): Promise<void> => {
    const leave = await parts.io.enter();
    try {
      await Promise.all(to.map((draft) => draft.write(buffers)));
    } finally {
      leave();
    }
  };
  /** One run is on its way to the disks while the next one is encrypted; never more than one. */
  const flush = async (): Promise<void> => {
    await writing;
    writing = write(drafts, waiting);
    writing.catch(() => undefined);
    waiting = [];
  };
  const endFragment = async (): Promise<void> => {
    await flush();
    await writing;
    fragments.push({ size: stored, digest: digest.digest() });
    // One fragment becomes durable while the next one is being filled; never more than one.
    await finishing;
    const done = drafts;
    finishing = Promise.all(done.map(async (draft) => { await draft.finish(); open.delete(draft); }));
    finishing.catch(() => undefined);
    drafts = [];
    digest = createHash('sha256');
    stored = 0;
    segment = 0;
  };
  const endSegment = async (last: boolean): Promise<void> => {
    if (drafts.length === 0) {
      for (const rack of racks) {
        const draft = await rack.draft(id, fragments.length);
        drafts.push(draft);
        open.add(draft);
      }
    }
    const [text, tag] = encryptSegment(key, { object, fragment: fragments.length, segment, last }, plain.subarray(0, filled));
    digest.update(text).update(tag);
    waiting.push(text, tag);
    stored += text.length + tag.length;
    segment += 1;
    filled = 0;
    if (segment === segmentsPerFragment || last) await endFragment();
    else if (waiting.length >= segmentsPerWrite * 2) await flush();
  };

  try {
    for await (const chunk of bytes) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge('blob-too-large', `This is larger than the ${maxBytes} bytes allowed.`, { details: { maxBytes } });
      whole.update(chunk);
      for (let at = 0; at < chunk.length;) {
        // A full segment waits for the byte after it, because the last one is marked.
        if (filled === segmentBytes) await endSegment(false);
        const take = Math.min(segmentBytes - filled, chunk.length - at);
        plain.set(chunk.subarray(at, at + take), filled);
        filled += take;
        at += take;
      }
    }
    await endSegment(true);
    await finishing;
    return { fragments, size, sha256: whole.digest() };
  } finally {
    await Promise.allSettled([writing, finishing]);
    for (const draft of open) await draft.discard();
    plain = Buffer.alloc(0);
  }
}

/** The row that makes the object exist. Without its intent (the lease ran out and the files were removed) it makes nothing. */
async function record(parts: BlobParts, o: { id: string; owner: string; contentType: string; size: number; sha256: Buffer; fragments: readonly Fragment[]; racks: readonly Rack[] }): Promise<Date> {
  const { rows } = await parts.db.query<{ created_at: Date }>({
    name: 'blob-record',
    text: `with begun as (delete from blob.intent where object = $1 returning object),
      stored as (insert into blob.object (id, owner, size, content_type, sha256) select object, $2, $3, $4, $5 from begun returning created_at),
      fragments as (insert into blob.fragment (object, no, size, digest)
        select object, f.no - 1, f.size, f.digest from begun, unnest($6::int[], $7::bytea[]) with ordinality f (size, digest, no) returning no),
      copies as (insert into blob.copy (object, no, rack) select begun.object, f.no, r from begun, fragments f, unnest($8::uuid[]) r)
      select created_at from stored`,
    values: [o.id, o.owner, o.size, o.contentType, o.sha256, o.fragments.map((f) => f.size), o.fragments.map((f) => f.digest), o.racks.map((r) => r.id)],
  });
  if (!rows[0]) throw unavailable('blob-put-expired', 'Storing took too long and was given up; send it again.', { details: { retryAfterMs: 1_000 } });
  return rows[0].created_at;
}

/** Leaves nothing of a put that failed. What cannot be removed now is removed when its lease has run out. */
async function forget(parts: BlobParts, racks: readonly Rack[], id: string, keyKept: boolean): Promise<void> {
  try {
    // The row may have been written although its acknowledgement was lost: nobody knows the id, so it is destroyed.
    const { rowCount } = await parts.db.query("update blob.object set state = 'destroying' where id = $1", [id]);
    if (rowCount) return;
    for (const rack of racks) for (const path of await rack.filesOf(id)) await rm(path, { force: true });
    if (keyKept) await parts.keys.destroy([id]);
    await parts.db.query('delete from blob.intent where object = $1', [id]);
  } catch (error) {
    parts.onFault(error instanceof BedsideError ? error : unavailable('blob-cleanup', 'What a failed put left is removed later.', { cause: error }));
  }
}

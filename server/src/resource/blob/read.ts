import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { gone, internal, invalid, notFound } from '../../kernel/index.ts';
import type { BlobId, BlobInfo } from './contract.ts';
import { idBytes, isBlobId, type BlobParts, type DamageReason } from './parts.ts';
import type { Rack } from './rack.ts';
import { decryptSegment, layoutOf, plainBytesOf, segmentBytes, segmentsPerFragment, storedSegmentBytes, tagBytes } from './segment.ts';

/** Segments read and decrypted in one go: 1 MiB in memory for a reader, twice that with the run read ahead. */
const segmentsPerRun = 16;
/** Fragments whose copies are looked up at once. */
const fragmentsPerLookup = 64;

interface Row extends Record<string, unknown> { id: string; owner: string; size: string; content_type: string; sha256: Buffer; created_at: Date; state: string }

const infoOf = (row: Row): BlobInfo => ({
  id: row.id as BlobId, owner: row.owner, size: Number(row.size), contentType: row.content_type,
  sha256: row.sha256.toString('hex'), createdAt: row.created_at,
});

/** @throws gone `blob-destroyed`, not-found `blob-not-found` */
export async function blobInfo(parts: Pick<BlobParts, 'db'>, id: string): Promise<BlobInfo> {
  if (!isBlobId(id)) throw notFound('blob-not-found', 'There is no such stored object.');
  const { rows } = await parts.db.query<Row>({ name: 'blob-info', text: 'select id, owner, size, content_type, sha256, created_at, state from blob.object where id = $1', values: [id] });
  if (rows[0]?.state === 'stored') return infoOf(rows[0]);
  if (rows[0]) throw gone('blob-destroyed', 'This stored object was destroyed.');
  const { rows: destroyed } = await parts.db.query('select 1 from blob.destruction where object = $1', [id]);
  throw destroyed[0] ? gone('blob-destroyed', 'This stored object was destroyed.') : notFound('blob-not-found', 'There is no such stored object.');
}

/** The objects that belong to `owner`, newest first. */
export async function blobsOf(parts: Pick<BlobParts, 'db'>, owner: string): Promise<BlobInfo[]> {
  const { rows } = await parts.db.query<Row>({ name: 'blobs-of', text: "select id, owner, size, content_type, sha256, created_at, state from blob.object where owner = $1 and state = 'stored' order by created_at desc, id limit 100", values: [owner] });
  return rows.map(infoOf);
}

/**
 * The bytes from `first` to `last`, both included; `last` is cut to the object's end. The first bytes are read before this resolves, so that
 * a fault is known before an answer has begun.
 */
export async function readBlob(parts: BlobParts, id: BlobId, range?: { first: number; last: number }): Promise<Readable> {
  const info = await blobInfo(parts, id);
  const { first, last } = range ?? { first: 0, last: info.size - 1 };
  if (range && (!Number.isSafeInteger(first) || !Number.isSafeInteger(last) || first < 0 || last < first || first >= info.size)) {
    throw invalid('blob-range', `The range is not within the ${info.size} bytes of this object.`, { details: { size: info.size } });
  }
  const key = await parts.keys.open(id);
  const bytes = range ? plainBytes(parts, info, key, first, Math.min(last, info.size - 1)) : verified(plainBytes(parts, info, key, 0, info.size - 1), info);
  const begun = await bytes.next();
  return Readable.from(startingWith(begun, bytes), { objectMode: false, highWaterMark: segmentBytes });
}

async function* startingWith(begun: IteratorResult<Buffer, void>, rest: AsyncGenerator<Buffer, void>): AsyncGenerator<Buffer> {
  try {
    if (!begun.done) yield begun.value;
    yield* rest;
  } finally {
    await rest.return();
  }
}

async function* verified(bytes: AsyncGenerator<Buffer, void>, info: BlobInfo): AsyncGenerator<Buffer, void> {
  const hash = createHash('sha256');
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== info.sha256) throw internal('blob-digest', 'The stored object is not the one that was recorded: its SHA-256 differs.');
}

async function* plainBytes(parts: BlobParts, info: BlobInfo, key: Buffer, first: number, last: number): AsyncGenerator<Buffer, void> {
  const fromSegment = Math.floor(first / segmentBytes);
  const toSegment = Math.max(fromSegment, Math.floor(last / segmentBytes));
  const reader = fragmentReader(parts, info, key);
  try {
    const runs = runsOf(fromSegment, toSegment);
    let ahead = reader.read(runs[0]!);
    for (const [i, run] of runs.entries()) {
      const segments = await ahead;
      if (i + 1 < runs.length) {
        ahead = reader.read(runs[i + 1]!);
        ahead.catch(() => undefined);
      }
      for (const [n, plain] of segments.entries()) {
        const start = (run.from + n) * segmentBytes;
        const cut = plain.subarray(Math.max(0, first - start), Math.max(0, Math.min(plain.length, last + 1 - start)));
        if (cut.length > 0) yield cut;
      }
    }
    await ahead;
  } finally {
    await reader.close();
  }
}

interface Run { readonly from: number; readonly to: number }
/** Runs of segments (numbered over the object) that never cross a fragment. */
function runsOf(from: number, to: number): Run[] {
  const runs: Run[] = [];
  for (let at = from; at <= to;) {
    const end = Math.min(to, at + segmentsPerRun - 1, (Math.floor(at / segmentsPerFragment) + 1) * segmentsPerFragment - 1);
    runs.push({ from: at, to: end });
    at = end + 1;
  }
  return runs;
}

function fragmentReader(parts: BlobParts, info: BlobInfo, key: Buffer): { read(run: Run): Promise<Buffer[]>; close(): Promise<void> } {
  const object = idBytes(info.id);
  const { segments: total } = layoutOf(info.size);
  const known = new Map<number, { rack: string; state: string }[]>();
  let openFile: { no: number; rack: string; file: FileHandle } | undefined;
  let busy: Promise<unknown> = Promise.resolve();
  let buffer: Buffer = Buffer.alloc(0);

  const racksOf = async (no: number): Promise<Rack[]> => {
    if (!known.has(no)) {
      known.clear();
      const { rows } = await parts.db.query<{ no: number; rack: string; state: string }>({
        name: 'blob-copies', text: 'select no, rack, state from blob.copy where object = $1 and no between $2 and $3', values: [info.id, no, no + fragmentsPerLookup - 1] });
      for (const row of rows) known.set(row.no, [...known.get(row.no) ?? [], row]);
    }
    const copies = known.get(no) ?? [];
    const rank = (rack: Rack): number => (copies.find((c) => c.rack === rack.id)?.state === 'good' ? 0 : 1);
    const holding = parts.racks.filter((rack) => copies.some((c) => c.rack === rack.id));
    // Fragments take turns at which rack is asked first, so that both disks share the work.
    const turned = holding.map((_, i) => holding[(i + no) % holding.length]!);
    return turned.toSorted((a, b) => rank(a) - rank(b));
  };
  const close = async (): Promise<void> => {
    const file = openFile;
    openFile = undefined;
    await file?.file.close();
  };
  const fileOf = async (rack: Rack, no: number): Promise<FileHandle> => {
    if (openFile?.no === no && openFile.rack === rack.id) return openFile.file;
    await close();
    openFile = { no, rack: rack.id, file: await open(rack.pathOf(info.id, no), 'r') };
    return openFile.file;
  };
  const readFrom = async (rack: Rack, no: number, run: Run): Promise<Buffer[] | DamageReason> => {
    const at = (run.from - no * segmentsPerFragment) * storedSegmentBytes;
    const length = (run.to - run.from) * storedSegmentBytes + plainBytesOf(info.size, run.to) + tagBytes;
    const stored = buffer.length >= length ? buffer.subarray(0, length) : (buffer = Buffer.allocUnsafe(length));
    try {
      const file = await fileOf(rack, no);
      const { bytesRead } = await file.read(stored, 0, length, at);
      if (bytesRead !== length) return 'wrong-size';
    } catch (error) {
      return (error as { code?: unknown }).code === 'ENOENT' ? 'missing' : 'unreadable';
    }
    const plains: Buffer[] = [];
    for (let segment = run.from; segment <= run.to; segment += 1) {
      const start = (segment - run.from) * storedSegmentBytes;
      const place = { object, fragment: no, segment: segment - no * segmentsPerFragment, last: segment === total - 1 };
      const plain = decryptSegment(key, place, stored.subarray(start, start + plainBytesOf(info.size, segment) + tagBytes));
      if (!plain) return 'wrong-content';
      plains.push(plain);
    }
    return plains;
  };
  const readRun = async (run: Run): Promise<Buffer[]> => {
    const no = Math.floor(run.from / segmentsPerFragment);
    const leave = await parts.io.enter();
    try {
      const faults: { rack: string; reason: DamageReason }[] = [];
      for (const rack of await racksOf(no)) {
        const found = await readFrom(rack, no, run);
        if (typeof found !== 'string') {
          for (const fault of faults) parts.damaged({ object: info.id, no, ...fault });
          return found;
        }
        await close();
        faults.push({ rack: rack.id, reason: found });
      }
      await blobInfo(parts, info.id); // destroyed while it was being read?
      for (const fault of faults) parts.damaged({ object: info.id, no, ...fault });
      throw internal('blob-lost', 'No undamaged copy of this stored object can be reached.', { details: { fragment: no } });
    } finally {
      leave();
    }
  };
  return {
    read: (run) => {
      const turn = busy.then(() => readRun(run));
      busy = turn.catch(() => undefined);
      return turn;
    },
    close: async () => {
      await busy;
      await close();
    },
  };
}

import { join, resolve } from 'node:path';
import { invalid, publish, unavailable, type Database } from '../../kernel/index.ts';
import { openDataKeys, type KeyWrapper } from '../../security/keys/index.ts';
import type { BlobStore } from './contract.ts';
import { destroyBlob } from './destroy.ts';
import { gate } from './gate.ts';
import { housekeep, scrub, suspects, type ScrubOptions, type ScrubResult } from './housekeeping.ts';
import type { BlobParts, CopyPlace, DamagedCopy } from './parts.ts';
import { putBlob } from './put.ts';
import { initialiseRack, openRack, rackIdentity, type Rack } from './rack.ts';
import { blobInfo, blobsOf, readBlob } from './read.ts';
import { recordDamage, repairCopy } from './repair.ts';

export interface BlobStoreOptions {
  readonly db: Database;
  /** Rack folders, two at least; see `rackFolders`. */
  readonly folders: readonly string[];
  /** What wraps the epoch keys of the data keys. */
  readonly wrapper: KeyWrapper;
  /** Copies of each fragment; 2 unless given. */
  readonly copies?: number;
  readonly leaseMs?: number;
  readonly reserveBytes?: number;
  /** Told of faults in background work (repair, cleaning), which goes on. */
  readonly onFault?: (error: Error) => void;
}

export interface EmbeddedBlobStore extends BlobStore {
  /** Reads and repairs everything at a bounded rate; run it regularly (weekly is usual). */
  scrub(options?: ScrubOptions): Promise<ScrubResult>;
  /** Removes what crashed puts left, finishes destructions, repairs what was found damaged; run it every minute. */
  housekeep(): Promise<{ orphans: number; destroyed: number }>;
  /** New epoch keys for all data keys; with `wrapper`, under another master key. */
  rotateKeys(wrapper?: KeyWrapper): Promise<void>;
  /** Resolves when no repair is under way. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** The rack folders of the settings: BLOB_RACKS, or two folders under BEDSIDE_DATA. */
export const rackFolders = (settings: { BLOB_RACKS: string; BEDSIDE_DATA: string }): string[] => {
  const given = settings.BLOB_RACKS.split(',').map((folder) => folder.trim()).filter((folder) => folder !== '').map((folder) => resolve(folder));
  return given.length > 0 ? given : [join(settings.BEDSIDE_DATA, 'blobs', 'rack-1'), join(settings.BEDSIDE_DATA, 'blobs', 'rack-2')];
};

const lockSpace = 0x626c6f62; // "blob"
const mostRepairsWaiting = 10_000;

/** The embedded object store: fragments on two racks, encrypted, checked on reading, repaired in the background. */
export async function openBlobStore(options: BlobStoreOptions): Promise<EmbeddedBlobStore> {
  const { db } = options;
  const copies = options.copies ?? 2;
  if (new Set(options.folders).size < copies) throw invalid('blob-racks', `BLOB_RACKS must name at least ${copies} different folders.`);
  const racks = await openRacks(db, options.folders);
  if (racks.length === 0) throw unavailable('rack-missing', 'None of the storage folders (BLOB_RACKS) can be reached.');
  const keys = await openDataKeys({
    folders: racks.map((rack) => join(rack.folder, 'keys')), wrapper: options.wrapper,
    exclusively: (shard, work) => db.transaction(async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1, $2)', [lockSpace, shard]);
      return work();
    }),
  });
  const onFault = options.onFault ?? (() => undefined);
  const running = new Set<Promise<unknown>>();
  const repairs = new Map<string, CopyPlace>();
  let repairing: Promise<void> | undefined;
  let closed = false;

  const background = (work: Promise<unknown>): void => {
    const settled: Promise<unknown> = work.catch((error: unknown) => onFault(error as Error)).finally(() => running.delete(settled));
    running.add(settled);
  };
  const workOff = async (): Promise<void> => {
    for (const [name, place] of repairs) {
      if (closed) break;
      await repairCopy(parts, place).catch(onFault);
      repairs.delete(name);
    }
    repairing = undefined;
  };
  const enqueue = (place: CopyPlace): void => {
    // A full queue loses nothing: the copy is recorded as suspect and taken up by the next housekeeping.
    if (closed || repairs.size >= mostRepairsWaiting) return;
    repairs.set(`${place.object}.${place.no}.${place.rack}`, place);
    if (repairing) return;
    repairing = workOff();
    background(repairing);
  };
  const parts: BlobParts = {
    db, keys, racks, copies, background, onFault,
    puts: gate(64, 512, 'objects are being stored'),
    io: gate(16, 4_096, 'objects are being read'),
    leaseMs: options.leaseMs ?? 30_000,
    reserveBytes: options.reserveBytes ?? 64 * 1024 * 1024,
    damaged: (copy: DamagedCopy) => background(recordDamage(parts, copy).then(() => enqueue(copy))),
  };
  const settled = async (): Promise<void> => {
    while (running.size > 0) await Promise.all(running);
  };
  const keepHouse = async (): Promise<{ orphans: number; destroyed: number }> => {
    const done = await housekeep(parts);
    for (const place of await suspects(parts)) enqueue(place);
    return done;
  };
  await keepHouse();

  return {
    put: (bytes, about) => putBlob(parts, bytes, about),
    info: (id) => blobInfo(parts, id),
    of: (owner) => blobsOf(parts, owner),
    read: (id, range) => readBlob(parts, id, range),
    destroy: (id) => destroyBlob(parts, id),
    scrub: (scrubbing) => scrub(parts, scrubbing),
    housekeep: keepHouse,
    rotateKeys: (wrapper) => keys.rotate(wrapper),
    settled,
    close: async () => {
      closed = true;
      await settled();
    },
  };
}

/**
 * Opens the racks that are there. A folder that was a rack and now bears no identity is an unmounted or an emptied disk: it is left alone and
 * reported, until `replaceRack` says that it is a new disk.
 */
async function openRacks(db: Database, folders: readonly string[]): Promise<Rack[]> {
  const racks: Rack[] = [];
  for (const folder of folders) {
    let id = await rackIdentity(folder);
    if (id === undefined) {
      const { rows } = await db.query<{ id: string }>('select r.id from blob.rack r where r.folder = $1 and exists (select from blob.copy c where c.rack = r.id)', [folder]);
      if (rows[0]) {
        await db.transaction((tx) => publish(tx, [{ topic: 'blob.rack-missing', subject: `Rack/${rows[0]!.id}`, payload: { folder } }]));
        continue;
      }
      id = await initialiseRack(folder);
    }
    if (racks.some((rack) => rack.id === id)) throw invalid('blob-racks', `${folder} is the same rack as another folder of BLOB_RACKS; one of them is a copy.`);
    await db.query('insert into blob.rack (id, folder) values ($1, $2) on conflict (id) do update set folder = excluded.folder', [id, folder]);
    racks.push(openRack(id, folder));
  }
  return racks;
}

/** Declares that `folder` is a new, empty disk in place of the rack that was there: its copies are recorded as damaged, and repaired onto the new rack at the next start. */
export async function replaceRack(db: Database, folder: string): Promise<void> {
  if (await rackIdentity(folder) !== undefined) throw invalid('blob-racks', `${folder} still is the rack it was.`);
  const id = await initialiseRack(folder);
  await db.transaction(async (tx) => {
    const { rows } = await tx.query<{ id: string }>('select id from blob.rack where folder = $1 for update', [folder]);
    await tx.query('insert into blob.rack (id, folder) values ($1, $2)', [id, folder]);
    for (const old of rows) await tx.query("update blob.copy set rack = $1, state = 'suspect' where rack = $2", [id, old.id]);
    await tx.query('delete from blob.rack r where folder = $1 and id <> $2 and not exists (select from blob.copy c where c.rack = r.id)', [folder, id]);
  });
}

import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase, outboxMigrations } from '../server/src/kernel/index.ts';
import { startEmbeddedPostgres } from '../server/src/kernel/embedded-postgres/index.ts';
import { blobMigrations, openBlobStore } from '../server/src/resource/blob/index.ts';
import { openFileKeyWrapper } from '../server/src/security/keys/index.ts';

const mib = 1024 * 1024;
const objectMib = 100;

/** Blob store: a 100 MiB object against copying it to two folders of the same disk with fsync, and small ranges against their target. */
export async function bench(print: (name: string, ours: number, reference: number, unit: string, what: string) => void, options: { full: boolean }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bedside-bench-blob-'));
  await chmod(folder, 0o711);
  const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), binariesFolder: join(tmpdir(), 'bedside-bench-binaries') });
  const db = openDatabase({ connectionString: postgres.connectionStringOf('postgres') });
  try {
    await migrate(db, [...outboxMigrations, ...blobMigrations]);
    const store = await openBlobStore({ db, folders: [join(folder, 'rack-1'), join(folder, 'rack-2')], wrapper: await openFileKeyWrapper(join(folder, 'keys')) });
    const piece = randomBytes(mib);
    const source = async function* (): AsyncGenerator<Buffer> { for (let i = 0; i < objectMib; i += 1) yield piece; };
    const about = { owner: 'Binary/bench', contentType: 'application/octet-stream' };
    const rounds = options.full ? 10 : 3;

    const copies: number[] = [];
    const puts: number[] = [];
    const plainReads: number[] = [];
    const reads: number[] = [];
    let rssGrowth = 0;
    let id = (await store.put(source(), about)).id;
    for (let round = 0; round < rounds; round += 1) {
      copies.push(await timed(() => copyTwice(source(), folder)));
      plainReads.push(await timed(() => readFileWhole(join(folder, 'copy-1', 'file'))));
      const before = process.memoryUsage().rss;
      puts.push(await timed(async () => { id = (await store.put(source(), about)).id; }));
      rssGrowth = Math.max(rssGrowth, process.memoryUsage().rss - before);
      reads.push(await timed(async () => { for await (const _ of await store.read(id)); }));
    }
    const rate = (times: number[]): number => objectMib / (median(times) / 1_000);
    print('blob-put-100MiB', rate(puts), rate(copies), 'MiB/s', 'writing the same bytes to two folders of the same disk with fsync, in the same run');
    print('blob-read-100MiB', rate(reads), rate(plainReads), 'MiB/s', 'reading one of those copies (not encrypted, not checked), in the same run');
    print('blob-put-memory', rssGrowth / mib, objectMib, 'MiB', 'the size of the object: growth of the process while it is stored');

    const ranges: number[] = [];
    for (let i = 0; i < (options.full ? 2_000 : 300); i += 1) {
      const first = Math.floor(Math.random() * (objectMib * mib - 20_480));
      ranges.push(await timed(async () => { for await (const _ of await store.read(id, { first, last: first + 20_479 })); }));
    }
    print('blob-range-20KiB-median', median(ranges), 2, 'ms', 'target: 2 ms');
    print('blob-range-20KiB-p95', ranges.toSorted((a, b) => a - b)[Math.floor(ranges.length * 0.95)]!, 2, 'ms', 'target: 2 ms');

    const small = randomBytes(20_480);
    const smallPuts: number[] = [];
    for (let i = 0; i < (options.full ? 500 : 60); i += 1) smallPuts.push(await timed(() => store.put((async function* () { yield small; })(), about)));
    const smallCopies: number[] = [];
    for (let i = 0; i < 60; i += 1) smallCopies.push(await timed(() => copyTwice((async function* () { yield small; })(), folder)));
    print('blob-put-20KiB', median(smallPuts), median(smallCopies), 'ms', 'writing the same bytes to two folders with fsync');
    await store.close();
  } finally {
    await db.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function copyTwice(source: AsyncIterable<Buffer>, folder: string): Promise<void> {
  const folders = [join(folder, 'copy-1'), join(folder, 'copy-2')];
  for (const target of folders) await mkdir(target, { recursive: true });
  const files = await Promise.all(folders.map((target) => open(join(target, 'file'), 'w')));
  for await (const chunk of source) await Promise.all(files.map((file) => file.write(chunk)));
  await Promise.all(files.map(async (file) => { await file.sync(); await file.close(); }));
}

async function readFileWhole(path: string): Promise<void> {
  const file = await open(path, 'r');
  const buffer = Buffer.alloc(mib);
  while ((await file.read(buffer, 0, mib)).bytesRead > 0);
  await file.close();
}

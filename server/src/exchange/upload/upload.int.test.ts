import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import * as tus from 'tus-js-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../kernel/index.ts';
import { blobWorld, collect, generatedSlice, sha256, type BlobWorld } from '../../resource/blob/fixtures/blob-world.ts';
import { uploadServer, type UploadServer } from './fixtures/upload-server.ts';
import { uploadMigrations } from './index.ts';

const mib = 1024 * 1024;
let world: BlobWorld;
let server: UploadServer;
beforeAll(async () => {
  world = await blobWorld();
  await migrate(world.db, uploadMigrations);
  server = await uploadServer(world.db, world.store, world.root);
});
afterAll(async () => {
  await server.app.close();
  await world[Symbol.asyncDispose]();
});

/** ISO media of `size` bytes: a file type box and one of media data. */
const video = (size: number): Buffer => {
  const bytes = generatedSlice(0, size);
  Buffer.from('\0\0\0\x14ftypisom\0\0\0\0isom', 'latin1').copy(bytes);
  bytes.writeUInt32BE(size - 20, 20);
  bytes.write('mdat', 24, 'latin1');
  return bytes;
};
const metadata = { title: 'A film', category: 'imaging', patient: 'p1', filetype: 'video/mp4' };

interface Outcome { readonly document: string | undefined; readonly status: number | undefined; readonly body: string; readonly offsets: number[]; readonly upload: tus.Upload }
/** Sends with tus-js-client; `stopAt` breaks the line when so many bytes were sent. */
function send(bytes: Buffer | Readable, options: Partial<tus.UploadOptions> & { url?: string; stopAt?: number } = {}): Promise<Outcome> {
  const { stopAt, url, ...more } = options;
  return new Promise((resolve) => {
    const offsets: number[] = [];
    let document: string | undefined;
    const outcome = (status?: number, body = ''): Outcome => ({ document, status, body, offsets, upload });
    const upload: tus.Upload = new tus.Upload(bytes as Buffer, {
      ...(url === undefined ? { endpoint: server.url } : { uploadUrl: url }),
      metadata, retryDelays: [], headers: { 'x-account': 'a' },
      onAfterResponse: (_request, response) => { document = response.getHeader('Bedside-Document') ?? document; },
      onProgress: (sent) => {
        offsets.push(sent);
        if (stopAt !== undefined && sent >= stopAt) resolve(upload.abort().then(() => outcome()));
      },
      onSuccess: () => resolve(outcome()),
      onError: (error) => resolve(outcome((error as tus.DetailedError).originalResponse?.getStatus(), (error as tus.DetailedError).originalResponse?.getBody())),
      ...more,
    });
    upload.start();
  });
}
const stored = async (document: string | undefined): Promise<Buffer> => {
  const [info] = await world.store.of(`Binary/${document!.split('/')[1]}`);
  return collect(await world.store.read(info!.id));
};

test('a foreign tus client uploads a film, which becomes a registered document with the same bytes', async () => {
  const bytes = video(20 * mib + 7);
  const { document, upload } = await send(bytes);
  expect(document).toMatch(/^DocumentReference\//);
  expect(sha256(await stored(document))).toBe(sha256(bytes));
  expect(server.fhir.rows.get(document!)).toMatchObject({ description: 'A film', subject: { reference: 'Patient/p1' } });
  expect(await readdir(join(world.root, 'uploads/staging'))).toEqual([]);
  // The answer to the last request may be lost: whoever asks again learns the same.
  const again = await send(bytes, { url: upload.url!.startsWith('http') ? upload.url! : new URL(upload.url!, server.url).href });
  expect(again.document).toBe(document);
});

test('an upload whose line breaks goes on where it stopped, also after the server was restarted', async () => {
  const bytes = video(30 * mib);
  const broken = await send(bytes, { stopAt: 12 * mib });
  const { url } = broken.upload;
  await server.app.close();
  server = await uploadServer(world.db, world.store, world.root);
  // The request that broke may hold the upload for a moment: a client asks again, as the protocol wants (423).
  const resumed = await send(bytes, { url: new URL(new URL(url!).pathname, server.url).href, retryDelays: [100, 500, 1_000, 2_000, 4_000, 8_000] });
  expect(resumed.offsets[0]).toBeGreaterThan(0);
  expect(sha256(await stored(resumed.document))).toBe(sha256(bytes));
});

test('an upload survives kill -9 of the server, and nothing of it is readable on the disk', async () => {
  const start = async (): Promise<{ child: ChildProcess; url: string }> => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/serve.ts'), world.db.connectionString, world.root], { stdio: ['ignore', 'pipe', 'inherit'] });
    return { child, url: (await new Promise<Buffer>((resolve) => child.stdout!.once('data', resolve))).toString().trim() };
  };
  const bytes = video(40 * mib);
  const first = await start();
  const upload = await new Promise<string>((resolve) => {
    const running = new tus.Upload(bytes, { endpoint: first.url, metadata, retryDelays: [], headers: { 'x-account': 'a' }, chunkSize: 8 * mib, onChunkComplete: (_size, accepted) => {
      // By what the server has acknowledged, not by what the sender's buffers have swallowed: the same on a fast machine.
      if (accepted >= 16 * mib) first.child.kill('SIGKILL');
    }, onError: () => resolve(running.url!), onSuccess: () => resolve(running.url!) });
    running.start();
  });
  const [part] = await readdir(join(world.root, 'uploads/staging'));
  expect((await readFile(join(world.root, 'uploads/staging', part!))).includes(bytes.subarray(100_000, 100_100))).toBe(false);
  const second = await start();
  const { rows: [row] } = await world.db.query<{ received: string }>('select received from upload.upload where id = $1', [upload.split('/').at(-1)]);
  const resumed = await send(bytes, { url: new URL(new URL(upload).pathname, second.url).href });
  second.child.kill('SIGKILL');
  expect(Number(row!.received)).toBeGreaterThanOrEqual(8 * mib);
  expect(resumed.offsets[0]).toBeGreaterThanOrEqual(8 * mib);
  expect(sha256(await stored(resumed.document))).toBe(sha256(bytes));
});

test('a file that is not what it says is refused with a typed error and leaves nothing', async () => {
  const outcome = await send(Buffer.from('%PDF-1.4 and so on %%EOF'), { metadata: { ...metadata, filetype: 'image/png' } });
  expect(outcome.status).toBe(415);
  expect(JSON.parse(outcome.body)).toMatchObject({ code: 'document-type-mismatch', found: 'application/pdf', claimed: 'image/png' });
  const asked = await send(Buffer.from('%PDF-1.4 and so on %%EOF'), { url: new URL(new URL(outcome.upload.url!).pathname, server.url).href });
  expect(asked.document).toBeUndefined();
  expect((await send(video(100_000).subarray(0, 50_000))).status).toBe(422);
  expect((await send(Buffer.alloc(0))).status).toBe(422);
  expect(await readdir(join(world.root, 'uploads/staging'))).toEqual([]);
});

test.each([
  [413, 'larger than the limit', { endpoint: undefined, size: 101 * mib }],
  [400, 'without a title', { metadata: { ...metadata, title: '' } }],
  [400, 'with a wrong class', { metadata: { ...metadata, category: '../x' } }],
  [404, 'for a patient who is not there', { metadata: { ...metadata, patient: 'p2' } }],
  [404, 'for a case that is not there', { metadata: { ...metadata, case: 'c9' } }],
  [401, 'without signing in', { headers: {} }],
] as const)('an upload is answered %i when it is %s', async (status, _why, fault) => {
  const { size, ...options } = { size: 10, ...fault } as { size: number } & Partial<tus.UploadOptions>;
  expect((await send(Buffer.alloc(size), { ...options, ...(options.endpoint === undefined ? { endpoint: server.url } : {}) } as Partial<tus.UploadOptions>)).status).toBe(status);
});

test('an upload belongs to the account that began it', async () => {
  const { upload } = await send(video(9 * mib), { stopAt: 1 });
  const url = new URL(new URL(upload.url!).pathname, server.url).href;
  const ask = (account: string, method: string) => fetch(url, { method, headers: { 'x-account': account, 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' } });
  expect((await ask('b', 'HEAD')).status).toBe(404);
  expect((await ask('b', 'PATCH')).status).toBe(404);
  expect((await ask('b', 'DELETE')).status).toBe(404);
  expect((await ask('a', 'HEAD')).status).toBe(200);
  expect((await ask('a', 'DELETE')).status).toBe(204);
  expect((await ask('a', 'HEAD')).status).toBe(404);
});

test('too many unfinished uploads of one account are answered 429, and expired ones are removed', async () => {
  const small = await uploadServer(world.db, world.store, world.root, { quota: { uploads: 2, bytes: mib }, expiryMs: 1 });
  try {
    const create = (length: number, account: string) => fetch(small.url, { method: 'POST', headers: { 'x-account': account, 'tus-resumable': '1.0.0', 'upload-length': String(length), 'upload-metadata': `title ${Buffer.from('t').toString('base64')}` } });
    expect([await create(10, 'q'), await create(10, 'q'), await create(10, 'q')].map((r) => r.status)).toEqual([201, 201, 429]);
    expect((await create(2 * mib, 'r')).status).toBe(429);
    expect((await create(10, 's')).headers.get('upload-expires')).toBeTruthy();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { openStaging } = await import('./staging.ts');
    await small.app.close();
    await uploadServer(world.db, world.store, world.root, { expiryMs: 1 }).then((s) => s.app.close());
    expect((await world.db.query('select 1 from upload.upload')).rowCount).toBe(0);
    expect(await (await openStaging(join(world.root, 'uploads/staging'))).list()).toEqual([]);
  } finally {
    await small.app.close();
  }
});

test('bytes at a wrong offset, of an unknown upload or beyond the length change nothing', async () => {
  const { upload } = await send(video(9 * mib), { stopAt: 1 });
  const url = new URL(new URL(upload.url!).pathname, server.url).href;
  const patch = (at: string, offset: number, body: string) => fetch(at, { method: 'PATCH', body, headers: { 'x-account': 'a', 'tus-resumable': '1.0.0', 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' } });
  const before = await world.db.query('select received from upload.upload');
  expect((await patch(url, 8 * mib, 'x')).status).toBe(409);
  expect((await patch(`${server.url}/${randomUUID()}`, 0, 'x')).status).toBe(404);
  expect((await patch(`${server.url}/..%2f..%2fetc`, 0, 'x')).status).toBe(404);
  expect((await world.db.query('select received from upload.upload')).rows).toEqual(before.rows);
  await fetch(url, { method: 'DELETE', headers: { 'x-account': 'a', 'tus-resumable': '1.0.0' } });
});

const full = process.env['BEDSIDE_TEST_FULL'] === '1';
test('an upload of 2 GB needs no more memory than a small one', { timeout: 600_000, skip: !full }, async () => {
  const size = 2 * 1024 * mib;
  const head = Buffer.alloc(36);
  Buffer.from('\0\0\0\x14ftypisom\0\0\0\0isom\0\0\0\x01mdat', 'latin1').copy(head);
  head.writeBigUInt64BE(BigInt(size - 20), 28);
  const block = generatedSlice(0, mib);
  const source = Readable.from((function* () {
    yield head;
    for (let left = size - head.length; left > 0; left -= mib) yield left >= mib ? block : block.subarray(0, left);
  })(), { objectMode: false });
  const big = await uploadServer(world.db, world.store, world.root, { limitBytes: 4 * size });
  const before = process.memoryUsage().rss;
  let most = 0;
  const watch = setInterval(() => { most = Math.max(most, process.memoryUsage().rss - before); }, 200);
  const { document } = await send(source, { endpoint: big.url, uploadSize: size, chunkSize: 64 * mib });
  clearInterval(watch);
  await big.app.close();
  const [info] = await world.store.of(`Binary/${document!.split('/')[1]}`);
  expect(info!.size).toBe(size);
  // The client in this process holds a chunk of 64 MiB, and so does the garbage of a few.
  expect(most).toBeLessThan(500 * mib);
});

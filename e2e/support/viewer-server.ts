/** DICOMweb, documents and a page with the viewers, on the real image repository, blob store and FHIR store. */
import { plainText, readPart10Bytes, tags } from '@bedside/dicom';
import fastifyStatic from '@fastify/static';
import dcmjs from 'dcmjs';
import Fastify from 'fastify';
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { registerDicomweb } from '../../server/src/exchange/dicomweb/index.ts';
import { startEmbeddedPostgres } from '../../server/src/kernel/embedded-postgres/index.ts';
import { migrate, openDatabase } from '../../server/src/kernel/index.ts';
import { imageWorld, imageWorldMigrations } from '../../server/src/resource/image/fixtures/image-world.ts';
import { phantomCt, phantomEcg, phantomPdf } from '../../server/src/resource/image/fixtures/phantom.ts';

const page = join(import.meta.dirname, 'viewer-page');
const vite = join(import.meta.dirname, '../../node_modules/vite/bin/vite.js');

export interface ViewerServer { readonly url: string; readonly study: string; readonly withoutToken: string[]; readonly pages: Map<string, { type: string; body: Buffer | string }>; /** Stores a file as a study of its own; returns the study's UID. */ store(bytes: Buffer): Promise<string>; close(): Promise<void> }

/** What the product's own policy must allow for the viewers: WebAssembly for decoders, workers, pictures from memory. */
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; font-src 'self' data:; connect-src 'self' data: blob:; object-src 'none'; base-uri 'none'";

export async function startViewerServer(): Promise<ViewerServer> {
  const folder = await mkdtemp(join(tmpdir(), 'bedside-e2e-viewers-'));
  await chmod(folder, 0o755);
  const outDir = join(folder, 'page');
  await promisify(execFile)(process.execPath, [vite, 'build', '--config', join(page, 'vite.config.ts'), '--outDir', outDir], { env: { ...process.env, NODE_ENV: 'production' } });
  const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), binariesFolder: join(tmpdir(), 'bedside-test-binaries'), settings: ['fsync=off'] });
  const db = openDatabase({ connectionString: postgres.connectionStringOf('postgres'), maxConnections: 6 });
  await migrate(db, imageWorldMigrations);
  const world = await imageWorld(db);
  const ctx = world.as('clinician', 'hospital');
  const study = '1.2.826.0.1.99.1';
  await deliver(world, study);

  const app = Fastify();
  let stored = 0;
  const withoutToken: string[] = [];
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('content-security-policy', policy);
    if (!request.url.startsWith('/dicomweb')) return;
    if (request.headers.authorization === 'Bearer test-token') request.ctx = ctx;
    else withoutToken.push(request.url);
  });
  await registerDicomweb(app, { images: world.images, maxInstanceBytes: 1e9, root: '/dicomweb' });
  const pages = new Map<string, { type: string; body: Buffer | string }>();
  app.get('/documents/:name', (request, reply) => {
    const found = pages.get((request.params as { name: string }).name);
    return found ? reply.type(found.type).send(found.body) : reply.code(404).send();
  });
  app.get('/observation.json', (_request, reply) => reply.send(pages.get('observation')?.body));
  await app.register(fastifyStatic, { root: outDir });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    url, study, withoutToken, pages,
    async store(bytes) {
      const session = world.images.openSession(ctx);
      await session.add((async function* () { yield await asNewStudy(bytes, stored += 1); })());
      const { stored: done, refused } = await session.finish();
      if (!done[0]) throw refused[0]!.error;
      return done[0].ids.study;
    },
    async close() {
      await app.close();
      await world[Symbol.asyncDispose]();
      await db.close();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The CT series is written by dcmjs, so that a foreign writer's files are shown; one slice of a second series is spoilt after its header. */
async function deliver(world: Awaited<ReturnType<typeof imageWorld>>, study: string): Promise<void> {
  const session = world.images.openSession(world.as('clinician', 'hospital'));
  const add = async (bytes: Buffer): Promise<void> => {
    const refused = await session.add((async function* () { yield bytes; })());
    if (refused) throw refused.error;
  };
  for (let n = 1; n <= 20; n += 1) await add(byDcmjs(phantomCt({ study, series: `${study}.1`, sop: `${study}.1.${n}`, number: n, size: 256, spacingMm: 1.5, seriesDescription: 'Axial chest' })));
  await add(phantomEcg({ study, series: `${study}.3`, sop: `${study}.3.1`, number: 1, seriesDescription: 'ECG' }));
  await add(phantomPdf({ study, series: `${study}.4`, sop: `${study}.4.1`, number: 1, seriesDescription: 'Report' }, Buffer.from('%PDF-1.4\n')));
  await add(spoilt(phantomCt({ study, series: `${study}.5`, sop: `${study}.5.1`, number: 1, size: 64, seriesDescription: 'Damaged' })));
  const { refused } = await session.finish();
  if (refused.length > 0) throw refused[0]!.error;
}

function byDcmjs(bytes: Buffer): Buffer {
  const read = dcmjs.data.DicomMessage.readFile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  return Buffer.from(read.write());
}

/** The same image under other UIDs of the same length: test files of one image in many encodings share theirs. */
async function asNewStudy(bytes: Buffer, n: number): Promise<Buffer> {
  const { dataset } = await readPart10Bytes(bytes);
  let text = bytes.toString('latin1');
  for (const tag of [tags.StudyInstanceUID, tags.SeriesInstanceUID, tags.SOPInstanceUID]) {
    const uid = plainText(dataset, tag) ?? '';
    text = text.replaceAll(uid, `${uid.slice(0, -2)}${10 + n}`.replace('..', '.1'));
  }
  return Buffer.from(text, 'latin1');
}

/** Claims to be RLE and is not. */
const spoilt = (bytes: Buffer): Buffer => Buffer.from(bytes.toString('latin1').replace('1.2.840.10008.1.2.1\0', '1.2.840.10008.1.2.5\0'), 'latin1');

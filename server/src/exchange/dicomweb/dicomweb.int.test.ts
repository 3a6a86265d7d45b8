import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imageWorld, type ImageWorld } from '../../resource/image/fixtures/image-world.ts';
import { phantomCt, phantomPdf } from '../../resource/image/fixtures/phantom.ts';
import { registerDicomweb } from './index.ts';
import { multipartParameters, readMultipart } from './multipart.ts';

let world: ImageWorld;
let app: FastifyInstance;
let root: string;
beforeAll(async () => {
  world = await imageWorld();
  app = Fastify();
  // Stands for security/authentication: who asks is told by a header.
  app.addHook('onRequest', async (request) => {
    const institution = request.headers['x-institution'];
    if (typeof institution === 'string') request.ctx = world.as('clinician', institution);
  });
  await registerDicomweb(app, { images: world.images, maxInstanceBytes: 64 * 1_048_576, root: '/dicomweb' });
  root = `${await app.listen({ port: 0, host: '127.0.0.1' })}/dicomweb`;
});
afterAll(async () => {
  await app.close();
  await world[Symbol.asyncDispose]();
});

const call = (path: string, init: RequestInit & { accept?: string; institution?: string } = {}): Promise<Response> =>
  fetch(`${root}${path}`, { ...init, headers: { 'x-institution': init.institution ?? 'a', ...(init.accept && { accept: init.accept }), ...(init.headers as Record<string, string>) } });
const stow = (files: readonly Uint8Array[], path = '/studies', boundary = 'xyz'): Promise<Response> => call(path, {
  method: 'POST', headers: { 'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}` },
  body: Buffer.concat([...files.flatMap((file) => [Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`), file, Buffer.from('\r\n')]), Buffer.from(`--${boundary}--`)]),
});
const parts = async (response: Response): Promise<{ type: string; bytes: Buffer }[]> => {
  const out: { type: string; bytes: Buffer }[] = [];
  const body = new Uint8Array(await response.arrayBuffer());
  for await (const part of readMultipart((async function* () { yield body; })(), multipartParameters(response.headers.get('content-type')!).boundary)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of part.body) chunks.push(chunk);
    out.push({ type: part.headers.get('content-type') ?? '', bytes: Buffer.concat(chunks) });
  }
  return out;
};
const slice = (study: string, n: number, more = {}): Buffer => phantomCt({ study, series: `${study}.1`, sop: `${study}.1.${n}`, number: n, size: 32, ...more });
type Json = Record<string, { Value?: unknown[] }>[];

test('a study is stored, found, described and comes back byte for byte', async () => {
  const files = [1, 2, 3].map((n) => slice('1.2.50', n));
  const stored = await stow(files);
  expect(stored.status).toBe(200);
  expect(await stored.json()).toMatchObject({ '00081190': { Value: ['/dicomweb/studies/1.2.50'] }, '00081199': { Value: [{}, {}, {}] } });

  const found = await (await call('/studies?PatientID=P-1&StudyDate=20260101-20261231&ModalitiesInStudy=CT&PatientName=phan*&limit=5')).json() as Json;
  expect(found.map((s) => s['0020000D']!.Value)).toContainEqual(['1.2.50']);
  expect(found.find((s) => s['0020000D']!.Value![0] === '1.2.50')).toMatchObject({ '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Phantom^Paul' }] }, '00201206': { Value: [1] }, '00201208': { Value: [3] } });
  expect(await (await call('/studies?StudyDate=19000101')).json()).toEqual([]);
  expect(await (await call('/studies/1.2.50/series')).json()).toMatchObject([{ '0020000E': { Value: ['1.2.50.1'] }, '00201209': { Value: [3] }, '00080060': { Value: ['CT'] } }]);
  expect((await (await call('/studies/1.2.50/series/1.2.50.1/instances?limit=2&offset=1')).json() as Json).map((i) => i['00200013']!.Value)).toEqual([[2], [3]]);

  const whole = await parts(await call('/studies/1.2.50'));
  expect(whole.map((p) => p.bytes.equals(files[whole.indexOf(p)]!))).toEqual([true, true, true]);
  expect(whole[0]!.type).toBe('application/dicom; transfer-syntax=1.2.840.10008.1.2.1');
  const one = await call('/studies/1.2.50/series/1.2.50.1/instances/1.2.50.1.2', { accept: 'application/dicom' });
  expect(Buffer.from(await one.arrayBuffer()).equals(files[1]!)).toBe(true);

  const metadata = await (await call('/studies/1.2.50/series/1.2.50.1/metadata')).json() as Json;
  expect(metadata).toHaveLength(3);
  expect(metadata[0]).toMatchObject({ '00280010': { vr: 'US', Value: [32] }, '00280030': { vr: 'DS', Value: [2, 2] }, '00080018': { Value: ['1.2.50.1.1'] } });
  expect(metadata[0]).not.toHaveProperty('7FE00010');

  const frame = await call('/studies/1.2.50/series/1.2.50.1/instances/1.2.50.1.3/frames/1', { accept: 'multipart/related; type=application/octet-stream; transfer-syntax=*' });
  expect((await parts(frame))[0]).toMatchObject({ type: 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1', bytes: files[2]!.subarray(-32 * 32 * 2) });
});

test('each bad request has its own clear answer', async () => {
  const status = async (response: Promise<Response>): Promise<[number, string]> => { const r = await response; return [r.status, (await r.json() as { title: string }).title]; };
  await stow([slice('1.2.51', 1)]);
  const instance = '/studies/1.2.51/series/1.2.51.1/instances/1.2.51.1.1';
  expect(await status(fetch(`${root}/studies`))).toEqual([401, 'sign-in-required']);
  expect(await status(call('/studies/..%2F..%2Fetc/metadata'))).toEqual([400, 'bad-uid']);
  expect(await status(call('/studies/1.2.51/metadata', { institution: 'b' }))).toEqual([404, 'study-unknown']);
  expect(await status(call('/studies/9.9/series'))).toEqual([404, 'study-unknown']);
  expect(await status(call('/studies?Colour=red'))).toEqual([400, 'qido-key']);
  expect(await status(call('/studies?limit=x'))).toEqual([400, 'qido-paging']);
  expect(await status(call(`${instance}/frames/2`))).toEqual([404, 'frame-unknown']);
  expect(await status(call(`${instance}/frames/1,x`))).toEqual([400, 'frame-list']);
  expect(await status(call(`${instance}/frames/1`, { accept: 'image/jpeg' }))).toEqual([406, 'not-acceptable']);
  expect(await status(call(`${instance}/bulkdata/5-99999999999`))).toEqual([404, 'bulk-unknown']);
  expect(await status(call('/studies', { method: 'POST', headers: { 'content-type': 'multipart/related; type="application/dicom"' }, body: 'x' }))).toEqual([400, 'multipart-boundary']);
  expect(await status(stow([]))).toEqual([400, expect.stringMatching(/stow-empty|multipart-cut/)]);
});

test('a request with a bad instance tells which one failed and why, and keeps the others', async () => {
  const answer = await stow([slice('1.2.52', 1), slice('1.2.52', 2).subarray(0, -9)]);
  expect(answer.status).toBe(202);
  expect(await answer.json()).toMatchObject({ '00081199': { Value: [{ '00081155': { Value: ['1.2.52.1.1'] } }] }, '00081198': { Value: [{ '00081155': { Value: ['1.2.52.1.2'] }, '00081197': { Value: [0xC000] }, '00000902': { Value: [expect.stringContaining('dicom-truncated')] } }] } });
  expect((await stow([slice('1.2.52', 3)], '/studies/1.2.999')).status).toBe(409);
  expect(await (await call('/studies/1.2.52/instances')).json()).toHaveLength(1);
});

test('a request that breaks off stores nothing', async () => {
  const body = Buffer.concat([Buffer.from('--b\r\nContent-Type: application/dicom\r\n\r\n'), slice('1.2.53', 1), Buffer.from('\r\n--b\r\n\r\n'), slice('1.2.53', 2).subarray(0, 500)]);
  const answer = await call('/studies', { method: 'POST', headers: { 'content-type': 'multipart/related; type="application/dicom"; boundary=b' }, body });
  expect(answer.status).toBe(400);
  expect((await world.db.query("select 1 from image.instance where study_uid = '1.2.53'")).rowCount).toBe(0);
});

test('a value that the metadata points to is served by its place in the file', async () => {
  const pdf = Buffer.from(`%PDF-1.4 ${'x'.repeat(5_000)}`);
  await stow([phantomPdf({ study: '1.2.54', series: '1.2.54.1', sop: '1.2.54.1.1', number: 1 }, pdf)]);
  const [metadata] = await (await call('/studies/1.2.54/metadata')).json() as { '00420011': { BulkDataURI: string } }[];
  const bulk = await call(metadata!['00420011'].BulkDataURI.replace('/dicomweb', ''), { accept: 'application/octet-stream' });
  expect(Buffer.from(await bulk.arrayBuffer()).subarray(0, pdf.length).equals(pdf)).toBe(true);
});

const has = (tool: string): boolean => {
  try {
    execFileSync(tool, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
test.skipIf(!has('dcmdump'))('dcmtk reads what is served, and the pixels it extracts are the frames', async () => {
  await stow([slice('1.2.55', 1)]);
  const folder = mkdtempSync(join(tmpdir(), 'bedside-dcmtk-'));
  const path = join(folder, 'served.dcm');
  const instance = '/studies/1.2.55/series/1.2.55.1/instances/1.2.55.1.1';
  writeFileSync(path, Buffer.from(await (await call(instance, { accept: 'application/dicom' })).arrayBuffer()));
  expect(execFileSync('dcmftest', [path]).toString()).toContain('yes:');
  execFileSync('dcmdump', ['-q', '+W', folder, path]);
  const raw = readFileSync(join(folder, readdirSync(folder).find((name) => name.endsWith('.raw'))!));
  const frame = (await parts(await call(`${instance}/frames/1`)))[0]!.bytes;
  expect(raw.equals(frame)).toBe(true);
});

const data = process.env['BEDSIDE_TEST_DATA'];
const walk = (folder: string): string[] => readdirSync(folder, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? walk(join(folder, e.name)) : [join(folder, e.name)]));
describe.skipIf(!data)('with BEDSIDE_TEST_DATA', () => {
  test('every file that is not broken on purpose, and has identifiers, comes out byte for byte, with every frame', async () => {
    const tally = { same: 0, duplicate: 0, refused: [] as string[] };
    for (const path of walk(join(data!, 'dicom')).filter((p) => !p.endsWith('DICOMDIR'))) {
      const bytes = readFileSync(path);
      const answer = await (await stow([bytes], '/studies', 'unlikely-boundary-7b3f')).json() as { '00081199'?: { Value: [{ '00081190': { Value: [string] } }] }; '00081198'?: { Value: [{ '00000902': { Value: [string] } }] } };
      const failure = answer['00081198']?.Value[0]['00000902'].Value[0];
      if (failure) {
        tally.refused.push(`${path.split('/').slice(-2).join('/')}: ${failure.split(':')[0]}`);
        continue;
      }
      const address = answer['00081199']!.Value[0]['00081190'].Value[0].replace('/dicomweb', '');
      const served = Buffer.from(await (await call(address, { accept: 'application/dicom' })).arrayBuffer());
      if (!served.equals(bytes)) throw new Error(`${path}: other bytes`);
      tally.same += 1;
      const [row] = await world.images.instances(world.as('clinician', 'a'), { study: address.split('/')[2]!, series: address.split('/')[4]!, instance: address.split('/')[6]! });
      if (row!.frames > 0 && (await call(`${address}/frames/${row!.frames}`)).status !== 200) throw new Error(`${path}: last frame`);
    }
    expect(tally.same).toBeGreaterThan(120);
    expect(tally.refused.filter((r) => !r.startsWith('broken/')).map((r) => r.split(': ')[1]).filter((code) => !['image-differs', 'image-patient-differs', 'dicom-value-missing', 'dicom-bad-uid'].includes(code!))).toEqual([]);
    expect(tally.refused.filter((r) => r.startsWith('broken/'))).toHaveLength(6);
  }, 180_000);
});

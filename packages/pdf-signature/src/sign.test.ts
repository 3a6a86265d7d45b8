import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PdfSignatureError, readSignatures, signPdf, type SignedPdf, type Signer } from './index.ts';
import { errorOf, hasProgram, judge, testAuthority, testPdf, type TestAuthority } from './testing.ts';

const signedAt = new Date();
let folder = '';
let authority: TestAuthority;
let clinician: Signer;
let institution: Signer;
let pdf: Buffer;
let once: SignedPdf;
let twice: SignedPdf;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pdf-signature-'));
  authority = await testAuthority();
  clinician = await authority.signer('Dr Émilie 王');
  institution = await authority.signer('University hospital', 'ec');
  pdf = await testPdf();
  once = await signPdf(pdf, { signer: clinician, fieldName: 'Clinician', signedAt, name: 'Dr Émilie 王', reason: 'Author of the report', box: { page: 2, rect: [72, 72, 272, 122] } });
  twice = await signPdf(once.pdf, { signer: institution, fieldName: 'Institution', signedAt, name: 'مستشفى', reason: 'Seal' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const save = async (name: string, bytes: Uint8Array | string): Promise<string> => {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
};

test('signing changes no byte of what was there, and each signature covers its own revision', () => {
  expect(Buffer.from(once.pdf.subarray(0, pdf.length)).equals(pdf)).toBe(true);
  expect(Buffer.from(twice.pdf.subarray(0, once.pdf.length)).equals(Buffer.from(once.pdf))).toBe(true);
  expect(readSignatures(pdf)).toEqual([]);
  expect(readSignatures(twice.pdf).map(({ fieldName, intact, coversWholeDocument }) => ({ fieldName, intact, coversWholeDocument }))).toEqual([
    { fieldName: 'Clinician', intact: true, coversWholeDocument: false },
    { fieldName: 'Institution', intact: true, coversWholeDocument: true },
  ]);
});

test('any changed byte outside the container of the signature breaks the last signature or makes the document unreadable', () => {
  // The container of the signature itself also holds what it cannot cover: the chain and padding.
  const inContainer = (at: number) => at > twice.byteRange[1] && at < twice.byteRange[2] - 1;
  const noticed = (at: number): boolean => {
    const altered = Uint8Array.from(twice.pdf);
    altered[at] = altered[at]! ^ 0x04;
    const error = errorOf(() => {
      if (readSignatures(altered).some((s) => s.fieldName === 'Institution' && s.intact && s.coversWholeDocument)) throw new Error('unnoticed');
    });
    return error === undefined || error instanceof PdfSignatureError;
  };
  const offsets = Array.from({ length: Math.floor(twice.pdf.length / 41) }, (_, i) => i * 41).filter((at) => !inContainer(at));
  expect(offsets.length).toBeGreaterThan(100);
  expect(offsets.filter((at) => !noticed(at))).toEqual([]);
});

test('a second field of the same name, a page that is not there and a name with a period are refused', async () => {
  const options = { signer: clinician, fieldName: 'Clinician', signedAt };
  await expect(signPdf(once.pdf, options)).rejects.toMatchObject({ code: 'field-exists' });
  await expect(signPdf(pdf, { ...options, box: { page: 3, rect: [0, 0, 1, 1] } })).rejects.toMatchObject({ code: 'no-page' });
  await expect(signPdf(pdf, { ...options, fieldName: 'a.b' })).rejects.toMatchObject({ code: 'unsupported' });
});

test('a time stamp that does not fit is refused, never cut', async () => {
  const timestamp = async () => Buffer.alloc(20_000, 0x30);
  await expect(signPdf(pdf, { signer: clinician, fieldName: 'A', signedAt, timestamp })).rejects.toMatchObject({ code: 'signature-too-large' });
});

describe.skipIf(!hasProgram('qpdf', '--version'))('judged by qpdf (skipped where qpdf is not installed)', () => {
  test('a document signed twice has no fault', async () => {
    const { output, code } = await judge('qpdf', ['--check', await save('twice.pdf', twice.pdf)]);
    expect(output).toContain('No syntax or stream encoding errors found');
    expect(code).toBe(0);
  });
});

describe.skipIf(!hasProgram('openssl', 'version'))('judged by openssl (skipped where openssl is not installed)', () => {
  test.each(['clinician with RSA', 'institution with P-256'])('the detached signature of the %s verifies over its byte range, and not over another', async (who) => {
    const { pdf: bytes, cms, byteRange: [, first, second, length] } = who.startsWith('clinician') ? once : twice;
    const covered = Buffer.concat([bytes.subarray(0, first), bytes.subarray(second, second + length)]);
    const root = await save('root.pem', authority.rootPem);
    const args = ['cms', '-verify', '-binary', '-inform', 'DER', '-in', await save('signature.der', cms), '-CAfile', root, '-cades', '-purpose', 'any', '-out', '/dev/null', '-content'];
    expect(await judge('openssl', [...args, await save('covered.bin', covered)])).toMatchObject({ code: 0 });
    covered[100] = covered[100]! ^ 1;
    expect((await judge('openssl', [...args, await save('covered.bin', covered)])).code).not.toBe(0);
  });

  test('a time stamp of an RFC 3161 authority is carried in the signature and verifies', async () => {
    const stamped = await signPdf(pdf, { signer: clinician, fieldName: 'Stamped', signedAt, timestamp: (sha256) => opensslTimestamp(sha256) });
    const printed = (await judge('openssl', ['cms', '-cmsout', '-print', '-inform', 'DER', '-in', await save('stamped.der', stamped.cms)])).output;
    expect(printed).toContain('id-smime-aa-timeStampToken');
    expect(readSignatures(stamped.pdf)[0]).toMatchObject({ intact: true });
  });
});

async function opensslTimestamp(sha256: Uint8Array): Promise<Uint8Array> {
  const config = await save('tsa.cnf', `[req]\ndistinguished_name=dn\n[dn]\n[ext]\nextendedKeyUsage=critical,timeStamping\n[tsa]\nserial=${join(folder, 'serial')}\ncrypto_device=builtin\nsigner_digest=sha256\ndefault_policy=1.2.3\ndigests=sha256\naccuracy=secs:1\ness_cert_id_alg=sha256\n`);
  const certificate = join(folder, 'tsa.pem');
  const key = join(folder, 'tsa.key');
  await judge('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=TSA', '-config', config, '-extensions', 'ext', '-keyout', key, '-out', certificate]);
  const query = join(folder, 'query.tsq');
  await judge('openssl', ['ts', '-query', '-digest', Buffer.from(sha256).toString('hex'), '-sha256', '-cert', '-out', query]);
  const token = join(folder, 'token.der');
  const { output, code } = await judge('openssl', ['ts', '-reply', '-config', config, '-section', 'tsa', '-queryfile', query, '-signer', certificate, '-inkey', key, '-token_out', '-out', token]);
  if (code !== 0) throw new Error(output);
  return readFile(token);
}

const nss = hasProgram('pdfsig', '-v') && hasProgram('certutil', '-H');
describe.skipIf(!nss)('judged by pdfsig (skipped where pdfsig and certutil are not installed)', () => {
  test('both signatures are valid and trusted with the root, and a changed byte is detected', async () => {
    const store = join(folder, 'nss');
    await mkdir(store);
    await judge('certutil', ['-N', '-d', `sql:${store}`, '--empty-password']);
    await judge('certutil', ['-A', '-d', `sql:${store}`, '-n', 'root', '-t', 'C,C,C', '-i', await save('root.pem', authority.rootPem)]);
    const seen = (await judge('pdfsig', ['-nssdir', `sql:${store}`, await save('twice.pdf', twice.pdf)])).output;
    expect(seen.match(/Signature is Valid/g)).toHaveLength(2);
    expect(seen.match(/Certificate is Trusted/g)).toHaveLength(2);
    expect(seen.match(/ETSI\.CAdES\.detached/g)).toHaveLength(2);
    expect(seen.split('Signature #2')[1]).toContain('Total document signed');
    expect((await judge('pdfsig', ['-nssdir', `sql:${store}`, await save('once.pdf', once.pdf)])).output).toContain('Total document signed');
    const altered = Uint8Array.from(twice.pdf);
    const at = pdf.indexOf('/MediaBox') + 12;
    altered[at] = altered[at] === 0x30 ? 0x31 : 0x30;
    const after = (await judge('pdfsig', ['-nssdir', `sql:${store}`, await save('altered.pdf', altered)])).output;
    expect(after.match(/Digest Mismatch/g)).toHaveLength(2);
  });
});

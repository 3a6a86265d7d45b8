import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSignatures } from '@bedside/pdf-signature';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixedClock, languages, unauthenticated, type Tx } from '../../kernel/index.ts';
import { testDatabase } from '../../kernel/testing.ts';
import { openRenderer, type PdfFile } from '../../resource/document/index.ts';
import { sampleReport } from '../../resource/document/testing.ts';
import { openCertificateAuthority, registerCertificates, type CertificateAuthority } from '../certificates/index.ts';
import { hasProgram, judge } from '../certificates/testing.ts';
import { openFileKeyWrapper, type KeyWrapper } from '../keys/index.ts';
import { newDocumentCode, registerVerification, retireIdentity, revokeDocument, signatureMigrations, signReport, type DocumentCode, type ReportToSign, type SignedReport } from './index.ts';

const clock = fixedClock(new Date());
let folder = '';
let db: Awaited<ReturnType<typeof testDatabase>>;
let authority: CertificateAuthority;
let keys: KeyWrapper;
let rendered: PdfFile;
let app: FastifyInstance;
const proofs = new Set<string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bedside-signature-'));
  db = await testDatabase(signatureMigrations);
  keys = await openFileKeyWrapper(join(folder, 'keys'));
  authority = await openCertificateAuthority({ folder: join(folder, 'certificates'), keys, clock });
  const renderer = openRenderer();
  rendered = await renderer.report(sampleReport('en'));
  await renderer.close();
  app = fastify();
  registerVerification(app, { db, mostInAMinute: 60 });
  registerCertificates(app, { authority });
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await db.close();
  await rm(folder, { recursive: true, force: true });
});

/** Single use, as the proofs of sign-in are. */
const consumeProof = async (_: Tx, accountId: string, proofId: string): Promise<void> => {
  if (!proofs.delete(`${accountId}/${proofId}`)) throw unauthenticated('proof-invalid', 'Confirm again.');
};

async function sign(changes: Partial<ReportToSign> = {}): Promise<SignedReport & { code: DocumentCode }> {
  const code = newDocumentCode();
  const box = (kind: string) => {
    const { page, rect } = rendered.signatureBoxes.find((b) => b.kind === kind)!;
    return { page, rect };
  };
  const proofId = newDocumentCode();
  proofs.add(`account-1/${proofId}`);
  const signed = await db.transaction((tx) => signReport(tx, { authority, keys, clock, consumeProof }, {
    pdf: rendered.bytes, code, signedAt: clock.now(),
    clinician: { practitionerId: 'prac-1', name: 'Prof. Amara Lindqvist', organization: 'Northgate', box: box('clinician') },
    institution: { organizationId: 'org-1', name: 'Northgate University Hospital', box: box('institution') },
    reauthentication: { accountId: 'account-1', proofId }, ...changes,
  }));
  return { ...signed, code };
}

const ask = (code: string, headers: Record<string, string> = {}, query = '') => app.inject({ url: `/verify/${code}${query}`, headers, remoteAddress: `10.0.0.${Math.floor(Math.random() * 250)}` });

test('a report is signed by clinician and institution, and the signatures are given as FHIR has them', async () => {
  const signed = await sign();
  expect(readSignatures(signed.pdf).map((s) => [s.fieldName, s.intact, s.coversWholeDocument])).toEqual([['Clinician', true, false], ['Institution', true, true]]);
  expect(signed.signatures.map((s) => [s.type[0]!.code, s.who.reference, s.sigFormat])).toEqual([
    ['1.2.840.10065.1.12.1.1', 'Practitioner/prac-1', 'application/pkcs7-signature'], ['1.2.840.10065.1.12.1.14', 'Organization/org-1', 'application/pkcs7-signature']]);
  expect(Buffer.from(signed.signatures[0].data!, 'base64')[0]).toBe(0x30);
  expect(signed.sha256).toBe(createHash('sha256').update(signed.pdf).digest('hex'));
});

test('without a proof, or with one that was used, nothing is signed and nothing is recorded', async () => {
  const count = async () => (await db.query<{ n: number }>('select count(*)::int as n from security.document_code')).rows[0]!.n;
  const before = await count();
  await expect(sign({ reauthentication: { accountId: 'account-1', proofId: 'never-made' } })).rejects.toMatchObject({ code: 'proof-invalid' });
  proofs.add('account-1/once');
  await sign({ reauthentication: { accountId: 'account-1', proofId: 'once' } });
  await expect(sign({ reauthentication: { accountId: 'account-1', proofId: 'once' } })).rejects.toMatchObject({ code: 'proof-invalid' });
  expect(await count()).toBe(before + 1);
});

test('a person keeps one key, which is wrapped at rest; another name or a near end makes a new one and destroys the old', async () => {
  const rows = async () => (await db.query<{ serial_number: string; wrapped_key: Buffer | null; retired_at: Date | null }>("select serial_number, wrapped_key, retired_at from security.signing_identity where subject_id = 'prac-9' order by issued_at, retired_at nulls last")).rows;
  const clinician = { practitionerId: 'prac-9', name: 'Dr. Single' };
  await Promise.all([sign({ clinician }), sign({ clinician })]);
  const [first, ...more] = await rows();
  expect(more).toEqual([]);
  expect(first!.wrapped_key!.includes(Buffer.from('300d06092a864886f70d010101', 'hex'))).toBe(false);
  clock.advanceMs(1_000);
  await sign({ clinician: { ...clinician, name: 'Dr. Married' } });
  const [old, current] = await rows();
  expect([old!.wrapped_key, old!.retired_at !== null, current!.retired_at]).toEqual([null, true, null]);
});

test('a retired person is on the revocation list, and signs again only with a new certificate', async () => {
  await sign({ clinician: { practitionerId: 'prac-7', name: 'Dr. Leaves' } });
  await db.transaction((tx) => retireIdentity(tx, { authority, keys, clock }, { kind: 'person', id: 'prac-7' }, 'affiliation-changed'));
  const serial = (await db.query<{ serial_number: string }>("select serial_number from security.signing_identity where subject_id = 'prac-7'")).rows[0]!.serial_number;
  expect((await authority.revocations()).map((r) => String(r.serialNumber))).toContain(serial);
});

test('anybody with the code learns state, date and hash, and nothing else', async () => {
  const signed = await sign();
  const answer = await ask(signed.code, { accept: 'application/json' });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ state: 'genuine', signedAt: clock.now().toISOString(), sha256: signed.sha256 });
  const page = await ask(signed.code.toLowerCase().replaceAll('-', ''), { accept: 'text/html', 'accept-language': 'ar' });
  expect(page.body).toContain('هذه الوثيقة أصلية');
  expect(page.body).toContain('dir="rtl"');
  for (const secret of ['Lindqvist', 'Northgate', 'O’Sullivan', 'TC-2026', 'prac-1', 'org-1']) expect(page.body).not.toContain(secret);
});

test('a newer version, a withdrawn document and an unknown code are told apart', async () => {
  const first = await sign();
  clock.advanceMs(60_000);
  const second = await sign({ replaces: first.code });
  expect((await ask(first.code, { accept: 'application/json' })).json()).toMatchObject({ state: 'replaced', replacedAt: clock.now().toISOString() });
  expect((await ask(second.code, { accept: 'application/json' })).json()).toMatchObject({ state: 'genuine' });
  await expect(sign({ replaces: first.code })).rejects.toMatchObject({ code: 'document-replaced' });
  await db.transaction((tx) => revokeDocument(tx, second.code, clock.now()));
  expect((await ask(second.code, { accept: 'application/json' })).json()).toMatchObject({ state: 'revoked' });
  const unknown = await ask(newDocumentCode(), { accept: 'application/json' });
  expect([unknown.statusCode, unknown.json()]).toEqual([404, { state: 'unknown' }]);
  expect((await ask('<script>alert(1)<%2Fscript>')).body).not.toContain('<script>alert');
});

test.each(languages)('the pages in %s have their language, a heading, and nothing that is loaded from elsewhere', async (language) => {
  const signed = await sign();
  for (const url of [`/verify/${signed.code}`, `/verify/${newDocumentCode()}`, '/verify', '/certificates']) {
    const page = await app.inject({ url: `${url}?lang=${language}`, remoteAddress: `10.1.0.${languages.indexOf(language)}` });
    expect(page.body).toContain(`<html lang="${language}"`);
    expect(page.body).toMatch(/<h1>[^<]+<\/h1>/);
    expect(page.body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).not.toContain('undefined');
  }
});

test('who asks too often is told to wait', async () => {
  const answers = [];
  for (let at = 0; at < 61; at += 1) answers.push(await app.inject({ url: `/verify/${newDocumentCode()}`, remoteAddress: '192.0.2.1' }));
  expect(answers.filter((a) => a.statusCode === 404)).toHaveLength(60);
  expect(answers[60]!.statusCode).toBe(429);
  expect(answers[60]!.headers['retry-after']).toBeDefined();
});

test('the code typed into the form leads to its page, and root and list are there for download', async () => {
  const code = newDocumentCode();
  expect((await app.inject({ url: `/verify?code=${code.toLowerCase()}&lang=fr`, remoteAddress: '10.2.0.1' })).headers.location).toBe(`/verify/${code}?lang=fr`);
  expect((await app.inject({ url: '/certificates/root.pem' })).body).toBe(authority.rootPem);
  expect((await app.inject({ url: '/certificates/root.crt' })).headers['content-type']).toBe('application/x-x509-ca-cert');
  expect((await app.inject({ url: '/certificates/root.crl' })).rawPayload[0]).toBe(0x30);
});

describe.skipIf(!hasProgram('pdfsig', '-v') || !hasProgram('qpdf', '--version') || !hasProgram('certutil', '-H'))('judged by pdfsig and qpdf (skipped where pdfsig, qpdf or certutil is not installed)', () => {
  test('a signed report has two valid signatures of trusted certificates and no fault', async () => {
    const signed = await sign();
    const pdf = join(folder, 'signed.pdf');
    await writeFile(pdf, signed.pdf);
    await writeFile(join(folder, 'root.pem'), authority.rootPem);
    const store = `sql:${join(folder)}`;
    await judge('certutil', ['-N', '-d', store, '--empty-password']);
    await judge('certutil', ['-A', '-d', store, '-n', 'root', '-t', 'C,C,C', '-i', join(folder, 'root.pem')]);
    const { output } = await judge('pdfsig', ['-nssdir', store, pdf]);
    expect(output.match(/Signature is Valid/g)).toHaveLength(2);
    expect(output.match(/Certificate is Trusted/g)).toHaveLength(2);
    expect(output).toContain('Total document signed');
    expect(output).toContain('Prof. Amara Lindqvist');
    expect((await judge('qpdf', ['--check', pdf])).output).toContain('No syntax or stream encoding errors found');
  });
});

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixedClock } from '../../kernel/index.ts';
import { openFileKeyWrapper } from '../keys/index.ts';
import { isSerialNumber, openCertificateAuthority, type CertificateAuthority } from './index.ts';
import { hasProgram, judge } from './testing.ts';

const clock = fixedClock(new Date());
let folder = '';
let authority: CertificateAuthority;
const open = async () => openCertificateAuthority({
  folder: join(folder, 'ca'), keys: await openFileKeyWrapper(join(folder, 'keys')), clock, revocationListUrl: 'http://bedside.example/certificates/root.crl',
});
const file = async (name: string, content: string | Uint8Array): Promise<string> => {
  await writeFile(join(folder, name), content);
  return join(folder, name);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bedside-ca-'));
  authority = await open();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the root is made once: authorities opened at the same moment and later have the same one', async () => {
  const fresh = await mkdtemp(join(tmpdir(), 'bedside-ca-'));
  const keys = await openFileKeyWrapper(join(fresh, 'keys'));
  const all = await Promise.all([1, 2, 3].map(() => openCertificateAuthority({ folder: fresh, keys, clock })));
  expect(new Set(all.map((a) => a.rootSha256)).size).toBe(1);
  expect((await open()).rootPem).toBe(authority.rootPem);
  await rm(fresh, { recursive: true });
});

test('no file of the authority holds a private key in clear', async () => {
  await authority.issueServerCertificate(['10.0.0.7']);
  const names = (await readdir(join(folder, 'ca'), { recursive: true, withFileTypes: true })).filter((e) => e.isFile());
  expect(names.length).toBeGreaterThan(1);
  for (const entry of names) {
    const text = await readFile(join(entry.parentPath, entry.name), 'latin1');
    expect(text).not.toMatch(/PRIVATE KEY/);
    for (const base64 of text.match(/[A-Za-z0-9+/]{200,}={0,2}/g) ?? []) {
      expect(() => createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' })).toThrow(/asn1|decod|unsupported|ASN/i);
    }
  }
});

test('a browser that trusts the root accepts the server certificate for each of its names and refuses other names', async () => {
  const { cert, key } = await authority.issueServerCertificate(['bedside.example', '127.0.0.1', '::1']);
  const server = createServer({ cert, key }, (_, response) => response.end('ok')).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const ask = (servername: string) => new Promise<string>((done, fail) => {
    request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', ca: authority.rootPem, agent: false,
      ...(servername === '' ? {} : { servername, headers: { host: servername } }) }, (r) => { r.resume(); done(String(r.statusCode)); }).once('error', fail).end();
  });
  expect(await ask('')).toBe('200');
  expect(await ask('bedside.example')).toBe('200');
  await expect(ask('elsewhere.example')).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  server.close();
});

test('names that are no host names, and subjects with control characters or empty ids, are refused by field', async () => {
  await expect(authority.issueServerCertificate([])).rejects.toMatchObject({ code: 'certificate-names' });
  await expect(authority.issueServerCertificate(['good.example', 'bad name'])).rejects.toMatchObject({ details: { at: 'names[1]' } });
  await expect(authority.issuePersonCertificate({ name: 'A\u0000B', practitionerId: '1' })).rejects.toMatchObject({ details: { at: 'name' } });
  await expect(authority.issuePersonCertificate({ name: 'A', practitionerId: '' })).rejects.toMatchObject({ details: { at: 'practitionerId' } });
});

test('a damaged root is reported, not replaced', async () => {
  const broken = await mkdtemp(join(tmpdir(), 'bedside-ca-'));
  await writeFile(join(broken, 'root.json'), '{"certificate":');
  const keys = await openFileKeyWrapper(join(broken, 'keys'));
  await expect(openCertificateAuthority({ folder: broken, keys, clock })).rejects.toMatchObject({ code: 'certificate-root' });
  expect(await readFile(join(broken, 'root.json'), 'utf8')).toBe('{"certificate":');
  await rm(broken, { recursive: true });
});

describe.skipIf(!hasProgram('openssl'))('judged by openssl (skipped where openssl is not installed)', () => {
  test('server, person and institution certificates verify against the root for their purpose', async () => {
    const root = await file('root.pem', authority.rootPem);
    const server = await file('server.pem', new X509Certificate((await authority.issueServerCertificate(['bedside.example', '10.1.2.3'])).cert).toString());
    const person = await file('person.pem', (await authority.issuePersonCertificate({ name: 'محمد بن علي', practitionerId: 'prac-1', organization: 'L’Hôpital 医院' })).certificatePem);
    const seal = await file('seal.pem', (await authority.issueInstitutionSeal({ name: '北京协和医院', organizationId: 'org-1' })).certificatePem);
    expect(await judge('openssl', ['verify', '-x509_strict', '-CAfile', root, '-purpose', 'sslserver', '-verify_ip', '10.1.2.3', server])).toMatchObject({ code: 0 });
    expect((await judge('openssl', ['verify', '-x509_strict', '-CAfile', root, '-purpose', 'sslserver', person])).code).not.toBe(0);
    for (const pem of [person, seal]) {
      expect(await judge('openssl', ['verify', '-x509_strict', '-CAfile', root, '-purpose', 'smimesign', pem])).toMatchObject({ code: 0 });
    }
    const text = (await judge('openssl', ['x509', '-in', person, '-noout', '-text', '-nameopt', 'utf8'])).output;
    expect(text).toContain('CN=محمد بن علي');
    expect(text).toMatch(/serialNumber=prac-1/);
    expect(text).toMatch(/Digital Signature, Non Repudiation/);
    expect(text).toContain('http://bedside.example/certificates/root.crl');
    expect(text).toMatch(/Public-Key: \(3072 bit\)/);
  });

  test('a revoked certificate fails the check against the list, another one passes', async () => {
    const root = await file('root.pem', authority.rootPem);
    const gone = await authority.issuePersonCertificate({ name: 'Left the hospital', practitionerId: 'prac-2' });
    const stays = await authority.issuePersonCertificate({ name: 'Stays', practitionerId: 'prac-3' });
    await authority.revocationList();
    await authority.revoke(gone.serialNumber, 'affiliation-changed');
    await authority.revoke(gone.serialNumber, 'key-compromise');
    expect((await (await open()).revocations()).map((r) => [r.serialNumber, r.reason])).toEqual([[gone.serialNumber, 'affiliation-changed']]);
    const list = await file('root.crl', await authority.revocationList());
    const crl = (await judge('openssl', ['crl', '-inform', 'DER', '-in', list, '-CAfile', root, '-noout', '-text'])).output;
    expect(crl).toContain('verify OK');
    expect(crl).toContain('Affiliation Changed');
    expect(isSerialNumber(gone.serialNumber)).toBe(true);
    const pem = (await judge('openssl', ['crl', '-inform', 'DER', '-in', list])).output;
    const listPem = await file('crl.pem', pem);
    const check = async (name: string, certificate: string) =>
      judge('openssl', ['verify', '-crl_check', '-CRLfile', listPem, '-CAfile', root, await file(name, certificate)]);
    expect((await check('gone.pem', gone.certificatePem)).output).toContain('certificate revoked');
    expect(await check('stays.pem', stays.certificatePem)).toMatchObject({ code: 0 });
  });
});

import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixedClock } from '../../kernel/index.ts';
import { openCertificateAuthority, type CertificateAuthority } from '../certificates/index.ts';
import { openFileKeyWrapper, type KeyWrapper } from '../keys/index.ts';
import { keepTls, namesOfThisMachine, type TlsOptions } from './index.ts';

let folder: string;
let keys: KeyWrapper;
let authority: CertificateAuthority;
const clock = fixedClock(new Date());
const began = clock.now();
const faults: unknown[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bedside-tls-'));
  keys = await openFileKeyWrapper(join(folder, 'keys'));
  authority = await openCertificateAuthority({ folder: join(folder, 'ca'), keys, clock });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const options = (name: string, more: Partial<TlsOptions> = {}): TlsOptions => ({
  settings: { HOST: '0.0.0.0', TLS_CERT: '', TLS_KEY: '', BEDSIDE_URL: '' }, folder: join(folder, name), authority, keys, clock,
  onFault: (error) => faults.push(error), names: () => ['localhost', '127.0.0.1'], ...more,
});

/** Serial number of the certificate that a client which trusts our root sees; throws when it does not trust it. */
async function seen(server: Server, servername = 'localhost'): Promise<string> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', ca: authority.rootPem, servername }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

async function serving(material: { cert: string; key: string }): Promise<Server> {
  const server = createServer({ cert: material.cert, key: material.key });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return server;
}

test('on loopback there is no TLS', async () => {
  expect(await keepTls(options('none', { settings: { HOST: '127.0.0.1', TLS_CERT: '', TLS_KEY: '', BEDSIDE_URL: '' } }))).toBeUndefined();
});

test('elsewhere a client that trusts our root connects by every name, and a restart shows the same certificate', async () => {
  const tls = (await keepTls(options('a')))!;
  const again = (await keepTls(options('a')))!;
  expect(again.material.cert).toBe(tls.material.cert);
  const server = await serving(tls.material);
  expect(await seen(server)).toBe(await seen(server, 'localhost'));
  await expect(seen(server, 'elsewhere.example')).rejects.toThrow(/altname|Hostname/i);
  server.close();
  tls.close();
  again.close();
});

test('the certificate is replaced before it expires and when an address is added, without closing the server', async () => {
  let names = ['localhost'];
  const tls = (await keepTls(options('b', { names: () => names })))!;
  const server = await serving(tls.material);
  tls.serve(server);
  const first = await seen(server);
  expect(await tls.check()).toBe(false);
  names = ['localhost', 'ward-3.local'];
  expect(await tls.check()).toBe(true);
  const second = await seen(server, 'ward-3.local');
  expect(second).not.toBe(first);
  clock.set(new Date(tls.material.notAfter.getTime() - 20 * 24 * 3600_000));
  expect(await tls.check()).toBe(true);
  clock.set(began);
  server.close();
  tls.close();
});

test("the administrator's own certificate is used, and read again when it was renewed", async () => {
  const own = await authority.issueServerCertificate(['localhost']);
  const settings = { HOST: '0.0.0.0', TLS_CERT: join(folder, 'own.pem'), TLS_KEY: join(folder, 'own.key'), BEDSIDE_URL: '' };
  await writeFile(settings.TLS_CERT, own.cert);
  await writeFile(settings.TLS_KEY, own.key);
  const tls = (await keepTls(options('c', { settings })))!;
  expect(tls.material).toMatchObject({ cert: own.cert, source: 'files' });
  const renewed = await authority.issueServerCertificate(['localhost']);
  await writeFile(settings.TLS_CERT, renewed.cert);
  await expect(tls.check()).rejects.toMatchObject({ code: 'tls-key' });
  expect(tls.material.cert).toBe(own.cert);
  await writeFile(settings.TLS_KEY, renewed.key);
  await utimes(settings.TLS_KEY, clock.now(), clock.now());
  expect(await tls.check()).toBe(true);
  expect(tls.material.cert).toBe(renewed.cert);
  tls.close();
});

test.each([
  ['a missing file', 'tls-file', async (s: { TLS_CERT: string }) => { await rm(s.TLS_CERT); }],
  ['a file that is no certificate', 'tls-certificate', async (s: { TLS_CERT: string }) => { await writeFile(s.TLS_CERT, 'hello'); }],
  ['a file that is no key', 'tls-key', async (s: { TLS_KEY: string }) => { await writeFile(s.TLS_KEY, 'hello'); }],
])('%s is refused by the name of its setting', async (_what, code, spoil) => {
  const { cert, key } = await authority.issueServerCertificate(['localhost']);
  const settings = { HOST: '0.0.0.0', TLS_CERT: join(folder, 'bad.pem'), TLS_KEY: join(folder, 'bad.key'), BEDSIDE_URL: '' };
  await writeFile(settings.TLS_CERT, cert);
  await writeFile(settings.TLS_KEY, key);
  await spoil(settings);
  await expect(keepTls(options('d', { settings }))).rejects.toMatchObject({ kind: 'invalid', code, details: { at: expect.stringMatching(/^TLS_/) } });
});

test('a machine is certified by its name, its addresses and its public host, but not by addresses that no URL can name', () => {
  const at = (address: string) => ({ address, netmask: '', family: address.includes(':') ? 'IPv6' : 'IPv4', mac: '', internal: false, cidr: null, scopeid: 0 }) as never;
  const names = namesOfThisMachine({ host: '0.0.0.0', publicUrl: 'https://care.example:8443/x' }, { eth0: [at('192.168.1.20'), at('fe80::1'), at('2001:db8::7')] }, 'Ward_3 bad');
  expect(names).toEqual(['care.example', 'localhost', '127.0.0.1', '::1', '192.168.1.20', '2001:db8::7']);
});

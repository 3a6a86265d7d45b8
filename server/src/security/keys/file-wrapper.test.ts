import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFileKeyWrapper } from './index.ts';

let folder = '';
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'bedside-keys-')); });
afterEach(() => rm(folder, { recursive: true, force: true }));

test('what was wrapped opens again after a restart, and never contains the secret in clear', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ minLength: 16, maxLength: 400 }), fc.string(), async (secret, context) => {
    const wrapped = await (await openFileKeyWrapper(folder)).wrap(secret, context);
    expect(Buffer.from(wrapped).includes(Buffer.from(secret))).toBe(false);
    expect(await (await openFileKeyWrapper(folder)).unwrap(wrapped, context)).toEqual(secret);
  }), { numRuns: 30 });
});

test('a wrapped secret with any byte changed, or cut short, or of another context, is refused', async () => {
  const wrapper = await openFileKeyWrapper(folder);
  const wrapped = await wrapper.wrap(Buffer.from('a private key'), 'person/1');
  await expect(wrapper.unwrap(wrapped, 'person/2')).rejects.toMatchObject({ code: 'key-unwrap' });
  for (let at = 0; at < wrapped.length; at += 1) {
    const altered = Uint8Array.from(wrapped, (b, i) => (i === at ? b ^ 1 : b));
    await expect(wrapper.unwrap(altered, 'person/1')).rejects.toMatchObject({ code: 'key-unwrap' });
    await expect(wrapper.unwrap(wrapped.subarray(0, at), 'person/1')).rejects.toMatchObject({ code: 'key-unwrap' });
  }
});

test('processes that start at the same moment share one master key of mode 0600', async () => {
  const wrappers = await Promise.all(Array.from({ length: 8 }, () => openFileKeyWrapper(folder)));
  const wrapped = await wrappers[0]!.wrap(Buffer.from('secret'), 'x');
  for (const wrapper of wrappers) expect(Buffer.from(await wrapper.unwrap(wrapped, 'x')).toString()).toBe('secret');
  expect((await stat(join(folder, 'master.key'))).mode & 0o777).toBe(0o600);
});

test('a master key that others may read, or that was cut short, is refused', async () => {
  await openFileKeyWrapper(folder);
  const path = join(folder, 'master.key');
  await chmod(path, 0o644);
  await expect(openFileKeyWrapper(folder)).rejects.toMatchObject({ code: 'master-key' });
  await chmod(path, 0o600);
  await writeFile(path, (await readFile(path)).subarray(0, 10));
  await expect(openFileKeyWrapper(folder)).rejects.toMatchObject({ code: 'master-key' });
});

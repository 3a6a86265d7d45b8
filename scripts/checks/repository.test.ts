import { expect, test } from 'vitest';
import { faultsOf } from './repository.ts';

test('a folder of one particular machine is found with its line', () => {
  expect(faultsOf('a.ts', "const x = 1;\nread('/home/ada/data.txt');\n")).toEqual([expect.stringContaining('a.ts:2: an absolute path')]);
});

test('the host of a package registry and a download address in a lock file are found', () => {
  expect(faultsOf('package-lock.json', '{\n "resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz"\n}')).toHaveLength(2);
});

test('paths that every Linux has, and relative ones, are let through', () => {
  expect(faultsOf('a.ts', "'/usr/bin/chromium' '/var/lib/bedside' './work/x' 'network/tls' 'https://example.org/work/x'")).toEqual([]);
});

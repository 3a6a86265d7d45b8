import { isIPv4 } from 'node:net';
import { expect, test } from 'vitest';
import { publicUrl } from './address.ts';

test('a server is told to people under an address that they can reach', () => {
  expect(publicUrl({ BEDSIDE_URL: '', HOST: '127.0.0.1', PORT: 8080 }, false)).toBe('http://127.0.0.1:8080');
  expect(publicUrl({ BEDSIDE_URL: '', HOST: '::1', PORT: 8080 }, false)).toBe('http://[::1]:8080');
  expect(publicUrl({ BEDSIDE_URL: 'https://bedside.example/', HOST: '0.0.0.0', PORT: 443 }, true)).toBe('https://bedside.example');
  const host = new URL(publicUrl({ BEDSIDE_URL: '', HOST: '0.0.0.0', PORT: 8443 }, true)).hostname;
  expect(host === 'localhost' || (isIPv4(host) && host !== '0.0.0.0' && !host.startsWith('127.'))).toBe(true);
});

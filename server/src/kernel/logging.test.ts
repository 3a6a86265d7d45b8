import { expect, test } from 'vitest';
import { createLog, invalid } from './index.ts';

function logged(write: (log: ReturnType<typeof createLog>) => void): { text: string; lines: Record<string, unknown>[] } {
  const written: string[] = [];
  write(createLog({ level: 'trace', destination: { write: (line: string) => { written.push(line); } } }));
  return { text: written.join(''), lines: written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

test('the text of a foreign error, which may quote a record, does not reach the log, but its code and place do', () => {
  const foreign = Object.assign(new Error('duplicate key (family)=(Okonkwo)'), { code: '23505' });
  const { text, lines } = logged((log) => log.error({ err: foreign }, 'a write failed'));
  expect(text).not.toContain('Okonkwo');
  expect(lines[0]).toMatchObject({ level: 'error', msg: 'a write failed', err: { name: 'Error', code: '23505', at: expect.arrayContaining([expect.stringContaining('logging.test.ts')]) } });
});

test('an error of our own keeps its message, and the foreign cause in it loses its text', () => {
  const { text, lines } = logged((log) => log.warn({ err: invalid('birth-date', 'Patient.birthDate is not a date.', { cause: new Error('Okonkwo 1958-13-01') }) }, 'refused'));
  expect(lines[0]).toMatchObject({ err: { kind: 'invalid', code: 'birth-date', message: 'Patient.birthDate is not a date.', cause: { name: 'Error' } } });
  expect(text).not.toContain('Okonkwo');
});

test('a request is logged without its query and its headers', () => {
  const { text, lines } = logged((log) => log.info({ req: { method: 'GET', url: '/fhir/Patient?name=Okonkwo', id: 'r1', ip: '127.0.0.1', headers: { authorization: 'Bearer abc' } } }, 'request'));
  expect(lines[0]).toMatchObject({ req: { method: 'GET', path: '/fhir/Patient', id: 'r1' } });
  expect(text).not.toMatch(/Okonkwo|Bearer/);
});

test('secrets and bodies are left out at any of the first three levels', () => {
  const { text } = logged((log) => log.info({ password: 'p1', form: { client_secret: 'p2', deep: { refresh_token: 'p3' } }, answer: { body: { name: 'p4' } } }, 'x'));
  expect(text).not.toMatch(/p[1-4]"/);
  expect(text.match(/\(left out\)/g)).toHaveLength(4);
});

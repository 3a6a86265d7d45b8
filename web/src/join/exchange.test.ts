import { expect, it } from 'vitest';
import { codeOf, exchangeCode, LinkRefused } from './exchange.ts';

const answering = (status: number, body: unknown): typeof fetch => async () => new Response(JSON.stringify(body), { status });

it('reads the code from the fragment', () => {
  expect(codeOf('#code=abc')).toBe('abc');
  expect(codeOf('')).toBeUndefined();
});
it('gives the token and the case that it opens', async () => {
  expect(await exchangeCode('c', answering(200, { access_token: 't', case: '1' }))).toEqual({ accessToken: 't', caseId: '1' });
});
it('refuses a used link and an answer that is not one', async () => {
  await expect(exchangeCode('c', answering(400, { error: 'invalid_grant' }))).rejects.toThrow(LinkRefused);
  await expect(exchangeCode('c', answering(200, { access_token: 't' }))).rejects.toThrow(LinkRefused);
});

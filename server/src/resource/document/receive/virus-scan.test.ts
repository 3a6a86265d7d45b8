import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { clamdScan, type VirusScan } from './virus-scan.ts';

const servers: Server[] = [];
afterEach(() => { for (const server of servers.splice(0)) server.close(); });

/** The server's side of INSTREAM as clamd(8) describes it: collects the chunks and answers with `reply`. */
async function daemon(reply: (bytes: Buffer) => string, mostBytes = Infinity): Promise<VirusScan> {
  const server = createServer((socket: Socket) => {
    let input = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      input = Buffer.concat([input, chunk]);
      if (!input.toString('latin1').startsWith('zINSTREAM\0'.slice(0, input.length))) return socket.end('UNKNOWN COMMAND\0');
      const parts: Buffer[] = [];
      for (let at = 10; at + 4 <= input.length;) {
        const length = input.readUInt32BE(at);
        if (length === 0) return socket.end(`${reply(Buffer.concat(parts))}\0`);
        if (at + 4 + length > input.length) return undefined;
        parts.push(input.subarray(at + 4, at + 4 + length));
        if (parts.reduce((sum, p) => sum + p.length, 0) > mostBytes) return socket.end('INSTREAM size limit exceeded. ERROR\0');
        at += 4 + length;
      }
      return undefined;
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return clamdScan({ at: { host: '127.0.0.1', port: (server.address() as AddressInfo).port }, timeoutMs: 2_000 });
}
const scan = async (with_: VirusScan, ...chunks: Buffer[]): Promise<string | undefined> => {
  const run = await with_.begin();
  for (const chunk of chunks) await run.write(chunk);
  return run.end();
};

test('clean documents pass, and the name of what is found is told', async () => {
  const answers = await daemon((bytes) => (bytes.includes('EICAR') ? 'stream: Eicar-Test-Signature FOUND' : 'stream: OK'));
  expect(await scan(answers, Buffer.from('clean'), Buffer.alloc(300_000))).toBeUndefined();
  expect(await scan(answers, Buffer.from('EI'), Buffer.from('CAR'))).toBe('Eicar-Test-Signature');
});

test('a scanner that is away, has a size limit or answers rubbish lets nothing pass', async () => {
  const failed = { kind: 'unavailable', code: 'virus-scan-failed' };
  await expect(scan(clamdScan({ at: { path: '/nonexistent/clamd.socket' } }), Buffer.from('x'))).rejects.toMatchObject(failed);
  await expect(scan(await daemon(() => 'stream: OK', 10), Buffer.alloc(100), Buffer.alloc(100))).rejects.toMatchObject(failed);
  await expect(scan(await daemon(() => 'who knows'), Buffer.from('x'))).rejects.toMatchObject(failed);
});

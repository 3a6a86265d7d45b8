import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tellStory } from '../support/case.ts';
import { withDatabase } from '../support/database.ts';
import { patientsNamedIn } from '../support/privacy.ts';
import { startServer, type RunningServer } from '../support/server.ts';

interface MailServer { readonly port: number; readonly mails: string[]; close(): Promise<void> }

/** A mail server of few words (RFC 5321), which keeps what it is given. */
async function startMailServer(port: number): Promise<MailServer> {
  const mails: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    let mail: string | undefined;
    let rest = '';
    socket.write('220 test\r\n');
    socket.setEncoding('utf8').on('data', (text: string) => {
      rest += text;
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (mail !== undefined) {
          if (line !== '.') { mail += `${line}\n`; continue; }
          mails.push(mail);
          mail = undefined;
          socket.write('250 kept\r\n');
        } else if (/^DATA/i.test(line)) { mail = ''; socket.write('354 go on\r\n'); } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
        else socket.write('250 yes\r\n');
      }
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, mails,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

let server: RunningServer;
let port: number;
beforeAll(async () => {
  const short = await startMailServer(0);
  port = short.port;
  await short.close(); // dead from the beginning, at an address that will be known
  server = await startServer({ env: { SMTP_URL: `smtp://127.0.0.1:${port}` } });
});
afterAll(async () => { await server?.[Symbol.asyncDispose](); });

/** Jobs of mails that are not done. */
const waiting = (): Promise<number> => withDatabase(server, async (client) => {
  const { rows } = await client.query<{ n: string }>("select count(*) as n from jobs.job where name in ('mail', 'case-mail') and state in ('created', 'retry', 'active')");
  return Number(rows[0]!.n);
});
/** Time passes: what waits for its next try is due. */
const makeDue = (): Promise<unknown> => withDatabase(server, (client) => client.query("update jobs.job set start_after = now() where name in ('mail', 'case-mail') and state = 'retry'"));

test('while the mail server is dead people go on, and every mail arrives once when it is back, also over a restart', async () => {
  const story = await tellStory(server, 'agreed', { imaging: false });
  expect((await story.task()).status).toBe('in-progress');
  await expect.poll(waiting, { timeout: 30_000 }).toBeGreaterThan(0);
  await server.kill();
  await server.start();
  const open = await waiting();
  expect(open).toBeGreaterThan(0);
  const mail = await startMailServer(port);
  try {
    await expect.poll(async () => { await makeDue(); return waiting(); }, { timeout: 90_000, interval: 1_000 }).toBe(0);
    const ids = mail.mails.map((text) => /^Message-ID: (.+)$/im.exec(text)?.[1]);
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
    expect(mail.mails.filter((text) => /text\/calendar/i.test(text)).length).toBeGreaterThanOrEqual(2);
    expect(patientsNamedIn(server.log())).toEqual([]);
    const { rows } = await withDatabase(server, (client) => client.query<{ n: string }>("select count(*) as n from jobs.job where name in ('mail', 'case-mail') and state = 'failed'"));
    expect(Number(rows[0]!.n)).toBe(0);
  } finally {
    await mail.close();
  }
});

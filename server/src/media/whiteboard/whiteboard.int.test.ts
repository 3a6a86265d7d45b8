import { spawn } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import type { Database } from '../../kernel/index.ts';
import { testDatabase } from '../../kernel/testing.ts';
import { boardClient, element, until, type BoardClient } from './fixtures/board-client.ts';
import { boardServer, type BoardServer } from './fixtures/board-server.ts';
import { whiteboardMigrations } from './index.ts';

let db: Database & { connectionString: string };
let server: BoardServer;
beforeAll(async () => {
  db = await testDatabase(whiteboardMigrations);
  server = await boardServer(db);
});
afterAll(async () => {
  await server.app.close();
  await db.close();
});
const clients: BoardClient[] = [];
afterEach(async () => { for (const client of clients.splice(0)) await client.close(); });
const enter = async (ticket: string, doc?: Y.Doc, url = server.url): Promise<BoardClient> => {
  const client = boardClient(url, ticket, doc);
  clients.push(client);
  await client.seat;
  return client;
};
const ids = (client: BoardClient): string[] => [...client.doc.getMap('elements').keys()].sort();

test('what one draws the other sees, once it is durable, and both know it', async () => {
  const [a, b] = [await enter('b1:a'), await enter('b1:b')];
  a.draw('e1');
  await until(() => ids(b).length === 1);
  expect(b.doc.getMap('elements').get('e1')).toEqual(element('e1'));
  await until(() => a.saved() === 1);
  expect((await server.door.export('b1')).elements).toEqual([element('e1')]);
  const { rows } = await db.query<{ owner_process: string }>("select owner_process from whiteboard.board where id = 'b1'");
  expect(rows[0]!.owner_process).toContain(String(process.pid));
});

test('what is acknowledged survives kill -9 of the server', async () => {
  const start = async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/serve.ts'), db.connectionString], { stdio: ['ignore', 'pipe', 'inherit'] });
    return { child, url: (await new Promise<Buffer>((resolve) => child.stdout.once('data', resolve))).toString().trim() };
  };
  const first = await start();
  const a = await enter('b2:a', undefined, first.url);
  const held = boardClient(server.url, 'b2:b');
  expect((await held.closed).code).toBe(4409);
  for (let n = 0; n < 40; n += 1) a.draw(`e${n}`);
  await until(() => a.saved() >= 10);
  const acknowledged = a.saved();
  first.child.kill('SIGKILL');
  await a.closed;
  const second = await start();
  const b = await enter('b2:b', undefined, second.url);
  await until(() => ids(b).length >= acknowledged);
  // Who drew reconnects with what was not acknowledged, and loses nothing.
  const again = await enter('b2:a', a.doc, second.url);
  await until(() => ids(b).length === 40);
  expect(ids(again)).toEqual(ids(b));
  second.child.kill('SIGKILL');
});

test('a restart brings the board back, also from a snapshot', async () => {
  const a = await enter('b3:a');
  for (let n = 0; n < 520; n += 1) {
    a.draw(`e${n}`);
    if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 8));
  }
  await until(() => a.saved() === 520);
  await server.app.close();
  server = await boardServer(db);
  const { rows } = await db.query<{ n: string; snapshot: Buffer }>("select (select count(*) from whiteboard.update where board = 'b3') n, snapshot from whiteboard.board where id = 'b3'");
  expect(Number(rows[0]!.n)).toBe(0);
  expect(rows[0]!.snapshot.length).toBeGreaterThan(1_000);
  // The lock of the server before may be held until PostgreSQL has noticed its end: who is told so (4409) comes again.
  const b = await vi.waitUntil(() => enter('b3:b').catch((error: Error) => { if (error.message !== 'closed 4409') throw error; return undefined; }), { timeout: 20_000 });
  await until(() => ids(b).length === 520);
  expect(ids(b)).toEqual(ids(a));
});

test('who may only look sees everything and changes nothing', async () => {
  const [a, b] = [await enter('b4:a'), await enter('b4:b:look')];
  a.draw('e1');
  await until(() => ids(b).length === 1);
  b.draw('e2');
  expect((await b.closed).code).toBe(4403);
  const c = await enter('b4:c');
  await until(() => ids(c).length === 1);
  expect((await server.door.export('b4')).elements).toHaveLength(1);
});

test('nobody enters without a ticket, with a wrong one, or with rubbish', async () => {
  expect((await boardClient(server.url, 'b5:nobody').closed).code).toBe(4401);
  expect((await boardClient(server.url, '').closed).code).toBe(4401);
  const silent = boardClient(server.url, 'x'.repeat(5_000));
  expect((await silent.closed).code).toBe(4401);
});

const hostile: Record<string, (doc: Y.Doc) => void> = {
  'an element under another id': (doc) => doc.getMap('elements').set('x', element('y')),
  'a page from elsewhere': (doc) => doc.getMap('elements').set('x', element('x', { type: 'embeddable' })),
  'a link': (doc) => doc.getMap('elements').set('x', element('x', { link: 'javascript:alert(1)' })),
  'a number that is none': (doc) => doc.getMap('elements').set('x', element('x', { width: 1e300 })),
  'a huge element': (doc) => doc.getMap('elements').set('x', element('x', { text: 'x'.repeat(300_000) })),
  'a nested shared type': (doc) => doc.getMap('elements').set('x', new Y.Map()),
  'another root': (doc) => doc.getMap('other').set('x', 1),
  'a picture that is a program': (doc) => doc.getMap('images').set('f', { image: 'a', mimeType: 'image/svg+xml', created: 1 }),
  'a removal without a trace': (doc) => doc.getMap('elements').delete('kept'),
};
test.each(Object.entries(hostile))('%s is refused, and the others see nothing of it', async (_name, attack) => {
  const a = await enter('b6:a');
  if (!a.doc.getMap('elements').has('kept')) {
    a.draw('kept');
    await until(() => a.saved() > 0);
  }
  const b = await enter('b6:b');
  await until(() => ids(b).includes('kept'));
  attack(b.doc);
  expect((await b.closed).code).toBe(4400);
  a.draw('after');
  await until(() => a.saved() > 0);
  const c = await enter('b6:c');
  await until(() => ids(c).includes('after'));
  expect(ids(c)).toEqual(['after', 'kept']);
  expect([...c.doc.share.keys()].sort()).not.toContain('other');
});

test('a list in place of the board is refused', async () => {
  const a = await enter('b12:a');
  a.draw('e1');
  await until(() => a.saved() === 1);
  const other = new Y.Doc();
  other.getArray('elements').insert(0, [element('x')]);
  const b = await enter('b12:b');
  b.sendUpdate(Y.encodeStateAsUpdate(other));
  expect((await b.closed).code).toBe(4400);
  expect((await server.door.export('b12')).elements).toHaveLength(1);
});

test('nobody writes or appears in the name of another', async () => {
  const a = await enter('b7:a');
  a.draw('e1');
  await until(() => a.saved() === 1);
  const forged = new Y.Doc();
  Y.applyUpdate(forged, Y.encodeStateAsUpdate(a.doc));
  forged.clientID = a.doc.clientID;
  const before = Y.encodeStateVector(forged);
  forged.getMap('elements').set('forged', element('forged'));
  const b = await enter('b7:b');
  b.sendUpdate(Y.encodeStateAsUpdate(forged, before));
  expect((await b.closed).code).toBe(4400);
  a.draw('e2');
  await until(() => a.saved() === 2);
  expect((await server.door.export('b7')).elements.map((e) => e.id).sort()).toEqual(['e1', 'e2']);

  const c = await enter('b7:c');
  c.awareness.setLocalState({ pointer: { x: 1, y: 2 }, user: { name: 'Dr a' }, extra: 'x' });
  await until(() => a.awareness.getStates().has(c.doc.clientID));
  expect(a.awareness.getStates().get(c.doc.clientID)).toEqual({ pointer: { x: 1, y: 2, tool: 'pointer' }, button: 'up', selected: [], user: { id: 'c', name: 'Dr c' } });
  await c.close();
  await until(() => !a.awareness.getStates().has(c.doc.clientID));
});

test('any bytes end the connection or are ignored; the board stays as it was', async () => {
  const a = await enter('b8:a');
  a.draw('e1');
  await until(() => a.saved() === 1);
  await fc.assert(fc.asyncProperty(fc.array(fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.tuple(fc.constantFrom(0, 1), fc.nat(3), fc.uint8Array({ maxLength: 60 })).map(([kind, step, rest]) => Uint8Array.from([kind, step, rest.length, ...rest]))), { minLength: 1, maxLength: 5 }), async (messages) => {
    const b = await enter('b8:b');
    for (const bytes of messages) b.send(bytes);
    await b.close();
    expect(ids(a)).toEqual(['e1']);
  }), { numRuns: 60 });
  a.draw('e2');
  await until(() => a.saved() === 2);
  expect((await server.door.export('b8')).elements).toHaveLength(2);
});

test('who sends too fast or too much is stopped, not the board', async () => {
  const [a, b] = [await enter('b9:a'), await enter('b9:b')];
  for (let n = 0; n < 800; n += 1) b.send(Uint8Array.of(0, 2, 2, 0, 0));
  expect((await b.closed).code).toBe(4429);
  const c = await enter('b9:c');
  c.send(new Uint8Array(1_100_000));
  expect((await c.closed).code).toBe(1009);
  a.draw('e1');
  await until(() => a.saved() === 1);
  expect(a.saved()).toBe(1);
});

test('documents that drew apart come together the same, whatever the order', async () => {
  const [a, b] = [await enter('b10:a'), await enter('b10:b')];
  await Promise.all(Array.from({ length: 30 }, async (_, n) => {
    await new Promise((resolve) => setTimeout(resolve, (n * 7) % 40));
    (n % 2 ? a : b).draw(`e${n % 7}`, { version: n, versionNonce: n });
  }));
  await until(() => a.saved() === 15 && b.saved() === 15);
  await until(() => JSON.stringify(a.doc.getMap('elements').toJSON()) === JSON.stringify(b.doc.getMap('elements').toJSON()) || Object.keys(a.doc.getMap('elements').toJSON()).length === 7);
  const sorted = (client: BoardClient): unknown => Object.entries(client.doc.getMap('elements').toJSON()).sort(([x], [y]) => (x < y ? -1 : 1));
  expect(sorted(a)).toEqual(sorted(b));
});

test('images are kept and shown through the seat that entered, and the board is kept with picture and scene', async () => {
  const a = await enter('b11:a');
  const key = (await a.seat)['imageKey'] as string;
  const ask = (path: string, init: RequestInit = {}, bearer = key) => fetch(`${server.http}/whiteboard/${path}`, { ...init, headers: { authorization: `Whiteboard ${bearer}`, ...init.headers } });
  const png = Buffer.from('\x89PNG\r\n\x1a\n picture', 'latin1');
  const kept = await ask('images', { method: 'POST', body: png, headers: { 'content-type': 'image/png' } });
  expect(kept.status).toBe(201);
  const { id } = await kept.json() as { id: string };
  const shown = await ask(`images/${id}`);
  expect(Buffer.from(await shown.arrayBuffer()).equals(png)).toBe(true);
  expect(shown.headers.get('x-content-type-options')).toBe('nosniff');
  expect((await ask('images', { method: 'POST', body: png, headers: { 'content-type': 'image/svg+xml' } })).status).toBe(415);
  expect((await ask('images', { method: 'POST', body: Buffer.alloc(21 * 1024 * 1024), headers: { 'content-type': 'image/png' } })).status).toBe(413);
  expect((await ask('images/..%2fx')).status).toBe(400);
  expect((await ask(`images/${id}`, {}, 'x'.repeat(43))).status).toBe(401);
  const looker = await enter('b11:b:look');
  const lookKey = (await looker.seat)['imageKey'] as string;
  expect((await ask('images', { method: 'POST', body: png, headers: { 'content-type': 'image/png' } }, lookKey)).status).toBe(403);
  expect((await ask(`images/${id}`, {}, lookKey)).status).toBe(200);
  a.draw('e1', { index: 'a2' });
  a.draw('e0', { index: 'a1' });
  a.draw('gone', { isDeleted: true });
  expect((await ask('keep', { method: 'POST', body: png, headers: { 'content-type': 'image/png' } })).status).toBe(204);
  await until(() => a.saved() === 3);
  expect((await server.door.export('b11')).elements.map((e) => e.id)).toEqual(['e0', 'e1']);
  expect(server.kept.get('board/b11')!.bytes.equals(png)).toBe(true);
});

/** A server process for tests of whiteboard and upload: real database, real object store; prints its address. Arguments: database, folder, pages, port. */
import fastifyStatic from '@fastify/static';
import Fastify from 'fastify';
import { join } from 'node:path';
import { BedsideError, httpStatus, migrate, openDatabase, outboxMigrations, systemClock, unauthenticated } from '../../server/src/kernel/index.ts';
import { blobMigrations, openBlobStore, type BlobId } from '../../server/src/resource/blob/index.ts';
import { openFileKeyWrapper } from '../../server/src/security/keys/index.ts';
import { registerUpload, uploadMigrations } from '../../server/src/exchange/upload/index.ts';
import { registerWhiteboard, whiteboardMigrations } from '../../server/src/media/whiteboard/index.ts';
import { context, rowsInMemory } from '../../server/src/resource/document/receive/fixtures/documents.ts';

const [connectionString, folder, pages, port] = process.argv.slice(2) as [string, string, string, string];
const db = openDatabase({ connectionString, maxConnections: 10 });
await migrate(db, [...outboxMigrations, ...blobMigrations, ...uploadMigrations, ...whiteboardMigrations]);
const wrapper = await openFileKeyWrapper(join(folder, 'keys'));
const blobs = await openBlobStore({ db, folders: [join(folder, 'rack-1'), join(folder, 'rack-2')], wrapper, reserveBytes: 0 });
const app = Fastify();
app.setErrorHandler((error, _request, reply) => reply.code(error instanceof BedsideError ? httpStatus[error.kind] : (error as { statusCode?: number }).statusCode ?? 500).send({ code: (error as { code?: unknown }).code }));
app.addHook('onRequest', async (request) => {
  const account = request.headers['x-account'];
  if (typeof account === 'string') request.ctx = { ...context, clock: systemClock, actor: { ...context.actor, accountId: account } };
});
await registerWhiteboard(app, {
  db,
  admit: async (ticket) => {
    const [boardId, person, look] = ticket.split(':');
    if (!boardId || !person) throw unauthenticated('ticket', 'This ticket admits nobody.');
    return { boardId, participantId: person, displayName: `Dr ${person}`, canDraw: look !== 'look' };
  },
  keepImage: async (seat, bytes, contentType) => (await blobs.put(bytes, { owner: `Binary/${seat.boardId}`, contentType })).id,
  openImage: async (_seat, id) => {
    const info = await blobs.info(id as BlobId);
    return { contentType: info.contentType, size: info.size, stream: await blobs.read(info.id) };
  },
  keepBoard: async (seat, picture, scene) => {
    await blobs.put(picture, { owner: `Picture/${seat.boardId}`, contentType: 'image/png' });
    await blobs.put((async function* () { yield Buffer.from(JSON.stringify(scene)); })(), { owner: `Scene/${seat.boardId}`, contentType: 'application/json' });
  },
});
const fhir = rowsInMemory();
fhir.rows.set('Patient/p1', { resourceType: 'Patient', id: 'p1' });
await registerUpload(app, { db, blobs, fhir, wrapper, folder: join(folder, 'uploads'), limitBytes: 64 * 1024 * 1024 });
await app.register(fastifyStatic, { root: pages });
process.stdout.write(`${await app.listen({ port: Number(port), host: '127.0.0.1' })}\n`);

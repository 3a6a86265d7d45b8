import { randomBytes } from 'node:crypto';
import { BedsideError, conflict, gone, notFound, tooMany, unavailable, type Database, type ErrorDetails, type ErrorKind } from '../../kernel/index.ts';
import { receiveDocument, receivedBefore, checkAnnouncement, type DocumentAnnouncement, type ReceiveDeps, type Received } from '../../resource/document/receive/index.ts';
import type { KeyWrapper } from '../../security/keys/index.ts';
import { demand, type RequestContext } from '../../security/policy/index.ts';
import { hasRoom, type Progress, type Staging } from './staging.ts';

export interface UploadRow {
  readonly id: string;
  readonly account: string;
  readonly size: number;
  readonly received: number;
  readonly fileBytes: number;
  readonly announcement: DocumentAnnouncement;
  readonly metadata: Record<string, string | null>;
  readonly wrappedKey: Buffer | null;
  readonly createdAt: Date;
  readonly state: 'open' | 'received' | 'refused';
  readonly refusal: { kind: ErrorKind; code: string; message: string; details: ErrorDetails } | null;
  readonly actor: RequestContext['actor'];
  readonly purpose: RequestContext['purpose'];
}

export interface UploadsOptions extends ReceiveDeps {
  readonly db: Database;
  readonly staging: Staging;
  readonly stagingFolder: string;
  readonly wrapper: KeyWrapper;
  readonly expiryMs: number;
  /** Unfinished uploads of one account: how many, and how many bytes together. */
  readonly quota: { readonly uploads: number; readonly bytes: number };
}

export interface Uploads {
  create(ctx: RequestContext, id: string, size: number, announcement: DocumentAnnouncement, metadata: Record<string, string | null>): Promise<void>;
  /** @throws not-found for another account's upload, too. */
  get(id: string, account?: string): Promise<UploadRow>;
  append(id: string, offset: number, bytes: AsyncIterable<Uint8Array>): Promise<number>;
  /** Hands a complete upload to reception; repeatable. @throws what reception refused it with. */
  finish(id: string, trace: Pick<RequestContext, 'traceId' | 'clock' | 'remoteAddress'>): Promise<Received>;
  remove(id: string): Promise<void>;
  /** Removes what is older than the expiry, finished or not; returns how many were. */
  expire(): Promise<number>;
}

/** Refusals that sending again cannot change. */
const final: ReadonlySet<ErrorKind> = new Set(['invalid', 'forbidden', 'not-found', 'unsupported', 'unprocessable', 'too-large', 'conflict', 'gone']);
const busySeconds = 30;

interface Row extends Record<string, unknown> { id: string; account: string; size: string; received: string; file_bytes: string; announcement: DocumentAnnouncement; metadata: Record<string, string | null>; wrapped_key: Buffer | null; created_at: Date; state: UploadRow['state']; refusal: UploadRow['refusal']; actor: RequestContext['actor']; purpose: RequestContext['purpose'] }
const fromRow = (r: Row): UploadRow => ({ ...r, size: Number(r.size), received: Number(r.received), fileBytes: Number(r.file_bytes), wrappedKey: r.wrapped_key, createdAt: r.created_at });

export function openUploads(options: UploadsOptions): Uploads {
  const { db, staging, wrapper } = options;
  const finishing = new Map<string, Promise<Received>>();

  const get: Uploads['get'] = async (id, account) => {
    const { rows } = await db.query<Row>('select * from upload.upload where id = $1', [id]);
    if (!rows[0] || (account !== undefined && rows[0].account !== account)) throw notFound('upload-not-found', 'There is no such upload; it may have expired. Start again.');
    return fromRow(rows[0]);
  };
  const keyOf = async (row: UploadRow): Promise<Buffer> => {
    if (!row.wrappedKey) throw gone('upload-finished', 'This upload is finished.');
    return Buffer.from(await wrapper.unwrap(row.wrappedKey, `upload/${row.id}`));
  };

  const receive = async (row: UploadRow, trace: Pick<RequestContext, 'traceId' | 'clock' | 'remoteAddress'>): Promise<Received> => {
    const ctx: RequestContext = { ...trace, actor: row.actor, purpose: row.purpose };
    return await receivedBefore(options, ctx, row.id)
      ?? receiveDocument(options, ctx, staging.read(row.id, await keyOf(row), row), { ...row.announcement, id: row.id });
  };
  const finish = async (id: string, trace: Pick<RequestContext, 'traceId' | 'clock' | 'remoteAddress'>): Promise<Received> => {
    const { rows } = await db.query<Row>(
      `update upload.upload set busy_until = now() + $2 * interval '1 second'
       where id = $1 and state = 'open' and received = size and (busy_until is null or busy_until < now()) returning *`, [id, busySeconds]);
    if (!rows[0]) {
      const row = await get(id);
      if (row.refusal) throw new BedsideError(row.refusal.kind, row.refusal.code, row.refusal.message, { details: row.refusal.details });
      if (row.state !== 'received') throw unavailable('upload-busy', 'This upload is being received; ask again in a moment.', { details: { retryAfterMs: 2_000 } });
      const before = await receivedBefore(options, { ...trace, actor: row.actor, purpose: row.purpose }, id);
      if (!before) throw gone('upload-document-gone', 'The document that this upload became was deleted.');
      return before;
    }
    // The claim is renewed while the reception runs, so that it ends soon after a crash.
    const renewal = setInterval(() => { db.query("update upload.upload set busy_until = now() + $2 * interval '1 second' where id = $1 and state = 'open'", [id, busySeconds]).catch(() => undefined); }, busySeconds * 333);
    try {
      const received = await receive(fromRow(rows[0]), trace);
      await db.query("update upload.upload set state = 'received', busy_until = null, wrapped_key = null where id = $1", [id]);
      await staging.remove(id);
      return received;
    } catch (error) {
      if (error instanceof BedsideError && final.has(error.kind)) {
        const refusal = { kind: error.kind, code: error.code, message: error.message, details: error.details };
        await db.query("update upload.upload set state = 'refused', busy_until = null, wrapped_key = null, refusal = $2 where id = $1", [id, JSON.stringify(refusal)]);
        await staging.remove(id);
      } else await db.query('update upload.upload set busy_until = null where id = $1', [id]);
      throw error;
    } finally {
      clearInterval(renewal);
    }
  };

  return {
    get,
    create: async (ctx, id, size, announcement, metadata) => {
      checkAnnouncement(announcement);
      // Refused now rather than after hours of sending.
      demand(ctx.actor, 'record.write');
      if (announcement.patient !== undefined) await options.fhir.read(ctx, 'Patient', announcement.patient);
      if (announcement.case !== undefined) await options.fhir.read(ctx, 'Task', announcement.case);
      if (!await hasRoom(options.stagingFolder, size)) throw unavailable('disk-full', 'There is no space left for uploads. Try again when the administrator has made room.', { details: { retryAfterMs: 60_000 } });
      const key = await wrapper.wrap(randomBytes(32), `upload/${id}`);
      await db.transaction(async (tx) => {
        await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`upload/${ctx.actor.accountId}`]);
        const { rows: [used] } = await tx.query<{ n: string; bytes: string }>("select count(*) n, coalesce(sum(size), 0) bytes from upload.upload where account = $1 and state = 'open'", [ctx.actor.accountId]);
        if (Number(used!.n) >= options.quota.uploads || Number(used!.bytes) + size > options.quota.bytes) {
          throw tooMany('upload-quota', 'You have too many unfinished uploads; finish or cancel some first.', { details: { uploads: Number(used!.n), retryAfterMs: 60_000 } });
        }
        await tx.query('insert into upload.upload (id, account, size, announcement, metadata, actor, purpose, wrapped_key) values ($1, $2, $3, $4, $5, $6, $7, $8)',
          [id, ctx.actor.accountId, size, JSON.stringify(announcement), JSON.stringify(metadata), JSON.stringify(ctx.actor), ctx.purpose, Buffer.from(key)]);
      });
    },
    append: async (id, offset, bytes) => {
      const row = await get(id);
      if (row.state !== 'open') throw gone('upload-finished', 'This upload is finished.');
      if (row.received !== offset) throw conflict('upload-offset', 'The upload is at another offset; ask for it and go on from there.');
      let at: Progress = row;
      return staging.append(id, await keyOf(row), row, bytes, async (next) => {
        // Another process that writes to the same upload would have moved it on.
        const { rowCount } = await db.query("update upload.upload set received = $2, file_bytes = $3 where id = $1 and received = $4 and file_bytes = $5 and state = 'open'", [id, next.received, next.fileBytes, at.received, at.fileBytes]);
        if (!rowCount) throw conflict('upload-offset', 'The upload was continued elsewhere; ask for its offset and go on from there.');
        at = next;
      });
    },
    finish: (id, trace) => {
      const running = finishing.get(id);
      if (running) return running;
      const run = finish(id, trace).finally(() => finishing.delete(id));
      finishing.set(id, run);
      return run;
    },
    remove: async (id) => {
      await db.query('delete from upload.upload where id = $1', [id]);
      await staging.remove(id);
    },
    expire: async () => {
      const { rows } = await db.query<{ id: string }>("delete from upload.upload where created_at < now() - $1 * interval '1 ms' and (busy_until is null or busy_until < now()) returning id", [options.expiryMs]);
      for (const { id } of rows) await staging.remove(id);
      const files = await staging.list();
      const { rows: known } = await db.query<{ id: string }>("select id::text from upload.upload where id::text = any($1) and state = 'open'", [files]);
      const wanted = new Set(known.map((row) => row.id));
      for (const id of files) if (!wanted.has(id)) await staging.remove(id);
      return rows.length;
    },
  };
}

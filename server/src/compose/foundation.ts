import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { BedsideError, createJobRunner, migrate, openDatabase, outboxMigrations, systemClock, type Clock, type Database, type JobRunner, type Migration, type Settings } from '../kernel/index.ts';
import { keepEmbeddedPostgres, type KeptPostgres } from '../kernel/embedded-postgres/index.ts';
import { blobMigrations, openBlobStore, rackFolders, type EmbeddedBlobStore } from '../resource/blob/index.ts';
import { openCertificateAuthority, type CertificateAuthority } from '../security/certificates/index.ts';
import { openFileKeyWrapper, type KeyWrapper } from '../security/keys/index.ts';

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What everything else stands on: database, keys, blobs, certificates, jobs. */
export interface Foundation {
  readonly settings: Settings;
  readonly log: Log;
  readonly clock: Clock;
  readonly db: Database;
  readonly connectionString: string;
  /** True when the embedded database was created by this start. */
  readonly newDatabase: boolean;
  readonly embedded: boolean;
  readonly wrapper: KeyWrapper;
  readonly blobs: EmbeddedBlobStore;
  readonly authority: CertificateAuthority;
  readonly jobs: JobRunner;
  close(): Promise<void>;
}

const otherDatabaseFolder = (settings: Settings): string => join('/var/lib/bedside', createHash('sha256').update(settings.BEDSIDE_DATA).digest('hex').slice(0, 12));

/** Folders in which the embedded database of these settings may be kept. */
export const databaseFolders = (settings: Settings): string[] => [settings.BEDSIDE_DATA, otherDatabaseFolder(settings)].map((folder) => join(folder, 'postgresql'));

/**
 * PostgreSQL runs as an unprivileged user when we are root, who may not be able to reach the data folder (a clone under /root):
 * then, unless the administrator chose the folder, the cluster goes to /var/lib/bedside, under a name made from the data folder.
 */
async function startDatabase(settings: Settings, chosen: boolean, log: Log): Promise<{ postgres: KeptPostgres; created: boolean }> {
  const options = { log: (line: string) => { if (/FATAL|PANIC/.test(line)) log.error({ line }, 'PostgreSQL'); } };
  const attempt = async (folder: string) => {
    const created = !existsSync(join(folder, 'cluster-18'));
    return { postgres: await keepEmbeddedPostgres({ folder, ...options }), created };
  };
  try {
    return await attempt(join(settings.BEDSIDE_DATA, 'postgresql'));
  } catch (error) {
    if (!(error instanceof BedsideError) || error.code !== 'data-folder-closed' || chosen) throw error;
    const folder = otherDatabaseFolder(settings);
    log.warn({ folder }, 'the database user cannot reach BEDSIDE_DATA; the database is kept here instead');
    await mkdir(folder, { recursive: true, mode: 0o755 });
    return attempt(join(folder, 'postgresql'));
  }
}

export async function openFoundation(settings: Settings, log: Log, migrations: readonly Migration[], chosenFolder: boolean): Promise<Foundation> {
  const clock = systemClock;
  await mkdir(settings.BEDSIDE_DATA, { recursive: true });
  const embedded = settings.DATABASE_URL === '';
  const started = embedded ? await startDatabase(settings, chosenFolder, log) : undefined;
  const connectionString = started?.postgres.connectionString ?? settings.DATABASE_URL;
  const db = openDatabase({ connectionString, maxConnections: settings.DATABASE_CONNECTIONS });
  const ended: (() => Promise<unknown>)[] = [() => db.close(), ...(started ? [() => started.postgres.stop()] : [])];
  const close = async (): Promise<void> => {
    for (const end of ended.splice(0)) await end();
  };
  try {
    await migrate(db, [...outboxMigrations, ...blobMigrations, ...migrations]);
    const wrapper = await openFileKeyWrapper(join(settings.BEDSIDE_DATA, 'keys'));
    const blobs = await openBlobStore({ db, folders: rackFolders(settings), wrapper, onFault: (error) => { log.error({ err: error }, 'storage'); } });
    ended.unshift(() => blobs.close());
    const authority = await openCertificateAuthority({ folder: join(settings.BEDSIDE_DATA, 'certificates'), keys: wrapper, clock });
    const jobs = createJobRunner(connectionString, (error) => { log.error({ err: error }, 'jobs'); });
    ended.unshift(() => jobs.stop());
    return { settings, log, clock, db, connectionString, newDatabase: started?.created ?? false, embedded, wrapper, blobs, authority, jobs, close };
  } catch (error) {
    await close();
    throw error;
  }
}

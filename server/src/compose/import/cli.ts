import { BedsideError, conflict, createLog, holdDataFolder, invalid, readSettings, wasGiven, type Settings } from '../../kernel/index.ts';
import { runningPostgres } from '../../kernel/embedded-postgres/index.ts';
import { fhirMigrations, createFhirRepository, type FhirRepository } from '../../resource/fhir/index.ts';
import { createImageRepository, imageMigrations } from '../../resource/image/index.ts';
import type { RequestContext } from '../../security/policy/index.ts';
import { findFiles, importFiles, importMigrations, importTable, progressLine, type Progress } from '../../service/import/index.ts';
import { databaseFolders, openFoundation } from '../foundation.ts';
import { systemContext } from '../system.ts';

const usage = `npm run import -- [--institution=ID | --new-institution=NAME] PATH...
Takes FHIR R4 bundles and NDJSON, DICOM folders and C-CDA documents in, for one institution. The server may be running or not.
The same command again does only what is left.`;

/** The data folder for ourselves, or, while a server has it, that server's database. */
async function settle(settings: Settings): Promise<{ settings: Settings; release: () => void }> {
  try {
    const { release } = await holdDataFolder(settings.BEDSIDE_DATA);
    return { settings, release };
  } catch (error) {
    if (!(error instanceof BedsideError) || error.code !== 'data-folder-in-use') throw error;
    const nothing = (): void => undefined;
    if (settings.DATABASE_URL !== '') return { settings, release: nothing };
    const running = databaseFolders(settings).map(runningPostgres).find((url) => url !== undefined);
    if (!running) throw conflict('database-elsewhere', 'Another Bedside serves this data folder, but its database is not on this machine; run the import there.', { cause: error });
    return { settings: { ...settings, DATABASE_URL: running }, release: nothing };
  }
}

async function institutionOf(repository: FhirRepository, ctx: RequestContext, options: ReadonlyMap<string, string>): Promise<string> {
  const fresh = options.get('new-institution');
  if (fresh !== undefined) {
    if (fresh.trim() === '') throw invalid('institution', 'Give the new institution a name.');
    return (await repository.create(ctx, { resourceType: 'Organization', active: true, name: fresh.trim() })).id;
  }
  const found = JSON.parse(await repository.search(ctx, 'Organization', 'partof:missing=true&_count=50')) as { entry?: { resource?: { id?: string; name?: string } }[] };
  const known = (found.entry ?? []).flatMap((e) => (e.resource?.id ? [{ id: e.resource.id, name: e.resource.name ?? '' }] : []));
  const wanted = options.get('institution');
  if (wanted === undefined && known.length === 1) return known[0]!.id;
  if (wanted !== undefined && known.some((k) => k.id === wanted)) return wanted;
  const list = known.length === 0 ? 'There is none yet: --new-institution=NAME makes one.' : `There are:\n${known.map((k) => `  --institution=${k.id}  ${k.name}`).join('\n')}`;
  throw invalid('institution', `${wanted === undefined ? 'Say for which institution.' : `There is no institution ${wanted}.`} ${list}`);
}

function progressPrinter(): (p: Progress) => void {
  let lastMs = 0;
  return (p) => {
    const nowMs = performance.now();
    const isLast = p.current === '';
    if (process.stdout.isTTY ? !isLast && nowMs - lastMs < 100 : !isLast && nowMs - lastMs < 5_000) return;
    lastMs = nowMs;
    process.stdout.write(process.stdout.isTTY ? `\r\u001b[K${progressLine(p)}${isLast ? '\n' : ''}` : `${progressLine(p)}\n`);
  };
}

async function main(args: readonly string[]): Promise<number> {
  const paths = args.filter((a) => !a.startsWith('-'));
  const options = new Map(args.filter((a) => a.startsWith('-')).map((a) => [a.replace(/^-+/, '').split('=', 1)[0]!, a.split('=').slice(1).join('=')]));
  const unknown = [...options.keys()].find((o) => o !== 'institution' && o !== 'new-institution');
  if (paths.length === 0 || unknown !== undefined) {
    process.stderr.write(`${unknown === undefined || unknown === 'help' ? '' : `There is no option ${unknown}.\n`}${usage}\n`);
    return unknown === 'help' ? 0 : 2;
  }
  const { settings, release } = await settle(readSettings());
  const foundation = await openFoundation(settings, createLog({ level: 'warn' }), [...fhirMigrations, ...imageMigrations, ...importMigrations], wasGiven('BEDSIDE_DATA'));
  const { blobs, clock, db } = foundation;
  const repository = createFhirRepository({ db, clock });
  try {
    await repository.upkeep();
    const system = systemContext(clock);
    const institution = await institutionOf(repository, system, options);
    const ctx: RequestContext = { ...system, actor: { ...system.actor, institution, organizations: [institution] } };
    const stop = { aborted: false };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { stop.aborted = true; process.stdout.write('\nFinishing what is begun …\n'); });
    const files = await findFiles(paths);
    const { outcome, skipped, left } = await importFiles({ ctx, db, repository, blobs, images: createImageRepository({ db, blobs, fhir: repository, clock }) }, files, progressPrinter(), stop);
    process.stdout.write(`\n${importTable(outcome, { skipped, left })}\n`);
    return outcome.refused.length > 0 || left > 0 ? 1 : 0;
  } finally {
    await repository.close();
    await foundation.close();
    release();
  }
}

main(process.argv.slice(2)).then((code) => process.exit(code), (error: unknown) => {
  const missing = (error as NodeJS.ErrnoException).code === 'ENOENT' ? `There is no ${(error as NodeJS.ErrnoException).path}.` : undefined;
  process.stderr.write(`${missing ?? (error instanceof BedsideError ? error.message : error instanceof Error ? error.stack : String(error))}\n`);
  process.exit(1);
});

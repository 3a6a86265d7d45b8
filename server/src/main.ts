import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BedsideError, readSettings, wasGiven } from './kernel/index.ts';
import { holdDataFolder } from './kernel/data-lock.ts';
import { createLog } from './kernel/logging.ts';
import { accountTable } from './demo/index.ts';
import { composeBedside } from './compose.ts';

const root = join(import.meta.dirname, '../..');

/** Ends with a sentence for the administrator; anything unforeseen keeps its trace. */
function fail(error: unknown): never {
  process.stderr.write(`${error instanceof BedsideError ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  const settings = readSettings();
  const log = createLog({ level: settings.LOG_LEVEL });
  const hold = await holdDataFolder(settings.BEDSIDE_DATA);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const bedside = await composeBedside({ settings, log, version, web: settings.BEDSIDE_WEB || join(root, 'web/dist'), chosenFolder: wasGiven('BEDSIDE_DATA') });
  let ending = false;
  const end = (signal: string): void => {
    if (ending) return;
    ending = true;
    log.info({ signal }, 'ending');
    const hurry = setTimeout(() => process.exit(1), 20_000);
    bedside.close().then(() => { clearTimeout(hurry); hold.release(); process.exit(0); }, fail);
  };
  process.on('SIGINT', () => end('SIGINT'));
  process.on('SIGTERM', () => end('SIGTERM'));
  if (bedside.demonstration) process.stdout.write(`\nDemonstration hospital network: nobody in it is real.\n${accountTable()}\n\n`);
  process.stdout.write(`Bedside is ready at ${bedside.url}\n`);
}

main().catch(fail);

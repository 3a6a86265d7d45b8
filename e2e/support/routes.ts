/** Prints, as JSON, every route that the composed server really serves on the data folder in BEDSIDE_DATA: `GET /fhir/*`. */
import { join } from 'node:path';
import { pino } from 'pino';
import { composeBedside } from '../../server/src/compose.ts';
import { readSettings } from '../../server/src/kernel/index.ts';

const routes = new Set<string>();
const bedside = await composeBedside({
  settings: readSettings(), log: pino({ level: 'silent' }), version: '0', web: join(import.meta.dirname, '../../web/dist'), chosenFolder: true,
  onRoute: ({ method, url }) => { for (const one of [method].flat()) if (one !== 'HEAD') routes.add(`${one} ${url}`); },
});
await bedside.close();
process.stdout.write(JSON.stringify([...routes].toSorted()));
process.exit(0);

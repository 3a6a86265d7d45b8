import type { Feature } from '../primitives/index.ts';
import { homeFeature } from '../home/index.ts';
import { recordFeature } from '../record/index.ts';
import { processFeature } from '../application/process/index.ts';
import { directoryFeature } from '../directory/index.ts';
import { statisticsFeature } from '../statistics/index.ts';
import { adminFeature } from '../admin/index.ts';
import { accountFeature } from '../account/index.ts';
import { joinFeature } from '../join/index.ts';

/** Every feature of the front end; a new one is added here and nowhere else. */
export const features: readonly Feature[] = [homeFeature, recordFeature, processFeature, directoryFeature, statisticsFeature, adminFeature, accountFeature, joinFeature];

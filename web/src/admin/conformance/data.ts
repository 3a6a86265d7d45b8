import conformance from '../../../../conformance/conformance.tsv?raw';
import requirements from '../../../../conformance/requirements.tsv?raw';
import { joinTables } from './table.ts';

/** The table as this build knows it. */
export const table = joinTables(requirements, conformance);

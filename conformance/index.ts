export { checkProofs, checkTable, type FileResult, type ProofInput } from './check.ts';
export { formatRows, parseRequirements, parseRows, readTables, states, tableFile, type Requirement, type Row, type State } from './table.ts';

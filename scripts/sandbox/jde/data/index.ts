export { Database } from './database.ts';
export { tableDefinitions, titleOf, type Column, type TableDefinition } from './dictionary.ts';
export { compareValues, justified, trimmedRow, valueOf, type Row } from './row.ts';
export { StateFile } from './state-file.ts';
export { JdeTable, type Span } from './table.ts';

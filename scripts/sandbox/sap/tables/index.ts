export { BulkTable } from './bulk.ts';
export { keyRangeOf } from './where-meaning.ts';
export { layOut, outputLength, rowWriter, type NumberWidth, type RowLayout } from './row-text.ts';
export { StoredTable, type RowOrder, type SapTable, type Selection } from './table.ts';
export { countTerms, parseWhere, WhereError, type Expression } from './where.ts';

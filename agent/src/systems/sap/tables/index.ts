export { readCurrencyDecimals } from './currencies.ts';
export { toColumns, toLayout, type Column, type TableLayout } from './dictionary.ts';
export { readTable, type TableReadDeps } from './read-table.ts';
export { findReader, knownReaders, type ReadCall, type TableReader } from './reader.ts';

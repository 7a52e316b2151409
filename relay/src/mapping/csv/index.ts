export { decodeText } from './decode.ts';
export { mostCsvEntries, readCsv, type CsvContent, type CsvEntry, type CsvFault } from './read-csv.ts';
export { separators, writeCsv, type SeparatorName } from './write-csv.ts';

/** Reads SE16-style extracts: one file per table, header line with the field names. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { clientFieldOf, keyFieldsOf, tableDefinitions, type Row, type TableDefinition } from '../dictionary/index.ts';
import { dictionaryRows, standardTables, type Tables } from '../seed/index.ts';
import { matchColumns, type ExtractColumn } from './columns.ts';
import { convertRows, type ConvertedRow } from './convert.ts';
import { decode } from './decode.ts';
import { parseExtract, separatorName, type ParsedFile } from './parse.ts';
import { Findings, type ExtractReport } from './report.ts';
import { findUserFormats } from './user-formats.ts';

export interface Extracts {
  report: ExtractReport;
  /** Missing when there was an error: then nothing is to be loaded. */
  tables?: Tables;
}

const extensions = ['.csv', '.txt', '.tsv', '.tab'];
/** Without vendors there is nothing to show. */
const neededTable = 'LFA1';

/** Reads every extract of the folder. Rejects only when the folder or a file cannot be read at all. */
export async function loadExtracts(folder: string): Promise<Extracts> {
  const findings = new Findings();
  const files = filesByTable(await readdir(folder), findings);
  const tables: Tables = {};
  // Currencies first: amounts of the others depend on them.
  for (const [table, file] of [...files].sort(([a], [b]) => Number(b === 'TCURX') - Number(a === 'TCURX'))) {
    const definition = tableDefinitions.get(table);
    const bytes = await readFile(path.join(folder, file));
    if (definition) tables[table] = loadFile({ file, definition, bytes, decimalsOf: currencyDecimals(tables), findings });
  }
  if (!files.has(neededTable))
    findings.error({ file: neededTable, what: 'table.missing', message: `there is no extract of ${neededTable}` });
  fillGaps(tables, files, findings);
  findOrphans(tables, files, findings);
  const report = findings.report();
  return report.hasErrors ? { report } : { report, tables };
}

function filesByTable(names: readonly string[], findings: Findings): Map<string, string> {
  const files = new Map<string, string>();
  for (const file of [...names].sort()) {
    const extension = path.extname(file).toLowerCase();
    const table = path.basename(file, path.extname(file)).toUpperCase();
    const isKnown = extensions.includes(extension) && tableDefinitions.has(table) && table !== 'ZBULK';
    const other = files.get(table);
    if (!isKnown) findings.notice({ file, what: 'file.ignored', message: 'is named after no table known here; it was left out' });
    else if (other) findings.error({ file, what: 'file.twice', message: `is a second extract of ${table} beside ${other}` });
    else files.set(table, file);
  }
  return files;
}

interface LoadRequest {
  file: string;
  definition: TableDefinition;
  bytes: Buffer;
  decimalsOf: (currency: string) => number;
  findings: Findings;
}

/** The rows of one extract; empty when it has errors. */
export function loadFile({ file, definition, bytes, decimalsOf, findings }: LoadRequest): Row[] {
  const decoded = decode(bytes);
  if (!decoded) {
    findings.error({ file, what: 'encoding.unknown', message: 'is neither UTF-8 nor UTF-16 nor Windows-1252; save it as UTF-8' });
    return [];
  }
  if (decoded.isGuess) {
    const message = `does not say its encoding and is not UTF-8; read as ${decoded.encoding}. Check that umlauts are right`;
    findings.notice({ file, what: 'encoding.guessed', message });
  }
  const parsed = parseExtract(decoded.text);
  if ('problem' in parsed) {
    findings.error({ file, what: 'file.unreadable', message: parsed.problem, ...(parsed.line === undefined ? {} : { line: parsed.line }) });
    return [];
  }
  if (parsed.quotesAreText)
    findings.notice({ file, what: 'quotes.text', message: 'quotation marks do not pair up; taken as characters of the values' });
  const columns = matchColumns(file, definition, parsed, findings);
  if (findings.hasErrorsIn(file)) return [];
  checkClient(file, definition, parsed, columns, findings);
  const formats = findUserFormats(file, parsed, columns, findings);
  if (findings.hasErrorsIn(file)) return [];
  const rows = convertRows({ file, table: definition, parsed, columns, formats, decimalsOf, findings });
  findDuplicates(file, definition, rows, findings);
  const separator = separatorName(parsed.separator);
  findings.files.push({ file, table: definition.name, rows: rows.length, encoding: decoded.encoding, separator });
  return rows.map(({ row }) => row);
}

/** The client is left out of the rows, so rows of two clients would fall together. */
function checkClient(
  file: string,
  definition: TableDefinition,
  parsed: ParsedFile,
  columns: readonly ExtractColumn[],
  findings: Findings,
): void {
  const client = clientFieldOf(definition);
  const column = columns.find(({ field }) => field === client);
  if (!column) return;
  const clients = [...new Set(parsed.records.map(({ values }) => (values[column.index] ?? '').trim()))];
  const place = { file, column: column.field.name };
  if (clients.length > 1)
    findings.error({ ...place, what: 'client.several', message: `holds rows of several clients: ${clients.join(', ')}` });
  else if (clients.length === 1) {
    findings.notice({
      ...place,
      what: 'client.replaced',
      message: `rows of client ${clients[0]} become rows of the simulated system's client`,
    });
  }
}

function findDuplicates(file: string, definition: TableDefinition, rows: readonly ConvertedRow[], findings: Findings): void {
  const keys = keyFieldsOf(definition);
  const seen = new Map<string, number>();
  for (const { row, line } of rows) {
    const key = keys.map(({ name }) => row[name] ?? '').join('/');
    const first = seen.get(key);
    if (first === undefined) seen.set(key, line);
    else findings.error({ file, what: 'key.duplicate', line, message: `key ${key} stands there twice, first on line ${first}` });
  }
}

/** Tables that SAP delivers filled stay as delivered; everything else that has no extract is empty. */
function fillGaps(tables: Tables, files: ReadonlyMap<string, string>, findings: Findings): void {
  const standard = standardTables();
  for (const name of tableDefinitions.keys()) {
    if (files.has(name) || name === 'ZBULK') continue;
    tables[name] = standard[name] ?? [];
    if (name === neededTable || name === 'DD02L') continue;
    const message = standard[name] ? 'no extract; as SAP delivers it' : 'no extract; the table is empty';
    findings.notice({ file: name, what: 'table.absent', message });
  }
  tables['DD02L'] = dictionaryRows();
}

const belongings = [
  ['LFB1', 'LIFNR', 'LFA1', 'LIFNR'],
  ['LFM1', 'LIFNR', 'LFA1', 'LIFNR'],
  ['LFBK', 'LIFNR', 'LFA1', 'LIFNR'],
  ['LFA1', 'ADRNR', 'ADRC', 'ADDRNUMBER'],
  ['ADR6', 'ADDRNUMBER', 'ADRC', 'ADDRNUMBER'],
] as const;

function findOrphans(tables: Tables, files: ReadonlyMap<string, string>, findings: Findings): void {
  for (const [table, field, parent, parentField] of belongings) {
    const file = files.get(table);
    if (!file || !files.has(parent)) continue;
    const known = new Set((tables[parent] ?? []).map((row) => row[parentField]));
    const orphans = (tables[table] ?? []).filter((row) => row[field] && !known.has(row[field]));
    if (orphans.length === 0) continue;
    const message = `${orphans.length} rows belong to no row of ${parent}, for instance ${orphans[0]?.[field]}; loaded as they are`;
    findings.notice({ file, column: field, what: 'row.orphan', message });
  }
}

function currencyDecimals(tables: Tables): (currency: string) => number {
  const rows = tables['TCURX'] ?? standardTables()['TCURX'] ?? [];
  const decimals = new Map(rows.map((row) => [row['CURRKEY'], Number(row['CURRDEC'])]));
  return (currency) => decimals.get(currency) ?? 2;
}

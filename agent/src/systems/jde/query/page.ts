import { parseJson, SystemError } from '@ml-connector/shared';
import type { ReadBody } from '../ais.ts';
import type { PageMemory } from '../page-memory.ts';
import type { Column } from './columns.ts';
import { findRows, scanRows, type Rowset } from './rowset.ts';

/** One answer of a BROWSE (facts/jde-ais.md 5.1). */
export interface Page {
  rowset: Rowset;
  /** Per column asked for: AIS delivers it. */
  delivers: boolean[];
  /** There are more rows than came; undefined where AIS does not say. */
  hasMore: boolean;
  /** The rows are not needed any more, and their memory may hold the next ones. */
  release(): void;
}

export interface PageFacts {
  table: string;
  columns: readonly Column[];
  askedRows: number;
  memory?: PageMemory | undefined;
  release?: (() => void) | undefined;
}

/** Takes an answer apart: the rows stay bytes, the rest is parsed to be judged. */
export function readPageBody(body: Buffer, { table, columns, askedRows, memory, release = () => undefined }: PageFacts): ReadBody<Page> {
  const from = findRows(body);
  if (from < 0) {
    const json = parseJson(body.toString('utf8'));
    return { json, value: () => pageOf({ table, json, columns, rowset: undefined, release }) };
  }
  const names = columns.map(({ name }) => name);
  const rowset = scanRows(body, { from, names, expectedRows: askedRows, memory });
  if (rowset === 'cut') return { json: undefined, value: () => raise(unreadable(table, 'its rows are no JSON')) };
  if (rowset === 'nested') {
    const error = new SystemError('JDE_OUTPUT_TYPE', 'halt', `reading ${table}: AIS does not answer in the form GRID_DATA`, {
      fix: 'The agent needs version 2 of the AIS services: Tools release 9.2.1.2 or newer.',
    });
    return { json: {}, value: () => raise(error) };
  }
  const json = parseJson(`${body.toString('utf8', 0, from)}]${body.toString('utf8', rowset.end)}`);
  return { json, value: () => pageOf({ table, json, columns, rowset, release }) };
}

interface PageParts {
  table: string;
  json: unknown;
  columns: readonly Column[];
  rowset: Rowset | undefined;
  release: () => void;
}

function pageOf({ table, json, columns, rowset, release }: PageParts): Page {
  const form = asRecord(json)[`fs_DATABROWSE_${table}`] ?? Object.entries(asRecord(json)).find(([name]) => name.startsWith('fs_'))?.[1];
  const grid = asRecord(asRecord(asRecord(form)['data'])['gridData']);
  if (!rowset) throw unreadable(table, 'there are no rows in the answer');
  const titles = grid['columns'];
  const known = typeof titles === 'object' && titles !== null ? new Set(Object.keys(titles)) : undefined;
  const delivers = columns.map(({ name }, index) => rowset.seen[index] === true || (known ? known.has(name) : rowset.rows === 0));
  return { rowset, delivers, hasMore: moreRecordsOf(table, asRecord(grid['summary'])['moreRecords'], rowset.rows), release };
}

/** Without it nobody knows whether rows are missing; some versions of AIS may write it as text. */
function moreRecordsOf(table: string, value: unknown, rows: number): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  if (value === undefined && rows === 0) return false;
  throw unreadable(table, 'AIS does not say whether there are more rows (summary.moreRecords)');
}

function unreadable(table: string, what: string): SystemError {
  return new SystemError('JDE_ANSWER_UNREADABLE', 'retry', `reading ${table}: ${what}`);
}

function raise(error: SystemError): never {
  throw error;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

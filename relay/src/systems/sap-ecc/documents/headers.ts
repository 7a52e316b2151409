import type { Condition, SapMoment } from '@ml-connector/shared';
import type { CallScope } from '../../system.ts';
import type { Row, SapSession } from '../session.ts';
import type { DocumentId } from './cursor.ts';

/** Everything that is read of BKPF. */
export const headerFields = [
  'BUKRS',
  'BELNR',
  'GJAHR',
  'BLART',
  'BLDAT',
  'BUDAT',
  'MONAT',
  'CPUDT',
  'CPUTM',
  'USNAM',
  'TCODE',
  'XBLNR',
  'STBLG',
  'STJAH',
  'BKTXT',
  'WAERS',
  'HWAER',
  'BSTAT',
] as const;
export type HeaderRow = Row<(typeof headerFields)[number]>;

/** Headers of one company code: posting dates `YYYYMMDD`, always bounded below, as the index is on BUKRS, BSTAT and BUDAT. */
export interface HeaderWindow {
  companyCode: string;
  postedFrom: string;
  postedTo?: string | undefined;
  /** Entered at or after. */
  enteredSince?: SapMoment | undefined;
  /** A day: posted or entered then or later. */
  touchedSince?: string | undefined;
  documentTypes: DocumentTypeChoice;
}

/** BLART to take, empty for all, and those to leave out. */
export interface DocumentTypeChoice {
  include: readonly string[];
  exclude: readonly string[];
}

export interface HeaderSource {
  session: SapSession;
  scope: CallScope;
}

/** Up to `size` headers with one of these statuses (BSTAT), in key order. */
export async function readHeaderPage(
  { session, scope }: HeaderSource,
  page: { window: HeaderWindow; statuses: readonly string[]; afterKey: string[] | undefined; size: number },
): Promise<HeaderRow[]> {
  const { window, statuses, afterKey, size } = page;
  const [only = '', ...more] = statuses;
  const status: Condition =
    more.length > 0 ? { field: 'BSTAT', op: 'IN', values: [...statuses] } : { field: 'BSTAT', op: 'EQ', value: only };
  const where = conditions(window, status);
  const start = afterKey ? { afterKey } : {};
  const rows: HeaderRow[] = [];
  for await (const row of session.readTable({ table: 'BKPF', fields: headerFields, where, ...start, maxRows: size }, scope)) rows.push(row);
  return rows;
}

/** Documents in the window that are no postings, by status: `V` parked, `S` noted, `D` recurring. */
export async function countOthers(
  { session, scope }: HeaderSource,
  window: HeaderWindow,
  known: readonly string[],
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const where = conditions(window, { allOf: known.map((value) => ({ field: 'BSTAT', op: 'NE', value })) });
  for await (const { BSTAT } of session.readTable({ table: 'BKPF', fields: ['BSTAT'], where }, scope))
    counts.set(BSTAT, (counts.get(BSTAT) ?? 0) + 1);
  return counts;
}

/** These headers, whatever their status; what SAP does not hold is left out. */
export async function readHeadersOf({ session, scope }: HeaderSource, wanted: readonly DocumentId[]): Promise<HeaderRow[]> {
  const rows: HeaderRow[] = [];
  for (const { companyCode, fiscalYear, numbers } of inLists(wanted)) {
    const where: Condition[] = [
      { field: 'BUKRS', op: 'EQ', value: companyCode },
      { field: 'BELNR', op: 'IN', values: numbers },
      { field: 'GJAHR', op: 'EQ', value: fiscalYear },
    ];
    for await (const row of session.readTable({ table: 'BKPF', fields: headerFields, where }, scope)) rows.push(row);
  }
  return rows;
}

/** Numbers of one company code and year, as many as fit one statement (facts/sap-ecc.md 2.1: about 50). */
export interface NumberList {
  companyCode: string;
  fiscalYear: string;
  numbers: string[];
}

const longestList = 50;

export function inLists(ids: readonly DocumentId[]): NumberList[] {
  const groups = Map.groupBy(ids, ({ companyCode, fiscalYear }) => `${companyCode}\0${fiscalYear}`);
  return [...groups.values()].flatMap((group) => {
    const { companyCode, fiscalYear } = group[0] as DocumentId;
    const numbers = [...new Set(group.map(({ number }) => number))].toSorted();
    const lists = Array.from({ length: Math.ceil(numbers.length / longestList) }, (_, index) =>
      numbers.slice(index * longestList, (index + 1) * longestList),
    );
    return lists.map((list) => ({ companyCode, fiscalYear, numbers: list }));
  });
}

export function idOf({ BUKRS, BELNR, GJAHR }: Pick<HeaderRow, 'BUKRS' | 'BELNR' | 'GJAHR'>): DocumentId {
  return { companyCode: BUKRS, number: BELNR, fiscalYear: GJAHR };
}

/** `1000/1900000001/2024`: as people write it, and unique. */
export function nameOf({ companyCode, number, fiscalYear }: DocumentId): string {
  return `${companyCode}/${number}/${fiscalYear}`;
}

function conditions(window: HeaderWindow, status: Condition): Condition[] {
  const { companyCode, postedFrom, postedTo, enteredSince, touchedSince, documentTypes } = window;
  const where: Condition[] = [{ field: 'BUKRS', op: 'EQ', value: companyCode }, status, { field: 'BUDAT', op: 'GE', value: postedFrom }];
  if (postedTo) where.push({ field: 'BUDAT', op: 'LE', value: postedTo });
  if (enteredSince) where.push(since(enteredSince));
  if (touchedSince) where.push({ anyOf: ['BUDAT', 'CPUDT'].map((field) => ({ field, op: 'GE', value: touchedSince })) });
  if (documentTypes.include.length > 0) where.push({ field: 'BLART', op: 'IN', values: [...documentTypes.include] });
  for (const value of documentTypes.exclude) where.push({ field: 'BLART', op: 'NE', value });
  return where;
}

function since({ date, time }: SapMoment): Condition {
  return {
    anyOf: [
      { field: 'CPUDT', op: 'GT', value: date },
      {
        allOf: [
          { field: 'CPUDT', op: 'EQ', value: date },
          { field: 'CPUTM', op: 'GE', value: time },
        ],
      },
    ],
  };
}

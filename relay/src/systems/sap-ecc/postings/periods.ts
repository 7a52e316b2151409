import { SystemError, type Condition } from '@ml-connector/shared';
import type { CallScope } from '../../system.ts';
import type { Row, SapSession } from '../session.ts';
import { postingReads } from './reads.ts';

export interface PeriodQuestion {
  companyCode: string;
  /** YYYYMMDD. */
  postingDate: string;
  /** KOART. */
  accountTypes: readonly string[];
}

/**
 * Whether T001B has the period of the day open for every account type. `+` stands for the whole document; an account type without rows of its own
 * is governed by it alone. Throws `refused` where the fiscal year variant cannot be read: then nobody knows which period the day belongs to.
 */
export async function isPeriodOpen(
  session: SapSession,
  { companyCode, postingDate, accountTypes }: PeriodQuestion,
  scope: CallScope,
): Promise<boolean> {
  const company = await readCompany(session, companyCode, scope);
  const period = await fiscalPeriodOf(session, { variant: company.PERIV, postingDate, companyCode }, scope);
  const where: Condition[] = [
    { field: 'RRCTY', op: 'EQ', value: '0' },
    // Without a posting period variant of its own, a company code is its own variant.
    { field: 'BUKRS', op: 'EQ', value: company.OPVAR || companyCode },
    { field: 'MKOAR', op: 'IN', values: ['+', ...accountTypes] },
  ];
  const rows: PeriodRow[] = [];
  for await (const row of session.readTable({ table: 'T001B', fields: postingReads.T001B, where }, scope)) rows.push(row);
  const isOpenFor = (type: string): boolean => rows.some((row) => row.MKOAR === type && holds(row, period));
  return isOpenFor('+') && accountTypes.every((type) => isOpenFor(type) || !rows.some(({ MKOAR }) => MKOAR === type));
}

type PeriodRow = Row<(typeof postingReads.T001B)[number]>;

/** Year and period as T001B compares them: `2024001`. */
function holds(row: PeriodRow, period: string): boolean {
  const intervals = [
    [row.FRYE1 + row.FRPE1, row.TOYE1 + row.TOPE1],
    [row.FRYE2 + row.FRPE2, row.TOYE2 + row.TOPE2],
  ] as const;
  return intervals.some(([from, to]) => Number(to) > 0 && from <= period && period <= to);
}

async function readCompany(session: SapSession, companyCode: string, scope: CallScope): Promise<Row<(typeof postingReads.T001)[number]>> {
  const where: Condition[] = [{ field: 'BUKRS', op: 'EQ', value: companyCode }];
  for await (const row of session.readTable({ table: 'T001', fields: postingReads.T001, where }, scope)) return row;
  throw new SystemError('SAP_COMPANY_CODE_UNKNOWN', 'refused', `looking for open periods: SAP has no company code ${companyCode}`, {
    fix: 'Correct the company code of this flow, or the client of the connection.',
  });
}

/** `2024001`, by the fiscal year variant (T009): the calendar, or the ends of the periods (T009B) with their shift of the year. */
async function fiscalPeriodOf(
  session: SapSession,
  { variant, postingDate, companyCode }: { variant: string; postingDate: string; companyCode: string },
  scope: CallScope,
): Promise<string> {
  const [year, day] = [postingDate.slice(0, 4), postingDate.slice(4)];
  const of: Condition = { field: 'PERIV', op: 'EQ', value: variant };
  const unreadable = (why: string): SystemError =>
    new SystemError(
      'SAP_FISCAL_YEAR_UNREADABLE',
      'refused',
      `looking for the period of ${postingDate} in company code ${companyCode}: fiscal year variant "${variant}" ${why}`,
      { fix: 'Transaction OB29 shows the variants. See that the SAP user may read T009 and T009B.' },
    );
  let definition: Row<(typeof postingReads.T009)[number]> | undefined;
  for await (const row of session.readTable({ table: 'T009', fields: postingReads.T009, where: [of] }, scope)) definition ??= row;
  if (!definition) throw unreadable('is not in T009');
  if (definition.XKALE === 'X') return `${year}0${day.slice(0, 2)}`;
  const ofYear: Condition = { field: 'BDATJ', op: 'EQ', value: definition.XJABH === 'X' ? year : '0000' };
  const ends: { day: string; period: string; shift: number }[] = [];
  for await (const row of session.readTable({ table: 'T009B', fields: postingReads.T009B, where: [of, ofYear] }, scope))
    ends.push({ day: row.BUMON + row.BUTAG, period: row.POPER, shift: yearShift(row.RELJR) });
  const end = ends.toSorted((one, other) => (one.day < other.day ? -1 : 1)).find((one) => day <= one.day);
  if (!end) throw unreadable(`has no period for that day in T009B${definition.XJABH === 'X' ? `, year ${year}` : ''}`);
  return `${Number(year) + end.shift}${end.period.padStart(3, '0')}`;
}

/** `-1`, `+1`, `0` or blank. */
function yearShift(text: string): number {
  const shift = Number(text.trim().replace(/^(\d)-$/, '-$1') || '0');
  return Number.isInteger(shift) ? shift : 0;
}

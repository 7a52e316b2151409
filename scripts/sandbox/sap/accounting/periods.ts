/** Posting periods (T001B): who may post where, and how a test opens and closes them. */
import type { Row } from '../dictionary/index.ts';
import { fiscalPeriodOf, type FiscalPeriod } from '../documents/fiscal-period.ts';
import type { SapSystemParts } from '../parts.ts';

export interface PeriodOf {
  companyCode: string;
  /** YYYYMMDD. */
  postingDate: string;
  /** `+` (default) closes it for everybody; A, D, K, M or S for one type of accounts. */
  accountType?: string;
}

export interface PostingTo {
  accountType: string;
  account: string;
}

/** Whether T001B lets this account type post: the row `+`, and the rows of its own type where there are any. */
export function isPeriodOpen(
  system: SapSystemParts,
  companyCode: string,
  fiscal: FiscalPeriod,
  { accountType, account }: PostingTo,
): boolean {
  const variant = system.stored('T001').get([companyCode])?.['OPVAR'] ?? '';
  const rowsOf = (type: string): Row[] => system.stored('T001B').withPrefix(['0', variant, type]);
  const own = rowsOf(accountType).filter(({ VKONT = '', BKONT = '' }) => account >= VKONT && account <= BKONT);
  return [rowsOf('+'), own].every(
    (rows, index) => rows.some((row) => covers(row, fiscal)) || (index === 1 && rowsOf(accountType).length === 0),
  );
}

/** Closes this period and all before it, as accountants do. */
export function closePeriod(system: SapSystemParts, period: PeriodOf): void {
  const closed = periodOf(period);
  change(system, period, () => ({ FRYE1: next(closed).slice(0, 4), FRPE1: next(closed).slice(4) }));
}

/** Opens this period, and whatever lies between it and those that are open. */
export function openPeriod(system: SapSystemParts, period: PeriodOf): void {
  const opened = periodOf(period);
  change(system, period, ({ FRYE1 = '', FRPE1 = '', TOYE1 = '', TOPE1 = '' }) => ({
    ...(opened < FRYE1 + FRPE1 ? { FRYE1: opened.slice(0, 4), FRPE1: opened.slice(4) } : {}),
    ...(opened > TOYE1 + TOPE1 ? { TOYE1: opened.slice(0, 4), TOPE1: opened.slice(4) } : {}),
  }));
}

function change(system: SapSystemParts, { companyCode, accountType = '+' }: PeriodOf, changes: (row: Row) => Row): void {
  const company = system.stored('T001').get([companyCode]);
  if (!company) throw new Error(`there is no company code ${companyCode}`);
  const rows = system.stored('T001B').withPrefix(['0', company['OPVAR'] ?? '', accountType]);
  if (rows.length === 0) throw new Error(`T001B has no row for account type ${accountType} of company code ${companyCode}`);
  for (const row of rows) {
    system.stored('T001B').update([row['RRCTY'] ?? '', row['BUKRS'] ?? '', row['MKOAR'] ?? '', row['BKONT'] ?? ''], changes(row));
  }
}

/** Year and period, to be compared as text: `2024001`. */
function periodOf({ companyCode, postingDate }: PeriodOf): string {
  return textOf(fiscalPeriodOf(companyCode, postingDate));
}

function textOf({ year, period }: FiscalPeriod): string {
  return year + period.padStart(3, '0');
}

function next(period: string): string {
  const [year, number] = [Number(period.slice(0, 4)), Number(period.slice(4))];
  return number >= 12 ? `${year + 1}001` : `${year}${String(number + 1).padStart(3, '0')}`;
}

function covers(row: Row, fiscal: FiscalPeriod): boolean {
  const period = textOf(fiscal);
  return ['1', '2'].some((interval) => {
    const at = (name: string): string => row[name + interval] ?? '';
    return period >= at('FRYE') + at('FRPE') && period <= at('TOYE') + at('TOPE');
  });
}

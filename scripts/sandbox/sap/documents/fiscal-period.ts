import { companyCodes } from '../seed/reference.ts';

export interface FiscalPeriod {
  /** GJAHR. */
  year: string;
  /** MONAT. */
  period: string;
}

/** K4 is the calendar year; V3 runs from April to March, so that GJAHR is not the year of the posting date. */
export function fiscalPeriodOf(companyCode: string, postingDate: string): FiscalPeriod {
  const variant = companyCodes.find(({ BUKRS }) => BUKRS === companyCode)?.PERIV;
  const [year, month] = [Number(postingDate.slice(0, 4)), Number(postingDate.slice(4, 6))];
  if (variant !== 'V3') return { year: String(year), period: twoDigits(month) };
  return month >= 4 ? { year: String(year), period: twoDigits(month - 3) } : { year: String(year - 1), period: twoDigits(month + 9) };
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

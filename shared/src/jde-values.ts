/** JD Edwards' internal notations and ours (facts/jde-ais.md 8). */
import { fromSapDate } from './sap-values.ts';

/** A Julian date as tables hold it, `CYYDDD` with C the century minus 19: `125063` is `20250304`; 0 and blank are no date, ''. */
export function fromJdeDate(julian: string): string {
  const text = julian.trim();
  if (/^0*$/.test(text)) return '';
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  const [year, dayOfYear] = [1900 + Math.floor(number / 1000), number % 1000];
  const date = new Date(Date.UTC(year, 0, dayOfYear));
  if (dayOfYear === 0 || date.getUTCFullYear() !== year) throw new RangeError(`"${text}" is no Julian date of JD Edwards`);
  return date.toISOString().slice(0, 10).replaceAll('-', '');
}

/** `20250304` as `125063`; '' as `0`. The years 1900 to 2899. */
export function toJdeDate(date: string): string {
  if (date === '') return '0';
  const iso = fromSapDate(date);
  const year = Number(iso?.slice(0, 4));
  if (!iso || year < 1900 || year > 2899) throw new RangeError(`"${date}" is no date that JD Edwards can hold`);
  const dayOfYear = (Date.parse(iso) - Date.UTC(year, 0, 1)) / 86_400_000 + 1;
  return String((year - 1900) * 1000 + dayOfYear);
}

/** UPMT or TDAY, which lack the leading zeros: `93015` is `093015`; 0 and blank are no time or midnight, `000000`. */
export function fromJdeTime(time: string): string {
  const text = time.trim().padStart(6, '0');
  if (!/^([01]\d|2[0-3])[0-5]\d[0-5]\d$/.test(text)) throw new RangeError(`"${time}" is no time of JD Edwards`);
  return text;
}

/** The day it is where the user's profile says, `YYYYMMDD`; `UTC-05:00`, '' being UTC. The profile's summer time is not known. */
export function jdeDay(now: number, timeZoneOffset: string): string {
  const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d{1,2}):?(\d{2})?/.exec(timeZoneOffset) ?? [];
  const offsetMinutes = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  return new Date(now + offsetMinutes * 60_000).toISOString().slice(0, 10).replaceAll('-', '');
}

/** MCU as it is stored, right-justified in twelve characters: `30` is `          30`. */
export function businessUnitIn(businessUnit: string): string {
  return businessUnit.trim().padStart(12, ' ');
}

/** CO, KCO and KCOO in five characters, digits with zeros in front: `200` is `00200`. */
export function companyIn(company: string): string {
  const trimmed = company.trim();
  return /^\d+$/.test(trimmed) ? trimmed.padStart(5, '0') : trimmed;
}

/** AN8, DOCO or ITM in plain digits, whatever fraction of zeros came with it: `6001.0` is `6001`. */
export function wholeNumber(value: string): string {
  const [, digits] = /^0*(\d+)(?:\.0*)?$/.exec(value.trim()) ?? [];
  if (digits === undefined) throw new RangeError(`"${value}" is no whole number`);
  return digits;
}

/** LNID with its three decimals, which tell lines of a kit apart: `1` is `1.000`, `1.1` is `1.100`. */
export function lineNumber(value: string): string {
  const [, whole, fraction = ''] = /^0*(\d+)(?:\.(\d{0,3})0*)?$/.exec(value.trim()) ?? [];
  if (whole === undefined) throw new RangeError(`"${value}" is no line number`);
  return `${whole}.${fraction.padEnd(3, '0')}`;
}

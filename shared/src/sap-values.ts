/** SAP's internal notations and ours. Conversion exits do not run over RFC (facts/sap-ecc.md 3.1), so both sides use these. */

/** ALPHA inwards: an all-digit value is padded with zeros to the field's length, anything else stays as it is: `100123` to `0000100123`. */
export function alphaIn(value: string, length: number): string {
  const trimmed = value.trim();
  return /^\d+$/.test(trimmed) ? trimmed.padStart(length, '0') : trimmed;
}

/** ALPHA outwards: the number as people know it: `0000100123` to `100123`; all zeros become `0`. */
export function alphaOut(value: string): string {
  const trimmed = value.trim();
  return /^\d+$/.test(trimmed) ? trimmed.replace(/^0+(?=\d)/, '') : trimmed;
}

/** A moment by the SAP server's own clock, without zone: `{ date: '20240131', time: '101500' }`. */
export interface SapMoment {
  /** YYYYMMDD. */
  date: string;
  /** HHMMSS. */
  time: string;
}

/** A DATS value as `2024-01-31`, or undefined when initial (`00000000`, blank) or not a date of the calendar. */
export function fromSapDate(date: string): string | undefined {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(date.trim()) ?? [];
  if (!year || !month || !day) return undefined;
  const iso = `${year}-${month}-${day}`;
  const parsed = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(iso) ? iso : undefined;
}

/** `2024-01-31` as `20240131`. */
export function toSapDate(isoDate: string): string {
  return isoDate.slice(0, 10).replaceAll('-', '');
}

/** The moment `seconds` earlier, across midnight and month ends; the server's zone plays no part. */
export function momentBefore({ date, time }: SapMoment, seconds: number): SapMoment {
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6, 8)].map(Number) as [number, number, number];
  const [hour, minute, second] = [time.slice(0, 2), time.slice(2, 4), time.slice(4, 6)].map(Number) as [number, number, number];
  const earlier = new Date(Date.UTC(year, month - 1, day, hour, minute, second) - seconds * 1000).toISOString();
  return { date: toSapDate(earlier), time: earlier.slice(11, 19).replaceAll(':', '') };
}

/** Negative when `one` is earlier than `other`. */
export function compareMoments(one: SapMoment, other: SapMoment): number {
  const [left, right] = [one.date + one.time, other.date + other.time];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Decimals of a currency by TCURX; a currency without an entry has two (facts/sap-ecc.md 3.2). */
export function currencyDecimals(tcurx: ReadonlyMap<string, number>, currency: string): number {
  return tcurx.get(currency.trim()) ?? 2;
}

/**
 * A CURR value as the database stores it (two decimals, whatever the currency) in real units: `10.00` JPY is `1000`, `1.234` was stored
 * as `12.34` KWD. Text in, text out: nothing is rounded. Takes SAP's trailing minus: `12.50-`.
 */
export function fromStoredAmount(stored: string, decimals: number): string {
  const value = plainDecimal(stored);
  if (decimals === 2) return value;
  const isNegative = value.startsWith('-');
  const [whole = '0', fraction = ''] = value.replace('-', '').split('.');
  const digits = whole + fraction.padEnd(2, '0').slice(0, 2);
  const padded = digits.padStart(decimals + 1, '0');
  const point = padded.length - decimals;
  const real = decimals === 0 ? padded : `${padded.slice(0, point)}.${padded.slice(point)}`;
  const tidy = real.replace(/^0+(?=\d)/, '');
  return isNegative && /[1-9]/.test(tidy) ? `-${tidy}` : tidy;
}

/** SAP's number notation as a plain decimal: blanks off, minus in front, no `-0`. Rejects text that is no number, for instance an overflow `*`. */
export function plainDecimal(text: string): string {
  const trimmed = text.trim();
  const [, leading = '', number, trailing = ''] = /^(-?)\s*(\d+(?:\.\d+)?|\.\d+)(-?)$/.exec(trimmed) ?? [];
  if (number === undefined || (leading && trailing)) throw new RangeError(`"${trimmed}" is not a number of SAP`);
  const value = number.startsWith('.') ? `0${number}` : number;
  return (leading || trailing) && /[1-9]/.test(value) ? `-${value}` : value;
}

const languageKeys: Readonly<Record<string, string>> = {
  AF: 'a',
  AR: 'A',
  BG: 'W',
  CA: 'c',
  CS: 'C',
  DA: 'K',
  DE: 'D',
  EL: 'G',
  EN: 'E',
  ES: 'S',
  ET: '9',
  FI: 'U',
  FR: 'F',
  HE: 'B',
  HR: '6',
  HU: 'H',
  ID: 'i',
  IS: 'b',
  IT: 'I',
  JA: 'J',
  KO: '3',
  LT: 'X',
  LV: 'Y',
  MS: '7',
  NL: 'N',
  NO: 'O',
  PL: 'L',
  PT: 'P',
  RO: '4',
  RU: 'R',
  SH: 'd',
  SK: 'Q',
  SL: '5',
  SR: '0',
  SV: 'V',
  TH: '2',
  TR: 'T',
  UK: '8',
  ZF: 'M',
  ZH: '1',
};

/** Two-letter languages with a language key of SAP's own. */
export const sapLanguages: readonly string[] = Object.keys(languageKeys);

/** ISOLA inwards: the one-character key in SPRAS fields for a two-letter language: `EN` to `E`, `ZH` to `1`. */
export function languageKey(isoLanguage: string): string {
  const key = languageKeys[isoLanguage.toUpperCase()];
  if (!key) throw new RangeError(`"${isoLanguage}" is no language of SAP; known are ${sapLanguages.join(', ')}`);
  return key;
}

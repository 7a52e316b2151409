import { decimalsOf, toText, toUnits } from '../documents/amounts.ts';
import type { Line } from './draft.ts';
import type { Frame, Judge } from './judge.ts';

export interface ItemAmounts {
  units: number;
  localUnits: number;
  baseUnits: number;
  localBaseUnits: number;
}

export interface Amounts {
  currency: string;
  localCurrency: string;
  /** One unit of document currency in local currency (BKPF-KURSF). */
  rate: string;
  of(itemNumber: string): ItemAmounts;
}

/** What CURR fields of 13 digits hold. */
const mostUnits = 9_999_999_999_999;

/** Joins items and amounts, checks currencies and the balance per currency type, and translates into local currency. */
export function checkAmounts(judge: Judge, frame: Frame): Amounts | undefined {
  checkNumbers(judge);
  const lines = judge.draft.amounts.map((line) => ({ line, currency: currencyOf(judge, line) }));
  if (judge.isRefused) return undefined;
  const documentLines = lines.filter(({ line }) => !isLocal(line));
  const currency = documentLines[0]?.currency ?? '';
  const other = documentLines.find((one) => one.currency !== currency);
  if (other) judge.say('severalCurrencies', [currency, other.currency], other.line.place);
  const localCurrency = frame.company['WAERS'] ?? '';
  const wrong = lines.find((one) => isLocal(one.line) && one.currency !== localCurrency);
  if (wrong) judge.say('notLocalCurrency', [localCurrency, wrong.currency], wrong.line.place);
  if (judge.isRefused) return undefined;
  const given = unitsByItem(judge, documentLines);
  const local = unitsByItem(
    judge,
    lines.filter(({ line }) => isLocal(line)),
  );
  if (judge.isRefused) return undefined;
  const balances = [given, local].map((side) => [...side.values()].reduce((sum, { units }) => sum + units, 0));
  if (balances.some((balance) => balance !== 0)) return judge.say('unbalanced', [toText(balances[0] ?? 0, currency), currency]);
  const rate = local.size > 0 ? impliedRate(given, local, { currency, localCurrency }) : rateOf(judge, frame, { currency, localCurrency });
  if (rate === undefined) return undefined;
  const translated = local.size > 0 ? local : translate(given, rate, { currency, localCurrency });
  const nothing = { units: 0, base: 0 };
  return {
    currency,
    localCurrency,
    rate: Math.min(9999, rate).toFixed(5),
    of(number) {
      const one = given.get(number) ?? nothing;
      const own = translated.get(number) ?? nothing;
      return { units: one.units, localUnits: own.units, baseUnits: one.base, localBaseUnits: own.base };
    },
  };
}

function isLocal({ fields }: Line): boolean {
  return fields['CURR_TYPE'] === '10';
}

/** Item numbers are unique over all tables, currency items per currency type; each item has an amount and each amount an item. */
function checkNumbers(judge: Judge): void {
  const { items, amounts } = judge.draft;
  const seen = new Set<string>();
  for (const { number, place } of items) {
    if (seen.has(number)) judge.say('itemTwice', [number], { ...place, field: 'ITEMNO_ACC' });
    seen.add(number);
  }
  const withAmount = new Set<string>();
  for (const line of amounts) {
    const key = `${line.number} ${isLocal(line) ? '10' : '00'}`;
    if (withAmount.has(key)) judge.say('currencyTwice', [line.number], line.place);
    if (!seen.has(line.number)) judge.say('amountWithoutItem', [line.number], line.place);
    withAmount.add(key);
  }
  const hasLocal = amounts.some(isLocal);
  for (const { number, place } of items) {
    if (!withAmount.has(`${number} 00`) || (hasLocal && !withAmount.has(`${number} 10`))) judge.say('noAmount', [number], place);
  }
}

function currencyOf(judge: Judge, { fields, place }: Line): string {
  const { CURRENCY = '', CURRENCY_ISO = '' } = fields;
  const known = judge.system.stored('TCURC').all();
  const found = known.find(({ WAERS, ISOCD }) => (CURRENCY === '' ? CURRENCY_ISO !== '' && ISOCD === CURRENCY_ISO : WAERS === CURRENCY));
  if (!found) judge.say('unknownCurrency', [CURRENCY || CURRENCY_ISO], { ...place, field: 'CURRENCY' });
  return found?.['WAERS'] ?? '';
}

interface Units {
  units: number;
  base: number;
}

function unitsByItem(judge: Judge, lines: readonly { line: Line; currency: string }[]): Map<string, Units> {
  const units = ({ line, currency }: { line: Line; currency: string }, field: string): number => {
    const amount = line.fields[field] || '0';
    const place = { ...line.place, field };
    if (!isExact(amount, currency)) {
      judge.say('tooManyDecimals', [amount, currency], place);
      return 0;
    }
    const whole = toUnits(amount, currency);
    if (Math.abs(whole) > mostUnits) judge.say('amountTooLarge', [amount], place);
    return whole;
  };
  return new Map(lines.map((one) => [one.line.number, { units: units(one, 'AMT_DOCCUR'), base: units(one, 'AMT_BASE') }]));
}

function isExact(amount: string, currency: string): boolean {
  const fraction = (amount.split('.')[1] ?? '').replace(/0+$/, '');
  return fraction.length <= decimalsOf(currency);
}

interface Pair {
  currency: string;
  localCurrency: string;
}

/** EXCH_RATE of the call (negative: indirect quotation), or TCURR of the translation date. */
function rateOf(judge: Judge, { postingDate }: Frame, { currency, localCurrency }: Pair): number | undefined {
  if (currency === localCurrency) return 1;
  const given = judge.draft.amounts.map(({ fields }) => Number(fields['EXCH_RATE'] || '0')).find((rate) => rate !== 0);
  if (given !== undefined) return given < 0 ? 1 / -given : given;
  const date = judge.draft.header['TRANS_DATE'] || postingDate;
  // GDATU is inverted: the first row at or behind the inverted date is the rate of the day.
  const inverted = String(99_999_999 - Number(date));
  const row = judge.system
    .stored('TCURR')
    .withPrefix(['M', currency, localCurrency])
    .find(({ GDATU = '' }) => GDATU >= inverted);
  if (!row) return judge.say('noRate', [currency, localCurrency, 'M', date]);
  return (Number(row['UKURS']) * Number(row['TFACT'])) / Number(row['FFACT']);
}

function impliedRate(given: Map<string, Units>, local: Map<string, Units>, { currency, localCurrency }: Pair): number {
  const total = (side: Map<string, Units>): number => [...side.values()].reduce((sum, { units }) => sum + Math.max(0, units), 0);
  return total(local) / 10 ** decimalsOf(localCurrency) / (total(given) / 10 ** decimalsOf(currency) || 1);
}

/** What rounding leaves over goes to the largest item. */
function translate(given: Map<string, Units>, rate: number, { currency, localCurrency }: Pair): Map<string, Units> {
  const factor = (rate * 10 ** decimalsOf(localCurrency)) / 10 ** decimalsOf(currency);
  // Halves away from zero, so that a reversed item is the exact opposite.
  const round = (units: number): number => Math.sign(units) * Math.round(Math.abs(units) * factor);
  const translated = new Map([...given].map(([number, { units, base }]) => [number, { units: round(units), base: round(base) }]));
  const left = [...translated.values()].reduce((sum, { units }) => sum + units, 0);
  const largest = [...translated.values()].toSorted((one, other) => Math.abs(other.units) - Math.abs(one.units))[0];
  if (largest) largest.units -= left;
  return translated;
}

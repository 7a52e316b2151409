import {
  compareAmounts,
  divideAmounts,
  isoCurrencyDecimals,
  multiplyAmounts,
  roundAmount,
  subtractAmounts,
  type Amount,
} from '@ml-connector/shared';
import type { JdePurchaseOrder, JdePurchaseOrderLine } from '../../systems/jde/index.ts';
import type { PurchaseFlowSettings } from './settings.ts';

/** Decimals that Cin7 Core keeps of an amount, of a price and of a quantity (facts/cin7.md 9.3). */
export const amountDecimals = 2;
export const priceDecimals = 4;
export const quantityDecimals = 4;

/** What is wrong with one line, a sentence. */
export type Problem = { code: string; message: string };

/**
 * Currency of the order and whose amounts count: AEXP in the company's currency, or FEA for foreign orders (CRRM F, facts/jde-ais.md 11).
 * An order whose mode and currencies contradict each other has none.
 */
export function currencyOf({ currencyMode, currency, baseCurrency }: JdePurchaseOrder): { isForeign: boolean; currency: string } | Problem {
  if (currencyMode === 'F') {
    if (currency !== '') return { isForeign: true, currency };
    return { code: 'CURRENCY_MISSING', message: 'it is a foreign order (CRRM F) without a currency (CRCD)' };
  }
  const domestic = baseCurrency || currency;
  if (domestic === '') return { code: 'CURRENCY_MISSING', message: 'it has neither a currency (CRCD) nor a base currency (BCRC)' };
  if (currency !== '' && currency !== domestic)
    return {
      code: 'CURRENCY_UNCLEAR',
      message: `it is a domestic order (CRRM "${currencyMode}") in ${currency}, and the base currency is ${domestic}`,
    };
  return { isForeign: false, currency: domestic };
}

export interface Money {
  isForeign: boolean;
  /** As JD Edwards calls it. */
  currency: string;
  /** As Cin7 Core calls it, where that is known. */
  inCin7?: string | undefined;
}

/**
 * The extended amount of a line in the order's currency with two decimals; a problem where two decimals, or the currency's own, cannot hold it, or
 * where it is not clear in which currency it is.
 */
export function amountOf(
  line: JdePurchaseOrderLine,
  { isForeign, currency, inCin7 = currency, amountShift }: Money & Pick<PurchaseFlowSettings, 'amountShift'>,
): Amount | Problem {
  if (isForeign && isZero(line.foreignExtendedAmount) && !isZero(line.extendedAmount))
    return {
      code: 'FOREIGN_AMOUNT_MISSING',
      message: `line ${line.number} has ${line.extendedAmount} in the company's currency and nothing in ${currency} (FEA)`,
    };
  // Both are the same amount where a site fills both.
  if (!isForeign && !isZero(line.foreignExtendedAmount) && compareAmounts(line.foreignExtendedAmount, line.extendedAmount) !== 0)
    return {
      code: 'FOREIGN_AMOUNT_UNCLEAR',
      message: `line ${line.number} of a domestic order has ${line.extendedAmount} ${currency} (AEXP) and ${line.foreignExtendedAmount} in another currency (FEA)`,
    };
  const amount = shifted((isForeign ? line.foreignExtendedAmount : line.extendedAmount) || '0', amountShift[currency] ?? 0);
  const decimals = Math.min(amountDecimals, isoCurrencyDecimals(currency), isoCurrencyDecimals(inCin7));
  if (!fits(amount, decimals))
    return {
      code: 'AMOUNT_TOO_FINE',
      message:
        decimals < amountDecimals
          ? `line ${line.number} has ${amount} ${currency}, a currency without decimals; correct amountShift where AIS moves the point`
          : `line ${line.number} has ${amount} ${currency}, and Cin7 Core keeps ${amountDecimals} decimals`,
    };
  if (compareAmounts(amount, '0') < 0)
    return { code: 'AMOUNT_NEGATIVE', message: `line ${line.number} has ${amount} ${currency}: enter what is given back by hand` };
  return roundAmount(amount, amountDecimals);
}

export interface Priced {
  /** At most four decimals. */
  price: Amount;
  /** Quantity x price, rounded to two decimals as Cin7 Core checks it. */
  total: Amount;
  /** What is missing to the amount: zero or above. */
  rest: Amount;
}

/**
 * The unit price of an amount; never PRRC, which is per another unit. Where four decimals do not give the amount back, the price is rounded
 * down, so that what is missing can be charged.
 */
export function priceOf(amount: Amount, quantity: Amount): Priced {
  const nearest = divideAmounts(amount, quantity, priceDecimals);
  const total = totalOf(nearest, quantity);
  if (compareAmounts(total, amount) === 0) return { price: plain(nearest), total, rest: '0' };
  const isAbove = compareAmounts(multiplyAmounts(nearest, quantity), amount) > 0;
  const price = isAbove ? subtractAmounts(nearest, '0.0001') : nearest;
  const below = totalOf(price, quantity);
  return { price: plain(price), total: below, rest: roundAmount(subtractAmounts(amount, below), amountDecimals) };
}

/** As Cin7 Core checks it. */
export function totalOf(price: Amount, quantity: Amount): Amount {
  return roundAmount(multiplyAmounts(price, quantity), amountDecimals);
}

export function isZero(amount: string): boolean {
  return !/[1-9]/.test(amount);
}

export function fits(amount: Amount, decimals: number): boolean {
  return compareAmounts(roundAmount(amount, decimals), amount) === 0;
}

/** Without zeros that say nothing: `12.5000` is `12.5`. */
export function plain(amount: Amount): Amount {
  return multiplyAmounts(amount, '1');
}

function shifted(amount: Amount, places: number): Amount {
  const factor = places < 0 ? `0.${'1'.padStart(-places, '0')}` : '1'.padEnd(places + 1, '0');
  return multiplyAmounts(amount, factor);
}

import { divideAmounts } from '@ml-connector/shared';

/** Cin7's own rates, invented: euros for one unit. */
const euros: Record<string, string> = {
  EUR: '1',
  USD: '0.92',
  GBP: '1.17',
  CHF: '1.04',
  PLN: '0.23',
  CZK: '0.04',
  SEK: '0.088',
  DKK: '0.134',
  NOK: '0.086',
  HUF: '0.0025',
  CNY: '0.128',
  JPY: '0.0062',
  AUD: '0.61',
  CAD: '0.68',
  BRL: '0.17',
  INR: '0.011',
  MXN: '0.05',
  TRY: '0.028',
};

/** Units of base currency for one unit of the currency, with at most six decimals. */
export function rateOf(currency: string, base: string): string {
  return divideAmounts(euros[currency] ?? '1', euros[base] ?? '1', 6);
}

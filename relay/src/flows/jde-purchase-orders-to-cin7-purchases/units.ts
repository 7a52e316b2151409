import { compareAmounts, divideAmounts, multiplyAmounts, type Amount } from '@ml-connector/shared';
import type { Mapping } from '../flow.ts';
import { plain, quantityDecimals, type Problem } from './amounts.ts';

/** What an entry of the value map units says: how many of Cin7 Core's unit one of JD Edwards' unit is. */
export interface Conversion {
  /** The factor as a fraction, so that a twelfth is one. */
  times: Amount;
  by: Amount;
  unit: string;
}

/** `Each`; `12 x Each` for a case of twelve; `1/12 x Case` for one of twelve that are kept as cases. Undefined where it is none of these. */
export function readConversion(entry: string): Conversion | undefined {
  const [, times, by = '1', unit] = /^\s*(\d+(?:\.\d+)?)(?:\s*\/\s*(\d+(?:\.\d+)?))?\s*[xX×*]\s+(\S.*)$/u.exec(entry) ?? [];
  if (times === undefined || unit === undefined) return entry.trim() === '' ? undefined : { times: '1', by: '1', unit: entry.trim() };
  if (compareAmounts(times, '0') === 0 || compareAmounts(by, '0') === 0) return undefined;
  return { times, by, unit: unit.trim() };
}

/** The conversion of a unit, by SKU where the value map has it so, else for all. */
export function conversionFor(mapping: Mapping, { sku, unit }: { sku: string; unit: string }): Conversion | 'missing' | 'unreadable' {
  const entry = mapping.lookup('units', `${sku}/${unit}`, unit);
  if (entry === undefined) return 'missing';
  return readConversion(entry) ?? 'unreadable';
}

/** The quantity in Cin7 Core's unit, exactly; a problem where its decimals cannot hold it. */
export function converted(quantity: Amount, { times, by, unit }: Conversion, line: string): Amount | Problem {
  const product = multiplyAmounts(quantity, times);
  const quotient = divideAmounts(product, by, quantityDecimals);
  if (compareAmounts(multiplyAmounts(quotient, by), product) !== 0)
    return {
      code: 'QUANTITY_TOO_FINE',
      message: `line ${line}: ${quantity} x ${times}/${by} ${unit} has more than ${quantityDecimals} decimals`,
    };
  return plain(quotient);
}

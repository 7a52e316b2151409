import { compareAmounts, divideAmounts, isoCurrencyDecimals, roundAmount } from '@ml-connector/shared';
import type { SapMaterial } from '../../systems/sap-ecc/index.ts';
import type { BlockReason } from '../flow.ts';
import type { UpsertBody } from './payload.ts';
import { needsPrices, type MaterialFlowSettings } from './settings.ts';

/** The store keeps no more. */
const mostDecimals = 4;

/** The prices of one piece, one per currency; or why there is none, which only concerns materials that the store has a product of. */
export function mapPrices(
  { prices, baseUnit }: SapMaterial,
  settings: MaterialFlowSettings,
  notes: string[],
): { prices: UpsertBody['prices']; fault: BlockReason | undefined } {
  if (!needsPrices(settings)) return { prices: [], fault: undefined };
  const wanted = prices.filter(({ conditionType }) => conditionType === settings.conditionType);
  const inBaseUnit = wanted.filter(({ unit }) => unit === '' || unit === baseUnit);
  const mapped = new Map<string, string>();
  for (const { amount, per, currency } of inBaseUnit) {
    const price = perPiece({ amount, per, currency }, settings, notes);
    if (compareAmounts(price, '0') <= 0)
      return none('PRICE_ZERO', `the price ${amount} ${currency} per ${per} would give the product away`);
    const known = mapped.get(currency);
    if (known === undefined) mapped.set(currency, price);
    else if (compareAmounts(known, price) !== 0)
      return none('PRICE_AMBIGUOUS', `SAP has several prices in ${currency} for the material: ${known} and ${price}`);
  }
  const [other] = wanted;
  if (mapped.size === 0 && other)
    return none('PRICE_UNIT', `the price of the material is per ${other.unit}, its stock is kept in ${baseUnit}`);
  if (mapped.size === 0) return none('PRICE_MISSING', `the material has no price ${settings.conditionType} that is valid today`);
  return { prices: [...mapped].map(([currency, price]) => ({ currency, price })), fault: undefined };
}

function none(code: string, message: string): { prices: []; fault: BlockReason } {
  return { prices: [], fault: { code, message } };
}

interface PerUnits {
  amount: string;
  per: string;
  currency: string;
}

/** Exact where four decimals hold it; what is rounded is noted. At least the decimals of the currency are written. */
function perPiece({ amount, per, currency }: PerUnits, { priceDecimals }: MaterialFlowSettings, notes: string[]): string {
  const ownDecimals = isoCurrencyDecimals(currency);
  const decimals = priceDecimals === 'currency' ? ownDecimals : mostDecimals;
  const price = divideAmounts(amount, per, decimals);
  if (compareAmounts(divideAmounts(amount, per, decimals + 6), price) !== 0)
    notes.push(`the price ${amount} ${currency} per ${per} is rounded to ${price}`);
  const [, fraction = ''] = price.split('.');
  const needed = fraction.replace(/0+$/, '').length;
  return roundAmount(price, Math.max(ownDecimals, needed));
}

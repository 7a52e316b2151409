import type { StoredTable } from '../tables/index.ts';

/** A CURR field's stored form: two decimals whatever the currency, so JPY 1000 is `10.00` (facts/sap-ecc.md 3.2). */
export function storedAmount(amount: string, currency: string, tcurx: Pick<StoredTable, 'get'>): string {
  const decimals = Number(tcurx.get([currency])?.['CURRDEC'] ?? 2);
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? notANumber(amount);
  if (fraction.length > decimals) throw new Error(`${amount} ${currency}: ${currency} has ${decimals} decimals`);
  const units = `${whole}${fraction.padEnd(decimals, '0')}`.padStart(3, '0');
  return `${sign}${units.slice(0, -2).replace(/^0+(?=\d)/, '')}.${units.slice(-2)}`;
}

function notANumber(amount: string): never {
  throw new Error(`${amount} is no amount`);
}

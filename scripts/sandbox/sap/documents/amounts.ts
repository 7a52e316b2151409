/** Amounts as whole numbers of a currency's smallest unit, as decimal text, and as CURR fields store them (facts/sap-ecc.md 3.2). */
const decimalsByCurrency: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, CLP: 0, KWD: 3, BHD: 3, TND: 3 };

export function decimalsOf(currency: string): number {
  return decimalsByCurrency[currency] ?? 2;
}

/** `1.234` KWD is 1234; throws when there are more decimals than the currency has. */
export function toUnits(amount: string, currency: string): number {
  const decimals = decimalsOf(currency);
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  const digits = fraction.replace(/0+$/, '');
  if (whole === '' || digits.length > decimals) throw new Error(`"${amount}" is no amount in ${currency}`);
  return Number(`${sign}${whole}${digits.padEnd(decimals, '0')}`);
}

/** 1234 is `1.234` in KWD, `12.34` in EUR, `1234` in JPY. */
export function toText(units: number, currency: string): string {
  return withDecimals(units, decimalsOf(currency));
}

/** Always two decimals: 1234 is `12.34` in every currency. */
export function toStored(units: number): string {
  return withDecimals(units, 2);
}

export function fromStored(stored: string): number {
  return Number(stored.replace('.', ''));
}

function withDecimals(units: number, decimals: number): string {
  const digits = String(Math.abs(units)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${units < 0 ? '-' : ''}${whole}${decimals > 0 ? `.${digits.slice(-decimals)}` : ''}`;
}

/** What one unit of a currency is worth in EUR. */
const worth: Readonly<Record<string, number>> = { EUR: 1, USD: 0.92, CHF: 1.05, JPY: 0.0061, KRW: 0.00069, KWD: 3.02, TND: 0.295 };

export function rateOf(currency: string, localCurrency: string): number {
  return (worth[currency] ?? 1) / (worth[localCurrency] ?? 1);
}

/** Rounded to the local currency's smallest unit. */
export function toLocal(units: number, currency: string, localCurrency: string): number {
  return Math.round((units / 10 ** decimalsOf(currency)) * rateOf(currency, localCurrency) * 10 ** decimalsOf(localCurrency));
}

import { Big } from 'big.js';

/** An amount or a rate as plain decimal text: `-1234.50`. Never a JS number, which loses cents. */
export type Amount = string;

const plainAmount = /^-?\d+(\.\d+)?$/;

/** True for plain decimal text; false for exponents, blanks, thousands separators and an empty text. */
export function isAmount(text: string): boolean {
  return plainAmount.test(text);
}

export function addAmounts(...amounts: Amount[]): Amount {
  return write(amounts.reduce((sum, amount) => sum.plus(read(amount)), new Big(0)));
}

export function subtractAmounts(from: Amount, amount: Amount): Amount {
  return write(read(from).minus(read(amount)));
}

/** Exact product; round it afterwards. */
export function multiplyAmounts(one: Amount, other: Amount): Amount {
  return write(read(one).times(read(other)));
}

/** Rounded half away from zero to that many decimals; throws RangeError for a divisor of zero. */
export function divideAmounts(amount: Amount, by: Amount, decimals: number): Amount {
  const divisor = read(by);
  if (divisor.eq(0)) throw new RangeError(`${amount} cannot be divided by ${by}`);
  // More decimals than asked for, so that the quotient is not rounded twice.
  const digits = read(amount).times(new Big(10).pow(decimals + 6));
  return roundAmount(
    write(
      digits
        .div(divisor)
        .round(0, Big.roundDown)
        .div(new Big(10).pow(decimals + 6)),
    ),
    decimals,
  );
}

export function negateAmount(amount: Amount): Amount {
  return write(read(amount).times(-1));
}

/** -1, 0 or 1; `1.0` equals `1`. */
export function compareAmounts(one: Amount, other: Amount): -1 | 0 | 1 {
  return read(one).cmp(read(other));
}

/** Rounded half away from zero, as bookkeeping does, and written with exactly that many decimals: `roundAmount('2.345', 2)` is `2.35`. */
export function roundAmount(amount: Amount, decimals: number): Amount {
  const rounded = read(amount).round(decimals, Big.roundHalfUp);
  return rounded.eq(0) ? new Big(0).toFixed(decimals) : rounded.toFixed(decimals);
}

const decimalsByIsoCode: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
};

/** Decimals of a currency by ISO 4217. SAP systems may say otherwise: there TCURX counts (`currencyDecimals`). */
export function isoCurrencyDecimals(currency: string): number {
  return decimalsByIsoCode[currency.toUpperCase()] ?? 2;
}

function read(amount: Amount): Big {
  if (!isAmount(amount)) throw new RangeError(`"${amount}" is not an amount`);
  return new Big(amount);
}

function write(value: Big): Amount {
  return value.eq(0) ? '0' : value.toFixed();
}

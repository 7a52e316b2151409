import * as fc from 'fast-check';
import { addAmounts, compareAmounts, multiplyAmounts, roundAmount } from '@ml-connector/shared';
import { priceOf } from './amounts.ts';
import { checkPurchase } from './check.ts';
import { item, line, mapped, order } from './testing/samples.ts';

const decimal = (units: bigint, decimals: number): string => {
  const digits = units.toString().padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
};
const amount = fc.oneof(fc.bigInt(0n, 9_999n), fc.bigInt(0n, 10n ** 10n)).map((cents) => decimal(cents, 2));
const quantity = fc.oneof(
  fc.bigInt(1n, 10n ** 9n).map((units) => decimal(units, 4)),
  fc.integer({ min: 1, max: 100_000 }).map(String),
);

test('price, total and rest give the amount back; the rest is never below zero, nor more than the price could not express', () => {
  fc.assert(
    fc.property(amount, quantity, (wanted, ordered) => {
      const { price, total, rest } = priceOf(wanted, ordered);
      expect(addAmounts(total, rest)).toBe(addAmounts(wanted));
      expect(total).toBe(roundAmount(multiplyAmounts(price, ordered), 2));
      expect(compareAmounts(rest, '0')).not.toBe(-1);
      expect(compareAmounts(rest, addAmounts(multiplyAmounts('0.0001', ordered), '0.01'))).not.toBe(1);
    }),
    { numRuns: 500 },
  );
});

const anyLine = fc.record({
  sku: fc.integer({ min: 1, max: 6 }),
  unit: fc.constantFrom('EA', 'CS'),
  quantity: fc.integer({ min: 1, max: 3000 }).map(String),
  extendedAmount: amount,
  isTaxable: fc.boolean(),
});

test('whatever lines an order has, its purchase comes to their sum', () => {
  const settings = fc.record({ sameSku: fc.constantFrom('equal-price', 'all', 'separate') });
  fc.assert(
    fc.property(fc.array(anyLine, { minLength: 1, maxLength: 20 }), settings, (some, chosen) => {
      const lines = some.map(({ sku, ...more }, index) => line({ ...more, number: `${index + 1}.000`, item: item(String(sku)) }));
      const outcome = mapped(order({ lines }), chosen);
      if (outcome.outcome !== 'mapped' || outcome.body.action !== 'put') throw new Error(JSON.stringify(outcome));
      expect(checkPurchase(outcome.body)).toEqual([]);
      expect(addAmounts(outcome.body.total)).toBe(addAmounts(...lines.map(({ extendedAmount }) => extendedAmount)));
    }),
  );
});

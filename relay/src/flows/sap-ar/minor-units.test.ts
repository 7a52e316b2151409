import * as fc from 'fast-check';
import { absolute, apportion, fromMinor, sumOf, toMinor } from './minor-units.ts';

test.each([
  ['119.005', 2, '119.01'],
  ['-119.005', 2, '-119.01'],
  ['1000.4', 0, '1000'],
  ['0.0005', 3, '0.001'],
  ['7', 2, '7.00'],
  ['-0.001', 2, '0.00'],
])('%s in %i decimals is %s', (amount, decimals, rounded) => {
  expect(fromMinor(toMinor(amount, decimals), decimals)).toBe(rounded);
});

test('what is rounded always sums to the total, and no share is further than one coin from what it is', () => {
  const exact = fc.array(fc.integer({ min: -9_999_999, max: 9_999_999 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(exact, fc.constantFrom(0, 2, 3), (digits, decimals) => {
      const amounts = digits.map((one) => fromMinor(BigInt(one), 4));
      const total = toMinor(fromMinor(sumOf(digits.map(BigInt)), 4), decimals);
      const shares = apportion(total, amounts, decimals);
      expect(sumOf(shares)).toBe(total);
      for (const [place, share] of shares.entries()) {
        const difference = toMinor(amounts[place] ?? '0', 4) - share * 10n ** BigInt(4 - decimals);
        expect(absolute(difference)).toBeLessThan(10n ** BigInt(4 - decimals) + 1n);
        if (!/[1-9]/.test(amounts[place] ?? '')) expect(share).toBe(0n);
      }
    }),
  );
});

test('a total that the amounts do not explain is taken up by the largest', () => {
  expect(apportion(1005n, ['1.00', '9.00'], 2)).toEqual([100n, 905n]);
  expect(apportion(990n, ['1.00', '9.00'], 2)).toEqual([100n, 890n]);
});

test('three thirds of a coin are one coin', () => {
  expect(apportion(100n, ['0.3333', '0.3333', '0.3334'], 2)).toEqual([33n, 33n, 34n]);
});

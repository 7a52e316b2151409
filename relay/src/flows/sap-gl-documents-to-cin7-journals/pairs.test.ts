import * as fc from 'fast-check';
import { absolute, fromCents, sumOf, toCents, type Cents } from './cents.ts';
import { decompose, type Decomposition, type PairItem } from './pairs.ts';

const item = (name: string, account: string, amount: string, base = amount): PairItem => ({
  names: [name],
  account,
  amount: toCents(amount) ?? 0n,
  base: toCents(base) ?? 0n,
});
const inBase = { isBaseCurrency: true };
const foreign = { isBaseCurrency: false };
const shown = ({ pairs }: Pick<Decomposition, 'pairs'>): string[] =>
  pairs.map(
    ({ debit, credit, amount, base }) => `${debit.names.join('+')}/${credit.names.join('+')} ${fromCents(amount)} ${fromCents(base)}`,
  );

test('an invoice becomes a pair for each expense', () => {
  const done = decompose([item('001', '800', '-119.00'), item('002', '433', '100.00'), item('003', '820', '19.00')], inBase);
  expect(shown(done)).toEqual(['002/001 100.00 100.00', '003/001 19.00 19.00']);
  expect(done).toMatchObject({ rate: '1', basePairs: [], cancelled: undefined });
});

test('an account on both sides is never paired with itself', () => {
  const done = decompose([item('001', '200', '50'), item('002', '310', '30'), item('003', '200', '-60'), item('004', '404', '-20')], {
    isBaseCurrency: true,
  });
  expect(done.pairs.every(({ debit, credit }) => debit.account !== credit.account)).toBe(true);
  expect(done.cancelled).toEqual({ account: '200', amount: 3000n });
  expect(shown(done)).toEqual(['001/004 20.00 20.00', '002/003 30.00 30.00']);
});

test('a document on one account leaves nothing to post, and says so', () => {
  const done = decompose([item('001', '2990', '75'), item('002', '2990', '-75')], inBase);
  expect(done).toMatchObject({ pairs: [], basePairs: [], cancelled: { account: '2990', amount: 7500n } });
});

test('the rate is found in its five decimals, and rounding needs no second journal', () => {
  const items = [item('001', '800', '-357.00', '-329.67'), item('002', '433', '300.00', '277.04'), item('003', '404', '57.00', '52.63')];
  expect(decompose(items, foreign)).toMatchObject({ rate: '0.92345', basePairs: [] });
});

test('a payment at another rate than its invoice: the difference is said in base currency alone', () => {
  const items = [item('001', '2990', '100', '95'), item('002', '090', '-100', '-90'), item('003', '404', '0', '-5')];
  const done = decompose(items, foreign);
  expect(done.rate).toBe('0.95000');
  expect(shown(done)).toEqual(['001/002 100.00 95.00']);
  expect(shown({ pairs: done.basePairs })).toEqual(['002/003 5.00 5.00']);
});

test('differences go against one account when there is one for them', () => {
  const items = [item('001', '2990', '100', '95'), item('002', '090', '-100', '-90'), item('003', '404', '0', '-5')];
  const { basePairs } = decompose(items, { ...foreign, baseAgainst: '860' });
  expect(basePairs.map(({ debit, credit, base }) => [debit.account, credit.account, base])).toEqual([
    ['090', '860', 500n],
    ['860', '404', 500n],
  ]);
});

test('amounts of no value in base currency fit as well', () => {
  const done = decompose([item('001', '433', '0.01', '0'), item('002', '2990', '-0.01', '0')], foreign);
  expect(shown(done)).toEqual(['001/002 0.01 0.01']);
  expect(shown({ pairs: done.basePairs })).toEqual(['002/001 0.01 0.01']);
});

test('items that do not balance are a defect of the caller', () => {
  expect(() => decompose([item('001', '433', '1'), item('002', '800', '-2')], inBase)).toThrow('add up to zero');
});

test('999 items on 999 accounts at odd rates take milliseconds', () => {
  const items = Array.from({ length: 998 }, (_, index): PairItem => {
    const amount = BigInt(((index * 7919) % 100_003) + 1) * (index % 2 === 0 ? 1n : -1n);
    return { names: [String(index + 1).padStart(3, '0')], account: `A${index}`, amount, base: rounded(amount, 92345n) };
  });
  const done = verify(closed(items, 'LAST'), foreign);
  expect(done.pairs.length).toBeLessThanOrEqual(998);
  const startedAt = performance.now();
  decompose(closed(items, 'LAST'), foreign);
  expect(performance.now() - startedAt).toBeLessThan(1000);
});

describe('whatever the document', () => {
  const account = fc.constantFrom('200', '310', '404', '433', '2990', '805');
  const manyAccounts = fc.integer({ min: 1, max: 400 }).map(String);
  const amount = fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n });
  const small = fc.bigInt({ min: -500n, max: 500n });

  test('in base currency every account gets its sums, in at most n + m - 1 pairs', () => {
    const one = fc.record({ account: fc.oneof(account, manyAccounts), amount: fc.oneof(amount, small) });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 60 }), fc.constantFrom('200', 'X'), (ones, last) => {
        const items = closed(
          ones.map((given, index) => ({ ...given, names: [String(index)], base: given.amount })),
          last,
        );
        const { basePairs } = verify(items, inBase);
        expect(basePairs).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('at one rate with amounts rounded by item, no second journal is needed for one item against many', () => {
    const rate = fc.bigInt({ min: 100n, max: 10_000_000n });
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 5000n, max: 10n ** 9n }), { minLength: 1, maxLength: 40 }),
        rate,
        (amounts, perHundredThousand) => {
          const items = amounts.map((value, index) => ({
            names: [String(index)],
            account: String(index),
            amount: value,
            base: rounded(value, perHundredThousand),
          }));
          fc.pre(items.every(({ base }) => base > 0n));
          expect(verify(closed(items, 'X'), foreign).basePairs).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('at any rates, also absurd ones, both currencies are exact and every line fits', () => {
    const one = fc.record({ account: fc.oneof(account, manyAccounts), amount: fc.oneof(amount, small), base: fc.oneof(amount, small) });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 40 }), fc.constantFrom('200', 'X'), (ones, last) => {
        verify(
          closed(
            ones.map((given, index) => ({ ...given, names: [String(index)] })),
            last,
          ),
          foreign,
        );
      }),
      { numRuns: 300 },
    );
  });

  test('three rates in one document, as when a payment clears old invoices', () => {
    const one = fc.record({
      account,
      amount: fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }),
      rate: fc.constantFrom(92345n, 95000n, 613n),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 120 }), (ones) => {
        verify(
          closed(
            ones.map(({ rate, ...given }, index) => ({ ...given, names: [String(index)], base: rounded(given.amount, rate) })),
            '090',
          ),
          foreign,
        );
      }),
      { numRuns: 100 },
    );
  });
});

/** A last item that makes the document balance in both currencies. */
function closed(items: PairItem[], account: string): PairItem[] {
  const [amount, base] = [-sumOf(items.map((one) => one.amount)), -sumOf(items.map((one) => one.base))];
  return amount === 0n && base === 0n ? items : [...items, { names: ['last'], account, amount, base }];
}

/** Half away from zero, by a rate in hundred-thousandths. */
function rounded(amount: Cents, rate: bigint): Cents {
  const cents = (2n * absolute(amount) * rate + 100_000n) / 200_000n;
  return amount < 0n ? -cents : cents;
}

/** All that is promised, checked by other means than those that made it. */
function verify(items: PairItem[], options: { isBaseCurrency: boolean }): Decomposition {
  const done = decompose(items, options);
  expect(decompose(structuredClone(items), options)).toEqual(done);
  const lines = [...done.pairs, ...done.basePairs];
  for (const { debit, credit, amount, base } of lines) {
    expect(debit.account).not.toBe(credit.account);
    expect(amount > 0n && base > 0n).toBe(true);
  }
  const [whole = '', fraction = ''] = done.rate.split('.');
  const [digits, scale] = [BigInt(whole + fraction), 10n ** BigInt(fraction.length)];
  expect(digits > 0n).toBe(true);
  for (const { amount, base } of done.pairs) expect(absolute(base * scale - amount * digits) <= scale).toBe(true);
  for (const { amount, base } of done.basePairs) expect(amount).toBe(base);

  const [debits, credits] = [items.filter(({ amount }) => amount > 0n), items.filter(({ amount }) => amount < 0n)];
  expect(done.pairs.length).toBeLessThanOrEqual(Math.max(0, debits.length + credits.length - 1));
  for (const account of new Set([...items, ...lines.flatMap(({ debit, credit }) => [debit, credit])].map((one) => one.account))) {
    const own = items.filter((one) => one.account === account);
    expect(balance(done.pairs, account, 'amount')).toBe(sumOf(own.map(({ amount }) => amount)));
    expect(balance(lines, account, 'base')).toBe(sumOf(own.map(({ base }) => base)));
    const turnover = sumOf(done.pairs.filter(({ debit }) => debit.account === account).map(({ amount }) => amount));
    const cancelled = done.cancelled?.account === account ? done.cancelled.amount : 0n;
    expect(turnover + cancelled).toBe(sumOf(own.map(({ amount }) => (amount > 0n ? amount : 0n))));
  }
  return done;
}

function balance(lines: Decomposition['pairs'], account: string, currency: 'amount' | 'base'): Cents {
  return sumOf(
    lines.flatMap((line) => [
      ...(line.debit.account === account ? [line[currency]] : []),
      ...(line.credit.account === account ? [-line[currency]] : []),
    ]),
  );
}

import { addAmounts, compareAmounts, multiplyAmounts, roundAmount, subtractAmounts } from '@ml-connector/shared';
import * as fc from 'fast-check';
import { fromMinor } from './minor-units.ts';
import { partsOf, type ArComponent, type ArSums } from './parts.ts';

const revenue = { glAccount: '800000', costCenter: '4100' };
const sums = (more: Partial<ArSums>): ArSums => ({
  components: [],
  tenders: [],
  total: '0',
  decimals: 2,
  side: 'invoice',
  items: 'per-account',
  mostItems: 900,
  assignment: 'BC10452',
  taxKeys: { accountKey: 'MWS' },
  ...more,
});
const sumOf = (amounts: string[]) => addAmounts('0', ...amounts);

test('an order with tax: the customer owes the gross, revenue and tax stand against it', () => {
  const components: ArComponent[] = [
    { account: revenue, text: 'Schraubenschlüssel', gross: '119', tax: '19', taxCode: 'A1' },
    { account: { glAccount: '801000' }, text: 'Shipping', gross: '5.95', tax: '0.95', taxCode: 'A1' },
  ];
  expect(partsOf(sums({ components, total: '124.95' }))).toEqual([
    {
      customerAmount: '124.95',
      items: [
        { kind: 'gl', ...revenue, amount: '-100.00', text: 'Schraubenschlüssel', assignment: 'BC10452', taxCode: 'A1' },
        { kind: 'gl', glAccount: '801000', amount: '-5.00', text: 'Shipping', assignment: 'BC10452', taxCode: 'A1' },
        { kind: 'tax', taxCode: 'A1', amount: '-19.95', base: '-105.00', assignment: 'BC10452', accountKey: 'MWS' },
      ],
    },
  ]);
});

test('a credit memo is the same the other way round', () => {
  const components: ArComponent[] = [{ account: revenue, text: 'Hammer', gross: '119', tax: '19', taxCode: 'A1' }];
  const [part] = partsOf(sums({ components, total: '119', side: 'credit' }));
  expect([part?.customerAmount, ...(part?.items ?? []).map(({ amount }) => amount)]).toEqual(['-119.00', '100.00', '19.00']);
});

test('gift certificates and store credit pay a part, and all of it where they cover it', () => {
  const components: ArComponent[] = [{ account: revenue, text: 'Hammer', gross: '50', tax: '0' }];
  const tender = { account: { glAccount: '176000' }, text: 'Gift certificate', amount: '20.0000' };
  expect(partsOf(sums({ components, total: '50', tenders: [tender] }))[0]?.customerAmount).toBe('30.00');
  const [paid] = partsOf(sums({ components, total: '50', tenders: [{ ...tender, amount: '50' }] }));
  expect([paid?.customerAmount, ...(paid?.items ?? []).map(({ amount }) => amount)]).toEqual(['0.00', '-50.00', '50.00']);
});

const component = fc.record({
  rate: fc.constantFrom('0', '7', '19', '8.25'),
  net: fc.integer({ min: -500_000, max: 5_000_000 }),
  account: fc.constantFrom('800000', '800100', '801000'),
});

test('whatever is sold: each document balances to the coin, all of them sum to the order, tax is what the base says', () => {
  fc.assert(
    fc.property(fc.array(component, { minLength: 1, maxLength: 80 }), fc.constantFrom(0, 2, 3), fc.boolean(), (sold, decimals, perLine) => {
      const components = sold.map(({ rate, net, account }): ArComponent => {
        const exactNet = fromMinor(BigInt(net), 4);
        const tax = multiplyAmounts(exactNet, multiplyAmounts(rate, '0.01'));
        return {
          account: { glAccount: account },
          text: 'x',
          gross: addAmounts(exactNet, tax),
          tax,
          ...(rate === '0' ? {} : { taxCode: `T${rate}`.slice(0, 2) }),
        };
      });
      const total = roundAmount(sumOf(components.map(({ gross }) => gross)), decimals);
      const parts = partsOf(sums({ components, total, decimals, items: perLine ? 'per-line' : 'per-account', mostItems: 20 }));
      for (const { customerAmount, items } of parts) {
        expect(sumOf([customerAmount, ...items.map(({ amount }) => amount)])).toBe('0');
        expect(items.length + 1).toBeLessThanOrEqual(20);
        for (const item of items) expect(item.kind === 'tax' || compareAmounts(item.amount, '0') !== 0).toBe(true);
      }
      expect(compareAmounts(sumOf(parts.map((one) => one.customerAmount)), total)).toBe(0);
      for (const [taxCode, items] of Map.groupBy(
        parts.flatMap((part) => part.items.filter((item) => item.kind === 'tax')),
        (item) => item.taxCode,
      )) {
        const exact = sumOf(components.filter((one) => one.taxCode === taxCode).map(({ tax }) => tax));
        const difference = subtractAmounts(sumOf(items.map(({ amount }) => amount)), multiplyAmounts(exact, '-1')).replace('-', '');
        expect(compareAmounts(difference, fromMinor(1n, decimals))).toBeLessThanOrEqual(0);
      }
    }),
    { numRuns: 200 },
  );
});

test('1,200 lines become several documents, each within the limit', () => {
  const components = Array.from({ length: 1200 }, (): ArComponent => ({
    account: revenue,
    text: 'Dübel',
    gross: '1.19',
    tax: '0.19',
    taxCode: 'A1',
  }));
  const parts = partsOf(sums({ components, total: '1428', items: 'per-line', mostItems: 900 }));
  expect(parts.map(({ items }) => items.length + 1)).toEqual([900, 304]);
  expect(sumOf(parts.map(({ customerAmount }) => customerAmount))).toBe('1428');
});

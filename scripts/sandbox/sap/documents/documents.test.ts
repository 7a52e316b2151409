import { startSapSystem, type SapSystem } from '../system.ts';
import { trueDocuments, trueTotals, type TrueDocument } from './index.ts';
import { toUnits } from './amounts.ts';

let sap: SapSystem;
let all: TrueDocument[];

beforeAll(async () => {
  sap = await startSapSystem({ port: 0, vendors: 20, documents: 400, seed: 5, documentsUntil: '20260520' });
  all = trueDocuments(sap);
});

afterAll(() => sap[Symbol.asyncDispose]());

const balance = ({ items }: TrueDocument, field: 'amount' | 'localAmount', currency: string): number =>
  items.reduce((sum, item) => sum + toUnits(item[field], currency) * (item.side === 'debit' ? 1 : -1), 0);

test('every document balances in both currencies', () => {
  expect(all.length).toBeGreaterThan(380);
  const crooked = all.filter(
    (one) => one.items.length < 2 || balance(one, 'amount', one.currency) !== 0 || balance(one, 'localAmount', one.localCurrency) !== 0,
  );
  expect(crooked).toEqual([]);
});

test.each([
  ['a zero-decimal document currency', ({ currency }: TrueDocument) => currency === 'KRW'],
  ['a zero-decimal local currency', ({ localCurrency }: TrueDocument) => localCurrency === 'JPY'],
  [
    'a three-decimal currency with a third decimal',
    ({ items, currency }: TrueDocument) => currency === 'KWD' && /\.\d\d[1-9]$/.test(items[0]?.amount ?? ''),
  ],
  [
    'an item in local currency alone',
    ({ items }: TrueDocument) => items.some(({ amount, localAmount }) => Number(amount) === 0 && Number(localAmount) > 0),
  ],
  ['999 items', ({ items }: TrueDocument) => items.length === 999],
  [
    'a fiscal year that is not that of the posting date',
    ({ fiscalYear, postingDate }: TrueDocument) => !postingDate.startsWith(fiscalYear),
  ],
  ['a reversal', ({ reverses }: TrueDocument) => reverses !== undefined],
])('there is a document with %s', (_what, has) => {
  expect(all.some(has)).toBe(true);
});

test('parked, noted, recurring and ledger documents are there to be left out, and so are back-dated ones', () => {
  const headers = sap.stored('BKPF').all();
  expect(new Set(headers.map(({ BSTAT }) => BSTAT))).toEqual(new Set(['', 'V', 'S', 'D', 'L']));
  expect(headers.filter(({ BUDAT = '', CPUDT = '' }) => Number(CPUDT) - Number(BUDAT) > 15).length).toBeGreaterThan(5);
  expect(headers.every(({ CPUDT = '' }) => CPUDT < '20260520')).toBe(true);
});

test('the same seed gives the same documents', async () => {
  await using again = await startSapSystem({ port: 0, vendors: 20, documents: 400, seed: 5, documentsUntil: '20260520' });
  expect(trueTotals(again)).toEqual(trueTotals(sap));
});

test('a ledger beside the leading one holds the same amounts, split', () => {
  const lines = sap.stored('FAGLFLEXA').all();
  const sum = (ledger: string): number =>
    lines.filter(({ RLDNR, HSL = '' }) => RLDNR === ledger && !HSL.startsWith('-')).reduce((total, { HSL }) => total + Number(HSL), 0);
  expect(lines.some(({ XSPLITMOD }) => XSPLITMOD === 'X')).toBe(true);
  expect(sum('L1')).toBeGreaterThan(sum('0L'));
});

test.each([
  ['an unknown company code', { companyCode: '9999' }, 'there is no company code 9999'],
  ['an unknown type', { documentType: 'ZZ' }, 'document type ZZ is not defined'],
  ['what does not balance', { items: [{ side: 'S', account: '0000476000', amount: '1.00' }] }, 'Balance in transaction currency: 1.00 EUR'],
] as const)('%s is refused', (_what, change, message) => {
  const items = [
    { side: 'S', account: '0000476000', amount: '1.00' },
    { side: 'H', account: '0000113100', amount: '1.00' },
  ] as const;
  expect(() =>
    sap.documents.post({ companyCode: '1000', documentType: 'SA', ...change, items: [...('items' in change ? change.items : items)] }),
  ).toThrow(message);
});

test('both documents of a reversal name each other, and only one reverses', () => {
  const key = sap.documents.post({
    companyCode: '1000',
    documentType: 'SA',
    items: [
      { side: 'S', account: '0000476000', amount: '12.34' },
      { side: 'H', account: '0000113100', amount: '12.34' },
    ],
  });
  const reversing = sap.documents.reverse({ ...key, isNegativePosting: true });
  expect(() => sap.documents.reverse(key)).toThrow('already reversed');
  const truth = trueDocuments(sap).filter(
    ({ number, fiscalYear }) => fiscalYear === key.fiscalYear && [key.number, reversing.number].includes(number),
  );
  expect(truth.filter(({ reverses }) => reverses)).toMatchObject([{ number: reversing.number, reverses: { number: key.number } }]);
});

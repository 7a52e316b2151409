import { checkHeader, checkOrder, expectedTotal } from './purchase-limits.ts';
import { orderLine } from './testing/index.ts';
import type { Cin7PurchaseHeader, Cin7PurchaseLine, Cin7PurchaseOrder } from './types.ts';

const header: Cin7PurchaseHeader = {
  SupplierID: '0f0e0d0c-1111-4222-8333-444455556666',
  Approach: 'INVOICE',
  PurchaseType: 'Advanced',
  Location: 'Lager Köln',
  TaxRule: 'Tax on Purchases',
  TaxCalculation: 'Exclusive',
  Note: 'JDE:00200/OP/12345/000',
};
const order: Cin7PurchaseOrder = { Status: 'DRAFT', Memo: '', Lines: [orderLine('ML-1')], AdditionalCharges: [] };

const refused = (message: string): object => ({
  code: 'CIN7_FIELD_INVALID',
  verdict: 'refused',
  message: expect.stringContaining(message),
});

test.each<[string, Partial<Cin7PurchaseHeader>, string]>([
  ['no note', { Note: ' ' }, 'Note is empty'],
  ['a note that is too long', { Note: 'ü'.repeat(1025) }, 'Note has 1025 characters, 1024 are allowed'],
  ['no supplier', { SupplierID: '' }, 'SupplierID is empty'],
  ['a date that is none', { RequiredBy: '28/02/2026' }, 'RequiredBy 28/02/2026 is no date'],
  ['a rate of nothing', { CurrencyRate: '0.00' }, 'CurrencyRate 0.00 must be above zero'],
])('a header with %s is not sent', (_what, wrong, told) => {
  expect(() => checkHeader({ ...header, ...wrong }, 'creating')).toThrow(expect.objectContaining(refused(told)));
});

test.each<[string, Partial<Cin7PurchaseLine>, string]>([
  ['no product', { SKU: '' }, 'Lines[0].SKU is empty'],
  ['a quantity of nothing', { Quantity: '0', Total: '0' }, 'Lines[0].Quantity 0 must be above zero'],
  ['five decimals', { Price: '1.00001' }, 'Lines[0].Price 1.00001 is no amount of at most 4 decimals'],
  ['three decimals of a per cent', { Discount: '1.005' }, 'Lines[0].Discount 1.005 is no amount of at most 2 decimals'],
  ['a discount above all', { Discount: '100.01' }, 'Lines[0].Discount 100.01 is not from 0 to 100'],
  ['an amount in words', { Tax: '1,50' }, 'Lines[0].Tax 1,50 is no amount'],
  [
    'a total that is not its price',
    { Quantity: '3', Price: '0.335', Total: '1.00' },
    'Lines[0].Total 1.00 is not quantity times price less discount, 1.01',
  ],
])('a line with %s is not sent', (_what, wrong, told) => {
  expect(() => checkOrder({ ...order, Lines: [orderLine('ML-1', wrong)] }, 'writing')).toThrow(expect.objectContaining(refused(told)));
});

test('an order without lines is a draft, and no more', () => {
  const empty = { ...order, Lines: [] };
  expect(() => checkOrder(empty, 'writing')).not.toThrow();
  expect(() => checkOrder({ ...empty, Status: 'AUTHORISED' }, 'writing')).toThrow(expect.objectContaining(refused('without lines')));
});

test('every problem of every line is told at once', () => {
  const Lines = [orderLine(''), orderLine('x'.repeat(51)), orderLine('ML-1', { TaxRule: '' })];
  expect(() => checkOrder({ ...order, Lines }, 'writing')).toThrow(/Lines\[0\]\.SKU.*Lines\[1\]\.SKU has 51.*Lines\[2\]\.TaxRule/s);
});

test.each([
  ['3', '300', '5', '855.00'],
  ['0.125', '12.3456', '0', '1.54'],
  ['1', '1.005', '0', '1.01'],
  ['-1', '1.005', '0', '-1.01'],
  ['7', '19.99', '33.33', '93.29'],
])('%s x %s less %s %% is %s', (Quantity, Price, Discount, total) => {
  expect(expectedTotal({ Quantity, Price, Discount })).toBe(total);
});

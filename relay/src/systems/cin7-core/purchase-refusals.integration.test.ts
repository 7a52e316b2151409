import type { Cin7PurchaseHeader, Cin7PurchaseOrder } from './index.ts';
import { openPurchasing, orderLine } from './testing/index.ts';

const order: Cin7PurchaseOrder = { Status: 'DRAFT', Memo: '', Lines: [orderLine('ML-00001')], AdditionalCharges: [] };
const gone = '00000000-0000-4000-8000-000000000000';

test.each<[string, Partial<Cin7PurchaseHeader>, string]>([
  ['a location that is not there', { Location: 'Lager Koeln' }, "Location 'Lager Koeln' was not found in Locations reference book"],
  ['a deprecated location', { Location: 'Old Yard' }, "Location 'Old Yard' was not found"],
  ['an inactive term', { Terms: 'Cash in advance (old)' }, 'Active payment term with name Cash in advance (old) was not found'],
  ['a tax rule of sales', { TaxRule: 'Tax on Sales' }, "Tax rule 'Tax on Sales' was not found"],
  ['an unknown supplier', { SupplierID: gone }, `Supplier '${gone}' was not found`],
])('a purchase with %s is refused and not made', async (_what, wrong, told) => {
  await using opened = await openPurchasing();
  const { purchases, scope, header, sim } = opened;
  await expect(purchases.create({ ...header, ...wrong }, scope)).rejects.toMatchObject({
    code: 'CIN7_VALIDATION',
    verdict: 'refused',
    message: expect.stringContaining(told),
    fix: expect.any(String),
  });
  expect(sim.purchases()).toEqual([]);
});

test('a refusal names every reference that is missing, though Cin7 Core names only some', async () => {
  await using opened = await openPurchasing();
  const { purchases, scope, header } = opened;
  const { ID } = await purchases.create(header, scope);
  const wrong = { ...header, Location: 'LAGER KÖLN', TaxRule: 'VAT', Terms: '31 days' };
  const refused = {
    code: 'CIN7_VALIDATION',
    facts: {
      problems: [
        "the location is spelled 'Lager Köln', not 'LAGER KÖLN'",
        "no active tax rule for purchases is named 'VAT'",
        "no active payment term is named '31 days'",
      ],
    },
  };
  await expect(purchases.create(wrong, scope)).rejects.toMatchObject(refused);
  await expect(purchases.updateHeader(ID, wrong, scope)).rejects.toMatchObject(refused);
});

test.each<[string, Partial<Cin7PurchaseOrder>, string]>([
  ['a product that is not there', { Lines: [orderLine('ML-00000')] }, "Product 'ML-00000' was not found"],
  ['a deprecated product', { Lines: [orderLine('ML-00401')] }, "Product 'ML-00401' was not found"],
  ['a tax rule that is not there', { Lines: [orderLine('ML-00001', { TaxRule: 'VAT' })] }, "Tax rule 'VAT' was not found"],
])('an order with %s is refused and changes nothing', async (_what, wrong, told) => {
  await using opened = await openPurchasing();
  const { purchases, scope, header, sim } = opened;
  const { ID } = await purchases.create(header, scope);
  await purchases.putOrder(ID, order, scope);
  await expect(purchases.putOrder(ID, { ...order, ...wrong }, scope)).rejects.toMatchObject({
    code: 'CIN7_VALIDATION',
    message: expect.stringContaining(told),
  });
  expect(sim.purchases()[0]?.Order.Lines).toMatchObject([{ SKU: 'ML-00001' }]);
});

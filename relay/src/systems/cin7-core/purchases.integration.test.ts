import { startCin7, type Cin7Sim } from '../../../../scripts/sandbox/cin7/index.ts';
import { fastClock, testScope } from '../testing/index.ts';
import { cin7Settings, openCin7Session, type Cin7PurchaseHeader, type Cin7PurchaseOrder, type OpenCin7Session } from './index.ts';

interface Opened extends AsyncDisposable {
  sim: Cin7Sim;
  session: OpenCin7Session;
  purchases: OpenCin7Session['purchases'];
  scope: ReturnType<typeof testScope>;
  header: Cin7PurchaseHeader;
}

const marker = 'JDE:00200/OP/12345/000';
const longAgo = '2020-01-01T00:00:00.000Z';

async function open(supplierName = 'Søren O’Brien & Söhne GmbH'): Promise<Opened> {
  const sim = await startCin7({ callsPerMinute: 100_000 });
  const session = openCin7Session({ settings: cin7Settings.parse(sim.connectionSettings), clock: fastClock(), random: () => 0 });
  const scope = testScope();
  const { ID } = await session.suppliers.create(
    {
      Name: supplierName,
      Currency: 'USD',
      PaymentTerm: '30 days',
      AccountPayable: '800',
      TaxRule: 'Tax on Purchases',
      Status: 'Active',
      Addresses: [],
      Contacts: [],
    },
    scope,
  );
  scope.exchanges.length = 0;
  return {
    sim,
    session,
    purchases: session.purchases,
    scope,
    header: {
      SupplierID: ID,
      Approach: 'INVOICE',
      PurchaseType: 'Advanced',
      Location: 'Lager Köln',
      TaxRule: 'Tax on Purchases',
      TaxCalculation: 'Exclusive',
      RequiredBy: '2026-02-28',
      Note: `${marker}\nBestellt von Müller`,
    },
    [Symbol.asyncDispose]: async () => {
      await session[Symbol.asyncDispose]();
      await sim[Symbol.asyncDispose]();
    },
  };
}

const order: Cin7PurchaseOrder = {
  Status: 'DRAFT',
  Memo: '1.000 ML-00001',
  Lines: [
    line('ML-00001', { Quantity: '3', Price: '300', Discount: '5', Total: '855.00', Tax: '162.45', Comment: '1.000' }),
    line('ML-00010', { Quantity: '0.125', Price: '12.3456', Total: '1.54', Comment: '1.100' }),
    line('ML-00001', { Quantity: '999999999.9999', Price: '9007199.2547', Total: '9007199254699099.28', Comment: '2.000' }),
  ],
  AdditionalCharges: [
    { Description: 'Freight', Quantity: '1', Price: '49.9', Discount: '0', Tax: '9.481', TaxRule: 'Tax on Purchases', Total: '49.90' },
  ],
};

function line(SKU: string, more: Partial<Cin7PurchaseOrder['Lines'][number]>): Cin7PurchaseOrder['Lines'][number] {
  return { SKU, Name: SKU, Quantity: '1', Price: '1', Discount: '0', Tax: '0', TaxRule: 'Tax on Purchases', Total: '1.00', ...more };
}

const where = (
  { header }: Opened,
  supplierName = 'Søren O’Brien & Söhne GmbH',
): { supplierId: string; supplierName: string; since: string } => ({
  supplierId: header.SupplierID,
  supplierName,
  since: longAgo,
});

test('a header, then its lines, then the order: what is stored is what was sent, digit by digit', async () => {
  await using opened = await open();
  const { purchases, scope, header } = opened;
  const created = await purchases.create(header, scope);
  expect(created).toMatchObject({ Status: 'DRAFT', SupplierCurrency: 'USD', CurrencyRate: '0.92', Order: { Status: 'NOT AVAILABLE' } });
  const drafted = await purchases.putOrder(created.ID, order, scope);
  expect(drafted).toMatchObject({
    Status: 'ORDERING',
    Order: { Status: 'DRAFT', Lines: [{}, { Quantity: '0.125' }, { Total: '9007199254699099.28' }] },
  });
  const ordered = await purchases.putOrder(created.ID, { ...order, Status: 'AUTHORISED' }, scope);
  expect(ordered).toMatchObject({ ID: created.ID, Status: 'ORDERED', OrderNumber: 'PO-00001', Note: header.Note });
  expect(ordered.Order.Lines).toEqual(drafted.Order.Lines);
  expect(await purchases.findByNote(marker, where(opened), scope)).toEqual([ordered]);
});

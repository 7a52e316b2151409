import { startCin7, type Cin7Sim } from '../../../../../scripts/sandbox/cin7/index.ts';
import { fastClock, testScope, type FastClock } from '../../testing/index.ts';
import { cin7Settings, openCin7Session, type OpenCin7Session } from '../index.ts';
import type { Cin7PurchaseHeader, Cin7PurchaseLine, Cin7SupplierBody } from '../types.ts';

/** A simulated company with one supplier in dollars, and a session on it. */
export interface Purchasing extends AsyncDisposable {
  sim: Cin7Sim;
  session: OpenCin7Session;
  purchases: OpenCin7Session['purchases'];
  clock: FastClock;
  scope: ReturnType<typeof testScope>;
  /** Of the supplier, marked `JDE:00200/OP/12345/000`. */
  header: Cin7PurchaseHeader;
  where: { supplierId: string; supplierName: string; since: string };
}

export async function openPurchasing(): Promise<Purchasing> {
  const sim = await startCin7({ callsPerMinute: 100_000 });
  const clock = fastClock();
  const session = openCin7Session({ settings: cin7Settings.parse(sim.connectionSettings), clock, random: () => 0 });
  const supplierName = 'Søren O’Brien & Söhne GmbH';
  const { ID } = await session.suppliers.create(supplierBody(supplierName), testScope());
  return {
    sim,
    session,
    purchases: session.purchases,
    clock,
    scope: testScope(),
    header: {
      SupplierID: ID,
      Approach: 'INVOICE',
      PurchaseType: 'Advanced',
      Location: 'Lager Köln',
      TaxRule: 'Tax on Purchases',
      TaxCalculation: 'Exclusive',
      RequiredBy: '2026-02-28',
      Note: 'JDE:00200/OP/12345/000\nBestellt von Müller',
    },
    where: { supplierId: ID, supplierName, since: '2020-01-01T00:00:00.000Z' },
    [Symbol.asyncDispose]: async () => {
      await session[Symbol.asyncDispose]();
      await sim[Symbol.asyncDispose]();
    },
  };
}

export function supplierBody(Name: string): Cin7SupplierBody {
  return {
    Name,
    Currency: 'USD',
    PaymentTerm: '30 days',
    AccountPayable: '800',
    TaxRule: 'Tax on Purchases',
    Status: 'Active',
    Addresses: [],
    Contacts: [],
  };
}

/** One piece for 1.00 without tax, where nothing else is said. */
export function orderLine(SKU: string, more: Partial<Cin7PurchaseLine> = {}): Cin7PurchaseLine {
  return { SKU, Name: SKU, Quantity: '1', Price: '1', Discount: '0', Tax: '0', TaxRule: 'Tax on Purchases', Total: '1.00', ...more };
}

import type { Row } from '../data/index.ts';
import { accountRows } from './accounts.ts';
import { orderTables } from './orders.ts';
import { referenceTables } from './reference.ts';
import { supplierTables } from './suppliers.ts';

export { orderRows, type OrderLine, type OrderPlan } from './compose-order.ts';
export { items } from './items.ts';

export interface SeedSizes {
  /** Default 2,000. Beside them stand customers, employees and others in the address book. */
  suppliers?: number;
  /** Default 300, requisitions and quotes included. */
  orders?: number;
  /** Default 800. */
  accounts?: number;
  /** Default 1. The same sizes, seed and day give the same rows. */
  seed?: number;
}

/** Everything the invented company holds. `today`: `YYYYMMDD`. */
export function seedTables({
  suppliers = 2000,
  orders = 300,
  accounts = 800,
  seed = 1,
  today,
}: SeedSizes & { today: string }): Record<string, Row[]> {
  const F0901 = accountRows({ count: accounts, seed, today });
  const addressBook = supplierTables({ count: suppliers, seed, today });
  return {
    ...referenceTables(today),
    ...addressBook,
    F0901,
    ...orderTables({ count: suppliers === 0 ? 0 : orders, suppliers: addressBook.F0401, seed, today, accounts: F0901 }),
  };
}

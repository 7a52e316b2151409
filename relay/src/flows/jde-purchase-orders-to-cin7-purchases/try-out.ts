import { isSystemError } from '@ml-connector/shared';
import type { BlockReason } from '../flow.ts';
import type { PurchasePost } from './find.ts';
import type { PutBody } from './payload.ts';
import { assertCurrency, awaitProducts, linkedSupplier, taxPercents } from './ready.ts';

/** What Cin7 Core lacks for an order: products, units, tax rules, the supplier's currency. A supplier that is not there yet goes first by itself. */
export async function tryOutOrder(input: PurchasePost): Promise<BlockReason[]> {
  if (input.body.action === 'cancel') return [];
  const order = input as PurchasePost<PutBody>;
  const checks = [
    async () => {
      const supplier = await linkedSupplier(order);
      if (supplier) assertCurrency(order, supplier);
      return undefined;
    },
    async () => (await awaitProducts(order))?.reason,
    async () => void (await taxPercents(order)),
  ];
  const reasons: BlockReason[] = [];
  for (const check of checks) {
    try {
      reasons.push(...[(await check()) ?? []].flat());
    } catch (error) {
      if (!isSystemError(error) || error.verdict !== 'refused') throw error;
      reasons.push({ code: error.code, message: error.message });
    }
  }
  return reasons;
}

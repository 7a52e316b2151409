import { isReceivedOrInvoiced } from '../../systems/cin7-core/index.ts';
import type { PostResult } from '../flow.ts';
import { lookForPurchases, named, noPurchase, refuse, resultOf, type Found, type PurchasePost } from './find.ts';
import { linkedSupplier } from './ready.ts';

/** No purchase of this order shall be open. Drafts that were only begun are voided too; what was received is left to a person. */
export async function cancelPurchase(input: PurchasePost): Promise<PostResult> {
  const { body, target, scope } = input;
  const found = await lookForPurchases(input, () => linkedSupplier(input));
  const used = found.live.filter(isReceivedOrInvoiced);
  if (used.length > 0)
    throw refuse('PURCHASE_IN_USE', `cancelling order ${body.key}: ${used.map(named).join(', ')} was received or invoiced`, {
      fix: 'Return the goods or credit the invoice in Cin7 Core, or leave the purchase as it is; then skip this record.',
    });
  for (const { ID } of found.live) await target.purchases.void(ID, scope);
  const [first] = found.live;
  return first ? resultOf(first, 'updated') : nothingOpen(input, found);
}

/** What a cancelled order is known as when nothing of it is open. */
export function nothingOpen(input: PurchasePost, { voided, lost }: Found): PostResult {
  const purchase = voided.find(({ ID }) => ID === input.link?.targetId) ?? voided[0];
  if (purchase) return resultOf(purchase, 'unchanged');
  if (lost !== undefined) return { targetId: lost, targetLabel: 'not in Cin7 Core any more', action: 'unchanged' };
  return noPurchase(input, 'cancelled before it was transferred');
}

import { SystemError } from '@ml-connector/shared';
import type { Cin7Purchase, Cin7Supplier } from '../../systems/cin7-core/index.ts';
import { isVoided } from './compare.ts';
import { named, refuse, type PurchasePost } from './find.ts';
import { searchPurchases } from './search.ts';

const mostUnseen = 5;
const searchBehind = 'CIN7_SEARCH_BEHIND';

/**
 * Nobody else has begun the same order since it was looked for: another integration, a second relay, an attempt whose answer was lost and that
 * came through later. Each has its draft there before it looks, so that of two at least one sees the other. A search that does not see its own
 * draft does not see others either: then the order stays a draft, and is tried again.
 */
export async function assertAlone(input: PurchasePost, { supplier, own }: { supplier: Cin7Supplier; own: Cin7Purchase }): Promise<void> {
  const { body } = input;
  const found = await searchPurchases(input, supplier);
  const others = found.filter((purchase) => purchase.ID !== own.ID && !isVoided(purchase));
  if (others.length > 0)
    throw refuse('PURCHASE_TWICE', `posting order ${body.key}: ${[own, ...others].map(named).join(', ')} all carry its mark`, {
      fix: 'Look at them in Cin7 Core and void all but one; then replay. Nothing of this one was ordered.',
      facts: { purchases: [own, ...others].map(({ ID }) => ID) },
    });
  if (found.some(({ ID }) => ID === own.ID)) return;
  const what = `posting order ${body.key}: the list of Cin7 Core does not show ${named(own)} yet, a draft without lines`;
  const unseen = (await input.earlierErrors()).filter(({ code }) => code === searchBehind).length;
  if (unseen >= mostUnseen)
    throw refuse('CIN7_SEARCH_BLIND', `${what}, so nobody could tell whether there is another one`, {
      fix: 'Look for the purchases of this supplier in Cin7 Core. When its list shows them again, replay the record.',
    });
  throw new SystemError(searchBehind, 'retry', what, { retryAfterMs: 10_000 * 2 ** unseen });
}

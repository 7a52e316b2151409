import type { BlockReason } from '../flow.ts';
import type { AccountSettings } from './settings.ts';

/** Room for the items of customer, taxes and tenders. */
const otherItems = 10;

/** How the components of an order, or of its refund, become items; a reason where such long ones are left to a person. */
export function itemsFor(
  components: number,
  { items, longOrders, mostItems }: Pick<AccountSettings, 'items' | 'longOrders' | 'mostItems'>,
): { items: AccountSettings['items']; notes: string[] } | { reason: BlockReason } {
  if (items === 'per-account' || components <= mostItems - otherItems || longOrders === 'split') return { items, notes: [] };
  if (longOrders === 'summarise') return { items: 'per-account', notes: [`${components} items are posted in sums per account`] };
  return { reason: { code: 'ORDER_TOO_LONG', message: `it has ${components} items, more than a document may have` } };
}

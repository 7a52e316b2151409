import { addAmounts, type Amount } from '@ml-connector/shared';
import { parseStoreDate, type Refund } from '../../systems/bigcommerce/index.ts';
import { unreadableOrder, type OrderContent, type OrderPayload } from '../bigcommerce-ar/index.ts';

/** A refund with the order it belongs to, which says on which accounts its amounts were. */
export interface RefundPayload {
  refundId: number;
  /** `YYYY-MM-DDTHH:MM:SSZ`; empty where the store gave no date. */
  createdAt: string;
  reason: string;
  /** With tax. */
  total: Amount;
  totalTax: Amount;
  items: RefundPayloadItem[];
  payments: { provider: string; amount: Amount; isDeclined: boolean }[];
  order: OrderContent;
  /** Why the store's row cannot be understood; the rest then means nothing. */
  problem?: string;
}

export interface RefundPayloadItem {
  /** PRODUCT, GIFT_WRAPPING, SHIPPING, HANDLING, ORDER, FEE. */
  type: string;
  /** Of the order line, the address, the fee or the order. */
  id: number;
  quantity: number;
  /** Where the person who refunded said how much. */
  amount: Amount | null;
}

export function refundPayload(refund: Refund, { statusId: _statusId, refunded: _refunded, ...order }: OrderPayload): RefundPayload {
  const { id, created, reason, total_amount, total_tax, items, payments } = refund;
  return {
    refundId: id,
    createdAt: isoSeconds(created),
    reason,
    total: addAmounts(total_amount),
    totalTax: addAmounts(total_tax),
    items: items.map((item) => ({
      type: item.item_type,
      id: item.item_id,
      quantity: item.quantity,
      amount: item.requested_amount === null ? null : addAmounts(item.requested_amount),
    })),
    payments: payments.map((payment) => ({
      provider: payment.provider_id,
      amount: addAmounts(payment.amount),
      isDeclined: payment.is_declined,
    })),
    order,
  };
}

/** In place of a refund that cannot be read: it is blocked with the reason, and the others go on. */
export function unreadableRefund(
  refundId: number,
  { orderId, storeHash, problem }: { orderId: number; storeHash: string; problem: string },
): RefundPayload {
  const { statusId: _statusId, refunded: _refunded, ...order } = unreadableOrder(orderId, { storeHash, problem });
  return { refundId, createdAt: '', reason: '', total: '0', totalTax: '0', items: [], payments: [], order, problem };
}

function isoSeconds(date: string): string {
  const ms = parseStoreDate(date);
  return ms === undefined ? '' : new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

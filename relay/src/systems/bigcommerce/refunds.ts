import { z } from 'zod';
import type { StoreClient } from './client.ts';
import { filterDate } from './dates.ts';
import { amount, amountOrNull, essentialAmount, essentialText, flag, id, integer, isRow, list, readRow, text } from './fields.ts';
import { unlessMissing } from './outcomes.ts';
import { dataOf, readAllV3, readV3 } from './pages.ts';
import type { BigCommerceRefunds, Refund } from './types.ts';
import { readable } from './unreadable-rows.ts';

const needs = 'store_v2_orders_read_only';

const refund = z.object({
  id,
  order_id: id,
  created: text,
  reason: text,
  total_amount: essentialAmount,
  total_tax: amount,
  uses_merchant_override_values: flag,
  items: list(z.object({ item_type: essentialText, item_id: id, quantity: integer, requested_amount: amountOrNull, reason: text })),
  payments: list(z.object({ id, provider_id: text, amount: essentialAmount, offline: flag, is_declined: flag, declined_message: text })),
});

/** Refunds are only ever added, so pages by number hold still (facts/bigcommerce.md 7). */
export function openRefunds(client: StoreClient): BigCommerceRefunds {
  return {
    async ofOrder(orderId, scope) {
      const doing = `reading the refunds of order ${orderId}`;
      const rows = await readAllV3(client, { path: `v3/orders/${orderId}/payment_actions/refunds`, doing, needs }, scope);
      return byAge(rows.map(toRefund));
    },
    async *created({ from, to, unreadable }, scope) {
      const query = { 'created:min': filterDate(from), ...(to === undefined ? {} : { 'created:max': filterDate(to) }) };
      const call = { path: 'v3/orders/payment_actions/refunds', query, doing: 'reading the new refunds', needs } as const;
      for await (const rows of readV3(client, call, scope)) yield byAge(readable(rows, toRefund, unreadable));
    },
    async get(refundId, scope) {
      const call = { doing: `reading refund ${refundId}`, needs } as const;
      const path = `v3/orders/payment_actions/refunds/${refundId}`;
      const answer = await unlessMissing(client({ ...call, method: 'GET', path }, scope));
      return answer && toRefund(dataOf(answer.json, call));
    },
  };
}

function toRefund(row: unknown): Refund {
  const name = isRow(row) ? `${String(row['id'])} of order ${String(row['order_id'])}` : '';
  return readRow(refund, row, `refund ${name}`);
}

/** Ids grow with time. */
function byAge(refunds: Refund[]): Refund[] {
  return refunds.toSorted((one, other) => one.id - other.id);
}

import { SystemError, type Clock } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import { readChanges, type ChangePage, type Span } from './changes.ts';
import type { StoreClient } from './client.ts';
import { filterDate, parseStoreDate } from './dates.ts';
import { isRow } from './fields.ts';
import { unreadable } from './judge.ts';
import { openOrderMetafields } from './order-metafields.ts';
import {
  toOrderCoupon,
  toOrderFee,
  toOrderHeader,
  toOrderLine,
  toOrderStatus,
  toOrderTax,
  toShipment,
  toShippingAddress,
  toWholeOrderHeader,
} from './order-rows.ts';
import { unlessMissing } from './outcomes.ts';
import { mayGoOn, readV2, readV2Page } from './pages.ts';
import type { BigCommerceOrders, OnUnreadable, Order, OrderFee, OrderHeader } from './types.ts';
import { idOf, readable } from './unreadable-rows.ts';

const needs = 'store_v2_orders_read_only';
const mostReadings = 4;

export function openOrders(client: StoreClient, clock: Clock): BigCommerceOrders {
  return {
    changed: ({ from, to = clock.now(), unreadable }, scope) =>
      readChanges(
        {
          page: (span) => changedPage(client, { span, unreadable }, scope),
          all: (span) => readById(client, { filter: modifiedWithin(span), unreadable }, scope),
          place: (order) => ({ id: order.id, modifiedAt: parseStoreDate(order.date_modified) }),
        },
        { from, to },
      ),
    created: ({ from, to, unreadable }, scope) =>
      readById(client, { filter: { min_date_created: filterDate(from), max_date_created: filterDate(to) }, unreadable }, scope),
    async header(orderId, scope) {
      const row = await readHeader(client, orderId, scope);
      return row && toOrderHeader(row);
    },
    get: (orderId, scope) => readOrder(client, orderId, scope),
    async shipments(orderId, scope, { unreadable } = {}) {
      const doing = `reading the shipments of order ${orderId}`;
      const rows = await readV2(client, { path: `v2/orders/${orderId}/shipments`, doing, needs }, scope);
      return readable(rows, (row) => toShipment(row, orderId), unreadable);
    },
    async statuses(scope) {
      const { json } = await client({ method: 'GET', path: 'v2/order_statuses', doing: 'reading the order statuses', needs }, scope);
      if (!Array.isArray(json)) throw unreadable({ effect: 'read', doing: 'reading the order statuses' }, 'the answer is no list');
      return (json as unknown[]).map(toOrderStatus);
    },
    ...openOrderMetafields(client),
  };
}

async function changedPage(
  client: StoreClient,
  { span, unreadable }: { span: Span; unreadable: OnUnreadable | undefined },
  scope: CallScope,
): Promise<ChangePage<OrderHeader>> {
  const query = { ...modifiedWithin(span), sort: 'date_modified:asc' };
  const rows = await readV2Page(client, { path: 'v2/orders', query, doing: 'reading the changed orders', needs }, 1, scope);
  return { items: readable(rows, toOrderHeader, unreadable), rows: rows.length };
}

function modifiedWithin({ from, to }: Span): Record<string, string> {
  return { min_date_modified: filterDate(from), max_date_modified: filterDate(to) };
}

/** By id from page to page: orders that are added or changed meanwhile move nothing. */
async function* readById(
  client: StoreClient,
  { filter, unreadable }: { filter: Record<string, string>; unreadable: OnUnreadable | undefined },
  scope: CallScope,
): AsyncGenerator<OrderHeader[], void, void> {
  for (let minId = 1; ;) {
    const query = { ...filter, sort: 'id:asc', min_id: String(minId) };
    const rows = await readV2Page(client, { path: 'v2/orders', query, doing: 'reading the orders', needs }, 1, scope);
    const orders = readable(rows, toOrderHeader, unreadable).filter(({ id }) => id >= minId);
    if (orders.length > 0) yield orders;
    const last = Math.max(0, ...rows.map((row) => idOf(row) ?? 0));
    if (last < minId || !mayGoOn(rows.length)) return;
    minId = last + 1;
  }
}

/** Header and parts come by several calls; when the header is no longer the same after them, everything is read again. */
async function readOrder(client: StoreClient, orderId: number, scope: CallScope): Promise<Order | undefined> {
  let before = await readHeader(client, orderId, scope);
  for (let reading = 1; reading <= mostReadings; reading += 1) {
    if (!before) return undefined;
    const parts = await readParts(client, { orderId, row: before }, scope);
    const after = await readHeader(client, orderId, scope);
    if (!after) return undefined;
    const header = toWholeOrderHeader(after);
    if (JSON.stringify(header) === JSON.stringify(toOrderHeader(before))) return { ...header, ...parts };
    before = after;
  }
  throw new SystemError('BIGCOMMERCE_ORDER_CHANGING', 'retry', `reading order ${orderId}: it changed each time while it was read`);
}

async function readHeader(client: StoreClient, orderId: number, scope: CallScope): Promise<Record<string, unknown> | undefined> {
  const doing = `reading order ${orderId}`;
  const answer = await unlessMissing(
    client({ method: 'GET', path: `v2/orders/${orderId}`, query: { include: 'fees' }, doing, needs }, scope),
  );
  if (answer === undefined || answer.status === 204) return undefined;
  if (!isRow(answer.json)) throw unreadable({ effect: 'read', doing }, 'the answer is no order');
  return answer.json;
}

interface Found {
  orderId: number;
  row: Record<string, unknown>;
}

async function readParts(client: StoreClient, { orderId, row }: Found, scope: CallScope): Promise<Omit<Order, keyof OrderHeader>> {
  const read = (what: string, words: string, query: Record<string, string> = {}): Promise<Record<string, unknown>[]> =>
    readV2(client, { path: `v2/orders/${orderId}/${what}`, query, doing: `reading the ${words} of order ${orderId}`, needs }, scope);
  const reads = [
    read('products', 'lines'),
    row['shipping_address_count'] === '0' ? Promise.resolve([]) : read('shipping_addresses', 'shipping addresses'),
    read('coupons', 'coupons'),
    read('taxes', 'taxes', { details: 'true' }),
    readFees(client, { orderId, row }, scope),
  ] as const;
  // None goes on in the background when another has failed.
  await Promise.allSettled(reads);
  const [products, addresses, coupons, taxes, fees] = await Promise.all(reads);
  return {
    products: products.map((line) => toOrderLine(line, orderId)),
    shipping_addresses: addresses.map((address) => toShippingAddress(address, orderId)),
    coupons: coupons.map((coupon) => toOrderCoupon(coupon, orderId)),
    taxes: taxes.map((tax) => toOrderTax(tax, orderId)),
    fees,
  };
}

/** They come with the header where the store includes them; else a link stands in their place. */
async function readFees(client: StoreClient, { orderId, row }: Found, scope: CallScope): Promise<OrderFee[]> {
  const included = feesOf(row['fees']) ?? feesOf(row);
  if (included) return included.map((fee) => toOrderFee(fee, orderId));
  const doing = `reading the fees of order ${orderId}`;
  const answer = await unlessMissing(client({ method: 'GET', path: `v2/orders/${orderId}/fees`, doing, needs }, scope));
  if (answer === undefined || answer.status === 204) return [];
  const found = feesOf(answer.json) ?? (isRow(answer.json) ? feesOf(answer.json['fees']) : undefined);
  if (!found) throw unreadable({ effect: 'read', doing }, 'the answer holds no fees');
  return found.map((fee) => toOrderFee(fee, orderId));
}

function feesOf(value: unknown): unknown[] | undefined {
  const fees = isRow(value) ? value['fees'] : value;
  return Array.isArray(fees) ? (fees as unknown[]) : undefined;
}

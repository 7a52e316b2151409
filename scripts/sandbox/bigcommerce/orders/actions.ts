/** What shoppers and the merchant's people do in the storefront and the control panel, with the storm of events that follows (facts/bigcommerce.md 5.7). */
import { rfc2822, rfc3339, wholeSecond } from '../dates.ts';
import { decimalsOf, jsonNumber, proportion, roundUnits, sum, units, type Units } from '../money.ts';
import { addOrder, emitOrder, orderOf, recompose, setStatus, touch, type OrderDraft, type Store } from '../store.ts';
import type { LinePlan, OrderPlan } from './plan.ts';
import { nextId, type OrderRow, type RefundRow, type ShipmentRow } from '../state.ts';

/**
 * A checkout: the order comes incomplete, is changed, and gets the status of the draft when it is paid (or waits for payment).
 * Emits created, updated, statusUpdated, transaction/created.
 */
export function placeOrder(store: Store, draft: OrderDraft): OrderRow {
  const order = addOrder(store, { ...draft, statusId: 0, paymentStatus: '', createdAt: store.now() });
  emitOrder(store, 'created', order.header.id);
  emitOrder(store, 'updated', order.header.id);
  if (draft.statusId === 0) return order;
  if (isPaid(draft.statusId)) addPayment(store, order);
  order.header['payment_status'] = draft.paymentStatus;
  setStatus(store, order, draft.statusId);
  return order;
}

/** The payment of an order that waits for it, or a checkout that ended late. */
export function payOrder(store: Store, orderId: number): OrderRow {
  const order = orderOf(store, orderId);
  addPayment(store, order);
  order.header['payment_status'] = 'captured';
  setStatus(store, order, 11);
  return order;
}

export function cancelOrder(store: Store, orderId: number): OrderRow {
  const order = orderOf(store, orderId);
  order.header['payment_status'] = order.header['payment_status'] === 'captured' ? 'captured' : 'void';
  setStatus(store, order, 5);
  return order;
}

/** Soft: it can still be read by its id. */
export function archiveOrder(store: Store, orderId: number): OrderRow {
  const order = orderOf(store, orderId);
  order.header.is_deleted = true;
  touch(store, order);
  emitOrder(store, 'archived', orderId);
  return order;
}

export interface OrderEdit {
  /** By line id. 0 takes the line away. */
  quantities?: Record<number, number>;
  /** Decimal text, in the order's currency. */
  manualDiscount?: string;
  shippingCost?: string;
  staffNotes?: string;
}

/** In the control panel, after the order was placed: totals change, coupons shrink or grow with the goods. Throws for more discount than goods. */
export function editOrder(store: Store, orderId: number, edit: OrderEdit): OrderRow {
  const order = orderOf(store, orderId);
  const { plan } = order;
  const kept = plan.lines
    .map((line) => ({ line: { ...line, quantity: edit.quantities?.[line.id] ?? line.quantity }, parent: parentOf(plan, line) }))
    .filter(({ line, parent }) => line.quantity > 0 && (!parent || edit.quantities?.[parent.id] !== 0));
  if (kept.length === 0) throw new Error('an order keeps at least one line');
  // Lines move up when others go: bundles are found again by their ids.
  const lines = kept.map(({ line, parent }) => (parent ? { ...line, bundle: kept.findIndex((one) => one.line.id === parent.id) } : line));
  const [before, after] = [goodsOf(plan.lines), goodsOf(lines)];
  const decimals = decimalsOf(plan.currency);
  const share = (discount: Units): Units => (before === 0n ? 0n : proportion({ of: discount, times: after, by: before, decimals }));
  const coupons = plan.coupons.map((coupon) => ({ ...coupon, discount: share(coupon.discount) }));
  const manualDiscount = edit.manualDiscount === undefined ? plan.manualDiscount : units(edit.manualDiscount);
  if (manualDiscount + sum(coupons.map(({ discount }) => discount)) > after) throw new Error('the discounts are more than the goods');
  const shippingCost = edit.shippingCost === undefined ? undefined : units(edit.shippingCost);
  const destinations = plan.destinations.map((one, at) => (at === 0 && shippingCost !== undefined ? { ...one, cost: shippingCost } : one));
  recompose(store, order, { ...plan, lines, coupons, manualDiscount, destinations });
  if (edit.staffNotes !== undefined) order.header['staff_notes'] = edit.staffNotes;
  touch(store, order);
  emitOrder(store, 'updated', orderId);
  return order;
}

function parentOf({ lines }: OrderPlan, { bundle }: LinePlan): LinePlan | undefined {
  return bundle === undefined ? undefined : lines[bundle];
}

/** What discounts are counted on. */
function goodsOf(lines: LinePlan[]): Units {
  return sum(lines.filter(({ type }) => type !== 'giftcertificate').map(({ price, quantity }) => price * BigInt(quantity)));
}

export interface NewShipment {
  orderAddressId?: number;
  /** Default: everything at that address that was not shipped yet. */
  items?: { order_product_id: number; quantity: number }[];
  trackingNumber?: string;
  comments?: string;
  provider?: string;
}

/** Ships all of an address or some lines. Emits shipment/created, statusUpdated, updated. */
export function shipOrder(store: Store, orderId: number, shipment: NewShipment = {}): ShipmentRow {
  const order = orderOf(store, orderId);
  const address = order.shippingAddresses.find(({ id }) => shipment.orderAddressId === undefined || id === shipment.orderAddressId);
  if (!address) throw new Error(`order ${orderId} has no such shipping address`);
  const open = order.products.filter((line) => line.order_address_id === address.id && line.quantity > line.quantity_shipped);
  const items = shipment.items ?? open.map((line) => ({ order_product_id: line.id, quantity: line.quantity - line.quantity_shipped }));
  if (items.length === 0) throw new Error(`everything of order ${orderId} at address ${address.id} was shipped`);
  const now = wholeSecond(store.now());
  const row: ShipmentRow = {
    id: nextId(store.state, 'shipment'),
    order_id: orderId,
    customer_id: order.header.customer_id,
    order_address_id: address.id,
    date_created: rfc2822(now),
    tracking_number: shipment.trackingNumber ?? `00340434${String(orderId).padStart(12, '0')}`,
    merchant_shipping_cost: '0.0000',
    shipping_method: address['shipping_method'],
    comments: shipment.comments ?? '',
    shipping_provider: shipment.provider ?? '',
    tracking_carrier: 'dhl',
    tracking_link: '',
    billing_address: order.header['billing_address'],
    shipping_address: address,
    items: items.map((item) => ({ ...item, product_id: order.products.find(({ id }) => id === item.order_product_id)?.product_id ?? 0 })),
    shipping_provider_display_name: 'DHL',
    generated_tracking_link: '',
  };
  order.shipments.push(row);
  for (const item of items) shipLine(order, item.order_product_id, item.quantity);
  order.header['date_shipped'] = rfc2822(now);
  store.emit('store/shipment/created', { type: 'shipment', id: row.id, orderId });
  const isAll = order.products.every((line) => line.type !== 'physical' || line.quantity_shipped >= line.quantity);
  setStatus(store, order, isAll ? 2 : 3);
  return row;
}

/** Counts items back in or out. */
export function shipLine(order: OrderRow, lineId: number, quantity: number): void {
  const line = order.products.find(({ id }) => id === lineId);
  if (!line) throw new Error(`order ${order.header.id} has no line ${lineId}`);
  line.quantity_shipped += quantity;
  order.header['items_shipped'] = order.products.reduce((count, one) => count + one.quantity_shipped, 0);
}

export const refundKinds = ['partial', 'full', 'shipping', 'tax', 'amount', 'storeCredit', 'declined'] as const;
/**
 * `partial`: one piece of the first line that has any left; `full`: whatever is left; `shipping`; `tax`: tax given back without items;
 * `amount`: a tax-free amount on the order; `storeCredit` and `declined`: a piece as `partial`, paid so.
 */
export type RefundKind = (typeof refundKinds)[number];

/** Emits refund/created, statusUpdated (4 or 14), updated. */
export function refundOrder(store: Store, orderId: number, kind: RefundKind): RefundRow {
  const order = orderOf(store, orderId);
  const earlier = [...store.state.refunds.values()].filter((one) => one.order_id === orderId);
  const left = units(String(order.header['total_inc_tax'])) - sum(earlier.map((one) => units(one.total_amount)));
  const taxLeft = units(String(order.header['total_tax'])) - sum(earlier.map((one) => units(one.total_tax)));
  const content = refundContent({ order, kind, left, taxLeft });
  const { total, tax } = content;
  if (total <= 0n) throw new Error(`nothing is left to refund of order ${orderId} (${kind})`);
  const createdAt = wholeSecond(store.now());
  const refund: RefundRow = {
    id: nextId(store.state, 'refund'),
    order_id: orderId,
    user_id: 0,
    created: rfc3339(createdAt),
    createdAt,
    reason: kind === 'tax' ? 'USt-Befreiung nachgereicht' : 'Rücksendung',
    total_amount: jsonNumber(total),
    total_tax: jsonNumber(tax),
    uses_merchant_override_values: kind === 'tax' || kind === 'amount',
    items: content.items,
    payments: [
      {
        id: nextId(store.state, 'refundPayment'),
        provider_id: kind === 'storeCredit' ? 'storecredit' : 'stripe',
        amount: jsonNumber(total),
        offline: kind === 'storeCredit',
        is_declined: kind === 'declined',
        declined_message: kind === 'declined' ? 'The card was declined.' : '',
      },
    ],
  };
  store.state.refunds.set(refund.id, refund);
  for (const { item_type, item_id, quantity } of content.items) {
    const line = item_type === 'PRODUCT' ? order.products.find(({ id }) => id === item_id) : undefined;
    if (line) Object.assign(line, { quantity_refunded: line.quantity_refunded + quantity, is_refunded: true });
  }
  const isWhole = total === left;
  order.header['payment_status'] = isWhole ? 'refunded' : 'partially refunded';
  emitOrder(store, 'refund/created', orderId, { refund: { refund_id: refund.id } });
  setStatus(store, order, isWhole ? 4 : 14);
  return refund;
}

interface RefundContent {
  total: Units;
  tax: Units;
  items: RefundRow['items'];
}

function refundContent({ order, kind, left, taxLeft }: { order: OrderRow; kind: RefundKind; left: Units; taxLeft: Units }): RefundContent {
  const item = (item_type: string, item_id: number, amount: Units | null, quantity = 1): RefundRow['items'][number] => ({
    item_type,
    item_id,
    quantity,
    requested_amount: amount === null ? null : jsonNumber(amount),
    reason: '',
    adjustments: [],
  });
  const decimals = decimalsOf(order.plan.currency);
  const taxOf = (type: string, id: number): Units =>
    sum(
      order.taxes
        .filter((row) => row.line_item_type === type && (type === 'item' ? row.order_product_id : row['order_address_id']) === id)
        .map((row) => units(row.line_amount)),
    );
  switch (kind) {
    case 'partial':
    case 'storeCredit':
    case 'declined': {
      const line = order.products.find((one) => one.quantity > one.quantity_refunded && units(one.discounted_total_inc_tax) > 0n);
      if (!line) return { total: 0n, tax: 0n, items: [] };
      const piece = (amount: Units): Units => proportion({ of: amount, times: 1n, by: BigInt(line.quantity), decimals });
      const whole = piece(units(line.discounted_total_inc_tax));
      const total = whole < left ? whole : left;
      return { total, tax: piece(taxOf('item', line.id)), items: [item('PRODUCT', line.id, null)] };
    }
    case 'full': {
      const lines = order.products.filter((one) => one.quantity > one.quantity_refunded);
      const items = [
        ...lines.map((one) => item('PRODUCT', one.id, null, one.quantity - one.quantity_refunded)),
        ...lines
          .filter((one) => units(one.wrapping_cost_inc_tax) > 0n)
          .map((one) => item('GIFT_WRAPPING', one.id, units(one.wrapping_cost_inc_tax))),
        ...order.shippingAddresses.flatMap((one) => [
          ...(units(String(one['cost_inc_tax'])) > 0n ? [item('SHIPPING', one.id, units(String(one['cost_inc_tax'])))] : []),
          ...(units(String(one['handling_cost_inc_tax'])) > 0n
            ? [item('HANDLING', one.id, units(String(one['handling_cost_inc_tax'])))]
            : []),
        ]),
        ...order.fees.map((fee) => item('FEE', fee.id, units(fee.cost_inc_tax))),
      ];
      return { total: left, tax: taxLeft, items };
    }
    case 'shipping': {
      const address = order.shippingAddresses.find((one) => units(String(one['cost_inc_tax'])) > 0n);
      if (!address) return { total: 0n, tax: 0n, items: [] };
      const total = units(String(address['cost_inc_tax']));
      return { total: total < left ? total : left, tax: taxOf('shipping', address.id), items: [item('SHIPPING', address.id, total)] };
    }
    case 'tax':
      return { total: taxLeft < left ? taxLeft : left, tax: taxLeft, items: [] };
    case 'amount': {
      const total = roundUnits(left / 10n, decimals);
      return { total, tax: 0n, items: [item('ORDER', order.header.id, total)] };
    }
  }
}

/** What the payment provider tells later: the money of a refund did not go back. */
export function declineRefund(store: Store, refundId: number): RefundRow {
  const refund = store.state.refunds.get(refundId);
  if (!refund) throw new Error(`there is no refund ${refundId}`);
  for (const payment of refund.payments) Object.assign(payment, { is_declined: true, declined_message: 'The card was declined.' });
  return refund;
}

/** One transaction per tender; gift certificates and store credit first, the rest by card or offline. Emits transaction/created for each. */
export function addPayment(store: Store, order: OrderRow, { isQuiet = false } = {}): void {
  const { header, plan } = order;
  const total = units(String(header['total_inc_tax']));
  const tenders: [string, string, Units][] = [
    ['gift_certificate', 'giftcertificate', plan.giftCertificate],
    ['store_credit', 'storecredit', plan.storeCredit],
    header['payment_method'] === 'Credit Card'
      ? ['credit_card', 'stripe', total - plan.giftCertificate - plan.storeCredit]
      : ['offline', 'bankdeposit', total - plan.giftCertificate - plan.storeCredit],
  ];
  for (const [method, gateway, amount] of tenders) {
    if (amount <= 0n) continue;
    const id = nextId(store.state, 'transaction');
    order.transactions.push({
      id,
      order_id: String(header.id),
      event: 'purchase',
      method,
      amount: jsonNumber(amount),
      currency: plan.currency,
      gateway,
      gateway_transaction_id: method === 'credit_card' ? header['payment_provider_id'] : '',
      date_created: rfc3339(isQuiet ? order.createdAt : store.now()),
      test: false,
      status: 'ok',
      fraud_review: false,
      reference_transaction_id: null,
      avs_result: {},
      cvv_result: {},
      credit_card:
        method === 'credit_card' ? { card_type: 'visa', card_last4: '4242', card_expiry_month: 12, card_expiry_year: 2030 } : null,
      gift_certificate: method === 'gift_certificate' ? { code: 'KQ3-9FD-1XZ', status: 'active' } : null,
      store_credit: method === 'store_credit' ? { remaining_balance: 0 } : null,
      offline: method === 'offline' ? { display_name: header['payment_method'] } : null,
      custom: null,
      payment_method_id: method,
      payment_instrument_token: null,
    });
    if (isQuiet) continue;
    store.emit('store/order/transaction/created', {
      type: 'transaction',
      order_id: String(header.id),
      transaction_id: String(id),
      transaction_status: 'complete',
      transaction_type: 'purchase',
      result: { code: '00', message: 'Approved', type: 'success' },
      platform_transaction_id: String(id),
      provider_transaction_id: String(header['payment_provider_id']),
    });
  }
}

function isPaid(statusId: number): boolean {
  return ![0, 1, 5, 6, 7].includes(statusId);
}

import type { Random } from '../sap/seed/random.ts';
import { rfc2822, wholeSecond } from './dates.ts';
import { decimalsOf } from './money.ts';
import { composeOrder } from './orders/compose.ts';
import type { OrderAddressRow, OrderPlan } from './orders/plan.ts';
import { nextId, type OrderRow, type Row, type StoreState } from './state.ts';

/** What is changed, and who hears of it. */
export interface Store {
  readonly state: StoreState;
  readonly identity: StoreIdentity;
  readonly random: Random;
  now(): number;
  /** To every hook that wants it. */
  emit(scope: string, data: Row): void;
}

export interface StoreIdentity {
  storeHash: string;
  /** As webhooks name it: numeric text. */
  storeId: string;
  currency: string;
  /** Where links of v2 point to, without a slash at the end. */
  origin: string;
}

export interface OrderDraft {
  plan: Omit<OrderPlan, 'id'>;
  customerId: number;
  billing: OrderAddressRow;
  statusId: number;
  createdAt: number;
  paymentMethod: string;
  paymentStatus: string;
  /** What the shopper saw; amounts are in the plan's currency. */
  displayCurrency?: string;
  /** Of the store's currency to that of the plan. */
  exchangeRate?: string;
  locale?: string;
  source?: string;
  staffNotes?: string;
  message?: string;
}

export const orderStatuses: Record<number, string> = {
  0: 'Incomplete',
  1: 'Pending',
  2: 'Shipped',
  3: 'Partially Shipped',
  4: 'Refunded',
  5: 'Cancelled',
  6: 'Declined',
  7: 'Awaiting Payment',
  8: 'Awaiting Pickup',
  9: 'Awaiting Shipment',
  10: 'Completed',
  11: 'Awaiting Fulfillment',
  12: 'Manual Verification Required',
  13: 'Disputed',
  14: 'Partially Refunded',
};

/** A merchant renamed one, as they do. */
export const customLabels: Record<number, string> = { ...orderStatuses, 11: 'In Bearbeitung' };

/** Adds an order without telling anybody. */
export function addOrder({ state, identity }: Pick<Store, 'state' | 'identity'>, draft: OrderDraft): OrderRow {
  const id = nextId(state, 'order');
  const plan = withIds(state, { ...draft.plan, id });
  const { amounts, ...parts } = composeOrder(plan);
  const createdAt = wholeSecond(draft.createdAt);
  const link = (what: string): Row => ({
    url: `${identity.origin}/stores/${identity.storeHash}/v2/orders/${id}/${what}`,
    resource: `/orders/${id}/${what}`,
  });
  const isCard = draft.paymentMethod === 'Credit Card';
  const header: OrderRow['header'] = {
    id,
    customer_id: draft.customerId,
    date_created: rfc2822(createdAt),
    date_modified: rfc2822(createdAt),
    date_shipped: '',
    ...statusFields(draft.statusId),
    ...amounts,
    items_shipped: 0,
    payment_method: draft.paymentMethod,
    payment_provider_id: isCard ? `ch_${plan.currency.toLowerCase()}${id}` : '',
    payment_status: draft.paymentStatus,
    refunded_amount: '0.0000',
    ip_address: '203.0.113.7',
    ip_address_v6: '',
    geoip_country: draft.billing.country,
    geoip_country_iso2: draft.billing.country_iso2,
    currency_id: 1,
    currency_code: draft.displayCurrency ?? plan.currency,
    currency_exchange_rate: '1.0000000000',
    default_currency_id: 1,
    default_currency_code: plan.currency,
    store_default_currency_code: identity.currency,
    store_default_to_transactional_exchange_rate: draft.exchangeRate ?? '1.0000000000',
    staff_notes: draft.staffNotes ?? '',
    customer_message: draft.message ?? '',
    ebay_order_id: '0',
    cart_id: `1f9c4c1e-0000-4000-8000-${String(id).padStart(12, '0')}`,
    channel_id: 1,
    billing_address: { ...draft.billing, form_fields: [] },
    is_email_opt_in: false,
    credit_card_type: null,
    order_source: draft.source ?? 'www',
    external_source: null,
    external_id: null,
    external_merchant_id: null,
    external_order_id: '',
    tax_provider_id: 'BasicTaxProvider',
    customer_locale: draft.locale ?? 'en',
    is_deleted: false,
    products: link('products'),
    shipping_addresses: link('shippingaddresses'),
    coupons: link('coupons'),
  };
  const order: OrderRow = { plan, header, createdAt, modifiedAt: createdAt, ...parts, shipments: [], transactions: [] };
  state.orders.set(id, order);
  return order;
}

/** Composes lines and amounts anew after a change to the plan. What was shipped and refunded stays. */
export function recompose(store: Store, order: OrderRow, plan: OrderPlan): void {
  const before = new Map(order.products.map((line) => [line.id, line]));
  order.plan = withIds(store.state, plan);
  const { amounts, ...parts } = composeOrder(order.plan);
  Object.assign(order, parts);
  Object.assign(order.header, amounts);
  for (const line of order.products) {
    const { quantity_refunded = 0, quantity_shipped = 0 } = before.get(line.id) ?? {};
    Object.assign(line, { quantity_refunded, quantity_shipped, is_refunded: quantity_refunded > 0 });
  }
}

/** Marks it as changed now; whole seconds, as the store keeps them. */
export function touch(store: Store, order: OrderRow): void {
  order.modifiedAt = wholeSecond(store.now());
  order.header['date_modified'] = rfc2822(order.modifiedAt);
}

/** Changes the status; `statusUpdated` and `updated` follow where it is another one. */
export function setStatus(store: Store, order: OrderRow, statusId: number): void {
  const previous = order.header.status_id;
  touch(store, order);
  if (previous !== statusId) {
    Object.assign(order.header, statusFields(statusId));
    const status = { previous_status_id: previous, new_status_id: statusId };
    emitOrder(store, 'statusUpdated', order.header.id, { status });
  }
  emitOrder(store, 'updated', order.header.id);
}

/** Store-wide and per channel, which name the order differently (facts/bigcommerce.md 5.2). */
export function emitOrder(store: Store, what: string, orderId: number, more: Row = {}): void {
  store.emit(`store/order/${what}`, { type: 'order', id: orderId, ...more });
  store.emit(`store/channel/1/order/${what}`, { order_id: orderId });
}

export function statusFields(id: number): { status_id: number; status: string; custom_status: string } {
  return { status_id: id, status: orderStatuses[id] ?? '', custom_status: customLabels[id] ?? '' };
}

export function orderOf({ state }: Pick<Store, 'state'>, id: number): OrderRow {
  const order = state.orders.get(id);
  if (!order) throw new Error(`there is no order ${id}`);
  return order;
}

/** `149.9000` of the store's currency, in another one. */
export function convert(amountEur: number, currency: string): string {
  const rate = rates[currency] ?? 1;
  const decimals = decimalsOf(currency);
  return (amountEur * rate).toFixed(decimals);
}

const rates: Record<string, number> = { EUR: 1, USD: 1.1, JPY: 160, KWD: 0.33 };

export function exchangeRate(from: string, to: string): string {
  return ((rates[to] ?? 1) / (rates[from] ?? 1)).toFixed(10);
}

function withIds(state: StoreState, plan: OrderPlan): OrderPlan {
  const given = <One extends { id: number }>(kind: string, list: One[]): One[] =>
    list.map((one) => (one.id === 0 ? { ...one, id: nextId(state, kind) } : one));
  return {
    ...plan,
    lines: given('line', plan.lines),
    destinations: given('orderAddress', plan.destinations),
    coupons: given('coupon', plan.coupons),
    fees: given('fee', plan.fees),
  };
}

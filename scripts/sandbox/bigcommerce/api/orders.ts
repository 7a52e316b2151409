import { json, noContent, v2Error, v2NotFound, v2Page, type Answer } from '../answers.ts';
import { readDate } from '../dates.ts';
import { units } from '../money.ts';
import { archiveOrder } from '../orders/actions.ts';
import { asObject, paging, text, type ApiRequest } from '../request.ts';
import type { OrderRow, Row, StoreState } from '../state.ts';
import { customLabels, emitOrder, orderStatuses, setStatus, touch, type Store } from '../store.ts';
import { ordersRead, ordersWrite, type Call, type Route } from './route.ts';

/** facts/bigcommerce.md 6 */
export const orderRoutes: Route[] = [
  { method: 'GET', path: '/v2/orders', scopes: ordersRead, answer: listOrders },
  { method: 'GET', path: '/v2/orders/count', scopes: ordersRead, answer: ({ store }) => json(countOrders(store.state)) },
  {
    method: 'GET',
    path: '/v2/order_statuses',
    scopes: ordersRead,
    answer: () => json(Object.keys(orderStatuses).map((id) => statusRow(Number(id)))),
  },
  {
    method: 'GET',
    path: '/v2/orders/#',
    scopes: ordersRead,
    answer: (call) => withOrder(call, (order) => json(show(order, call.request))),
  },
  { method: 'PUT', path: '/v2/orders/#', scopes: ordersWrite, answer: (call) => withOrder(call, (order) => changeOrder(call, order)) },
  {
    method: 'DELETE',
    path: '/v2/orders/#',
    scopes: ordersWrite,
    answer: (call) => withOrder(call, ({ header }) => (archiveOrder(call.store, header.id), noContent())),
  },
  ...(['/v2/orders/#/shipping_addresses', '/v2/orders/#/shippingaddresses'] as const).map((path): Route => ({
    method: 'GET',
    path,
    scopes: ordersRead,
    answer: (call) => page(call, (order) => order.shippingAddresses),
  })),
  { method: 'GET', path: '/v2/orders/#/products', scopes: ordersRead, answer: (call) => page(call, (order) => order.products) },
  {
    method: 'GET',
    path: '/v2/orders/#/products/#',
    scopes: ordersRead,
    answer: (call) =>
      withOrder(call, (order) => {
        const line = order.products.find(({ id }) => id === call.ids[1]);
        return line ? json(line) : v2NotFound();
      }),
  },
  { method: 'GET', path: '/v2/orders/#/coupons', scopes: ordersRead, answer: (call) => page(call, (order) => order.coupons) },
  { method: 'GET', path: '/v2/orders/#/messages', scopes: ordersRead, answer: (call) => page(call, () => []) },
  { method: 'GET', path: '/v2/orders/#/taxes', scopes: ordersRead, answer: (call) => page(call, (order) => taxesOf(order, call.request)) },
  { method: 'GET', path: '/v2/orders/#/fees', scopes: ordersRead, answer: (call) => withOrder(call, ({ fees }) => json({ fees })) },
];

export function withOrder({ store, ids }: Call, answer: (order: OrderRow) => Answer): Answer {
  const order = store.state.orders.get(ids[0] ?? 0);
  return order ? answer(order) : v2NotFound();
}

export function page(call: Call, rows: (order: OrderRow) => readonly unknown[]): Answer {
  return withOrder(call, (order) => v2Page(rows(order), paging(call.request)));
}

/** Without details: one row per rate and address, as if the cart were one line. */
function taxesOf({ taxes }: OrderRow, { query }: ApiRequest): readonly Row[] {
  if (query.get('details') === 'true') return taxes;
  return taxes.map(({ order_product_id: _line, line_item_type: _kind, ...row }) => row);
}

function show(order: OrderRow, { query }: ApiRequest): Row {
  const include = query.get('include')?.split(',') ?? [];
  return {
    ...order.header,
    ...(include.includes('fees') && { fees: order.fees }),
    ...(include.some((one) => one.startsWith('consignments')) && { consignments: consignments(order, include) }),
  };
}

/** As with `consignment_structure=object`; their amounts are numbers. */
function consignments({ shippingAddresses, products }: OrderRow, include: string[]): Row {
  const lines = (addressId: number): Row =>
    include.includes('consignments.line_items')
      ? { line_items: products.filter((line) => line.order_address_id === addressId).map((line) => numeric(line)) }
      : {};
  return {
    pickups: [],
    shipping: shippingAddresses.map((address) => ({ ...numeric(address), ...lines(address.id) })),
    downloads: shippingAddresses.length === 0 ? [lines(0)] : [],
    email: {},
  };
}

function numeric(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'string' && /^-?\d+\.\d{4}$/.test(value) ? Number(value) : value]),
  );
}

function statusRow(id: number): Row {
  const name = orderStatuses[id] ?? '';
  return { id, name, system_label: name, custom_label: customLabels[id] ?? name, system_description: `${name}.`, order: id };
}

function countOrders({ orders }: StoreState): Row {
  const live = [...orders.values()].filter(({ header }) => !header.is_deleted);
  const statuses = Object.keys(orderStatuses).map((key) => {
    const { order, ...row } = statusRow(Number(key));
    return { ...row, count: live.filter(({ header }) => header.status_id === Number(key)).length, sort_order: order };
  });
  return { statuses, count: live.length };
}

type Filter = (order: OrderRow, value: string) => boolean;

const filters: Record<string, Filter> = {
  min_id: ({ header }, value) => header.id >= Number(value),
  max_id: ({ header }, value) => header.id <= Number(value),
  min_total: ({ header }, value) => units(String(header['total_inc_tax'])) >= units(value),
  max_total: ({ header }, value) => units(String(header['total_inc_tax'])) <= units(value),
  customer_id: ({ header }, value) => header.customer_id === Number(value),
  email: ({ header }, value) => text(asObject(header['billing_address'])?.['email']).toLowerCase() === value.toLowerCase(),
  status_id: ({ header }, value) => header.status_id === Number(value),
  cart_id: ({ header }, value) => header['cart_id'] === value,
  payment_method: ({ header }, value) => header['payment_method'] === value,
  channel_id: ({ header }, value) => value.split(',').map(Number).includes(Number(header['channel_id'])),
  external_order_id: ({ header }, value) => header['external_order_id'] === value,
  min_date_created: ({ createdAt }, value) => createdAt >= (readDate(value) ?? 0),
  max_date_created: ({ createdAt }, value) => createdAt <= (readDate(value) ?? 0),
  min_date_modified: ({ modifiedAt }, value) => modifiedAt >= (readDate(value) ?? 0),
  max_date_modified: ({ modifiedAt }, value) => modifiedAt <= (readDate(value) ?? 0),
};

const sorts: Record<string, (order: OrderRow) => number | string> = {
  id: ({ header }) => header.id,
  customer_id: ({ header }) => header.customer_id,
  date_created: ({ createdAt }) => createdAt,
  date_modified: ({ modifiedAt }) => modifiedAt,
  status_id: ({ header }) => header.status_id,
  channel_id: ({ header }) => Number(header['channel_id']),
  external_id: ({ header }) => text(header['external_id']),
};

/** Archived orders only with `is_deleted=true`; incomplete ones always. Ties are broken by id. */
function listOrders({ store, request }: Call): Answer {
  const { query } = request;
  if (Number(query.get('limit') ?? 50) > 250) return v2Error(413, 'The limit is too large.');
  const [field = 'id', direction = 'asc'] = (query.get('sort') ?? 'id:asc').split(':');
  const value = sorts[field];
  if (!value || !['asc', 'desc'].includes(direction)) return v2Error(400, `The field 'sort' is invalid.`);
  for (const [name, sent] of query)
    if (name.includes('_date_') && readDate(sent) === undefined) return v2Error(400, `The field '${name}' is invalid.`);
  const isDeleted = query.get('is_deleted') === 'true';
  const wanted = [...query].filter(([name]) => name in filters);
  const rows = [...store.state.orders.values()].filter(
    (order) => order.header.is_deleted === isDeleted && wanted.every(([name, sent]) => filters[name]?.(order, sent)),
  );
  rows.sort((one, other) => compare(value(one), value(other)) * (direction === 'desc' ? -1 : 1) || one.header.id - other.header.id);
  return v2Page(
    rows.map((order) => show(order, request)),
    paging(request),
  );
}

function compare(one: number | string, other: number | string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

const writable = [
  'status_id',
  'external_order_id',
  'staff_notes',
  'customer_message',
  'payment_method',
  'payment_provider_id',
  'customer_id',
  'billing_address',
  'ip_address',
  'customer_locale',
  'geoip_country',
  'geoip_country_iso2',
  'channel_id',
];

/** PATCH-like. Amounts and lines cannot be changed here; the control panel can (`editOrder`). */
function changeOrder({ store, request }: Call, order: OrderRow): Answer {
  const body = asObject(request.body);
  if (!body) return v2Error(400, 'The request body is not valid JSON.');
  for (const field of Object.keys(body)) {
    if (writable.includes(field)) continue;
    return field in order.header
      ? v2Error(400, `The field '${field}' cannot be written to. Please remove it from your request before trying again.`)
      : v2Error(400, `The field '${field}' is not supported by this resource.`);
  }
  const { status_id, billing_address, ...fields } = body;
  if (status_id !== undefined && !(typeof status_id === 'number' && status_id in orderStatuses))
    return v2Error(400, "The field 'status_id' is invalid.", { invalid_reason: 'There is no such order status.' });
  Object.assign(order.header, fields);
  if (billing_address) order.header['billing_address'] = { ...asObject(order.header['billing_address']), ...asObject(billing_address) };
  applyStatus(store, order, status_id);
  return json(order.header);
}

/** Our own write comes back as an event (facts/bigcommerce.md 5.7). */
function applyStatus(store: Store, order: OrderRow, statusId: number | undefined): void {
  if (statusId !== undefined) return setStatus(store, order, statusId);
  touch(store, order);
  emitOrder(store, 'updated', order.header.id);
}

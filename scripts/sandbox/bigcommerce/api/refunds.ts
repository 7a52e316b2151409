import { data, noContent, v3Error, type Answer } from '../answers.ts';
import { readDate } from '../dates.ts';
import { list, paging } from '../request.ts';
import type { RefundRow } from '../state.ts';
import type { Call, Route } from './route.ts';

const scopes = ['store_v2_orders_read_only', 'store_v2_transactions_read_only'];

/** facts/bigcommerce.md 7 */
export const refundRoutes: Route[] = [
  { method: 'GET', path: '/v3/orders/payment_actions/refunds', scopes, answer: listRefunds },
  { method: 'GET', path: '/v3/orders/#/payment_actions/refunds', scopes, answer: refundsOfOrder },
  {
    method: 'GET',
    path: '/v3/orders/payment_actions/refunds/#',
    scopes,
    answer: ({ store, ids }) => {
      const refund = store.state.refunds.get(ids[0] ?? 0);
      return refund ? data(show(refund)) : v3Error(404, 'Refund not found');
    },
  },
  {
    method: 'GET',
    path: '/v3/orders/#/transactions',
    scopes: ['store_v2_transactions_read_only'],
    answer: ({ store, ids }) => {
      const order = store.state.orders.get(ids[0] ?? 0);
      if (!order) return v3Error(404, 'Order not found');
      return order.transactions.length === 0 ? noContent() : data(order.transactions);
    },
  },
];

/** Ascending id; `meta` is empty, so that a reader has to go on until a page is short. */
function listRefunds({ store, request }: Call): Answer {
  const { query } = request;
  const orderIds = list(request, 'order_id:in')?.map(Number);
  const ids = list(request, 'id:in')?.map(Number);
  const [from, to] = [query.get('created:min'), query.get('created:max')].map((one) => (one === null ? undefined : readDate(one)));
  if ((query.has('created:min') && from === undefined) || (query.has('created:max') && to === undefined))
    return v3Error(422, 'Invalid date', { created: 'must be a date of RFC 3339' });
  const rows = [...store.state.refunds.values()].filter(
    (refund) =>
      (!orderIds || orderIds.includes(refund.order_id)) &&
      (!ids || ids.includes(refund.id)) &&
      (from === undefined || refund.createdAt >= from) &&
      (to === undefined || refund.createdAt <= to),
  );
  return pageOf(rows, request);
}

function refundsOfOrder({ store, request, ids }: Call): Answer {
  if (!store.state.orders.has(ids[0] ?? 0)) return v3Error(404, 'Order not found');
  return pageOf(
    [...store.state.refunds.values()].filter((refund) => refund.order_id === ids[0]),
    request,
  );
}

function pageOf(rows: RefundRow[], request: Call['request']): Answer {
  const { page, limit } = paging(request);
  return data(rows.slice((page - 1) * limit, page * limit).map(show));
}

function show({ createdAt: _createdAt, ...refund }: RefundRow): unknown {
  return refund;
}

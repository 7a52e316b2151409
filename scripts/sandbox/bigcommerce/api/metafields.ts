import { data, invalid, json, noContent, v3CursorPage, v3Error, type Answer } from '../answers.ts';
import { rfc3339 } from '../dates.ts';
import { asObject, asRows, cursorPaging, list, text } from '../request.ts';
import { nextId, type MetafieldRow, type Row } from '../state.ts';
import { ordersRead, ordersWrite, type Call, type Route } from './route.ts';

const permissions = ['app_only', 'read', 'write', 'read_and_sf_access', 'write_and_sf_access'];

/** facts/bigcommerce.md 8. A client sees its own metafields and what others share; it writes its own. */
export const metafieldRoutes: Route[] = [
  { method: 'GET', path: '/v3/orders/metafields', scopes: ordersRead, answer: (call) => listMetafields(call) },
  { method: 'POST', path: '/v3/orders/metafields', scopes: ordersWrite, answer: (call) => batch(call, 'POST') },
  { method: 'PUT', path: '/v3/orders/metafields', scopes: ordersWrite, answer: (call) => batch(call, 'PUT') },
  { method: 'GET', path: '/v3/orders/#/metafields', scopes: ordersRead, answer: (call) => listMetafields(call, call.ids[0]) },
  {
    method: 'POST',
    path: '/v3/orders/#/metafields',
    scopes: ordersWrite,
    answer: (call) => answerTo(create(call, call.ids[0] ?? 0, asObject(call.request.body))),
  },
  {
    method: 'GET',
    path: '/v3/orders/#/metafields/#',
    scopes: ordersRead,
    answer: (call) => {
      const row = find(call, call.ids[1]);
      return row ? data(show(row)) : v3Error(404, 'Metafield not found');
    },
  },
  {
    method: 'PUT',
    path: '/v3/orders/#/metafields/#',
    scopes: ordersWrite,
    answer: (call) => answerTo(change(call, call.ids[1], asObject(call.request.body))),
  },
  { method: 'DELETE', path: '/v3/orders/#/metafields/#', scopes: ordersWrite, answer: remove },
];

function listMetafields({ store, request, client }: Call, orderId?: number): Answer {
  const { query } = request;
  if (orderId !== undefined && !store.state.orders.has(orderId)) return v3Error(404, 'Order not found');
  const [namespaces, keys] = [list(request, 'namespace:in'), list(request, 'key:in')];
  const rows = [...store.state.metafields.values()].filter(
    (row) =>
      (orderId === undefined || row.resource_id === orderId) &&
      (row.clientId === client.clientId || row['permission_set'] !== 'app_only') &&
      (query.get('namespace') ?? row.namespace) === row.namespace &&
      (query.get('key') ?? row.key) === row.key &&
      (!namespaces || namespaces.includes(row.namespace)) &&
      (!keys || keys.includes(row.key)),
  );
  return v3CursorPage(rows, cursorPaging(request), show);
}

type Outcome = { row: MetafieldRow } | { refusal: Answer };

function answerTo(outcome: Outcome): Answer {
  return 'row' in outcome ? data(show(outcome.row)) : outcome.refusal;
}

function create({ store, client }: Pick<Call, 'store' | 'client'>, orderId: number, body: Row | undefined): Outcome {
  const { state } = store;
  if (!state.orders.has(orderId)) return { refusal: v3Error(404, 'Order not found') };
  const errors: Record<string, string> = {};
  for (const [field, most] of [
    ['namespace', 64],
    ['key', 64],
    ['value', 65_535],
  ] as const) {
    const sent = body?.[field];
    if (typeof sent !== 'string' || sent.length === 0) errors[field] = 'error.path.missing';
    else if (sent.length > most) errors[field] = 'error.maxLength';
  }
  if (!permissions.includes(text(body?.['permission_set']))) errors['permission_set'] = 'error.expected.validenumvalue';
  if (Object.keys(errors).length > 0) return { refusal: invalid(errors) };
  const own = [...state.metafields.values()].filter((row) => row.resource_id === orderId && row.clientId === client.clientId);
  if (own.some((row) => row.namespace === body?.['namespace'] && row.key === body['key']))
    return { refusal: v3Error(409, 'A metafield with this namespace and key exists already for this resource.') };
  if (own.length >= 250) return { refusal: v3Error(422, 'The limit of 250 metafields per resource is reached.') };
  const row: MetafieldRow = {
    id: nextId(state, 'metafield'),
    clientId: client.clientId,
    permission_set: body?.['permission_set'],
    namespace: text(body?.['namespace']),
    key: text(body?.['key']),
    value: text(body?.['value']),
    description: text(body?.['description']),
    resource_type: 'order',
    resource_id: orderId,
    date_created: rfc3339(store.now()),
    date_modified: rfc3339(store.now()),
  };
  state.metafields.set(row.id, row);
  store.emit('store/order/metafield/created', { metafield_id: row.id, resource_id: String(orderId) });
  return { row };
}

function change(call: Call, id: number | undefined, body: Row | undefined): Outcome {
  const row = find(call, id);
  if (!row) return { refusal: v3Error(404, 'Metafield not found') };
  if (row.clientId !== call.client.clientId && !String(row['permission_set']).startsWith('write'))
    return { refusal: v3Error(403, 'Unauthorized Access. You do not have permission to make this request.') };
  if (!body) return { refusal: invalid({}) };
  for (const field of ['value', 'description', 'permission_set', 'namespace', 'key'])
    if (typeof body[field] === 'string') Object.assign(row, { [field]: body[field] });
  row['date_modified'] = rfc3339(call.store.now());
  call.store.emit('store/order/metafield/updated', { metafield_id: row.id, resource_id: String(row.resource_id) });
  return { row };
}

function remove(call: Call): Answer {
  const row = find(call, call.ids[1]);
  if (!row) return v3Error(404, 'Metafield not found');
  call.store.state.metafields.delete(row.id);
  call.store.emit('store/order/metafield/deleted', { metafield_id: row.id, resource_id: String(row.resource_id) });
  return noContent();
}

/** Good rows are saved, the others named. */
function batch(call: Call, method: 'POST' | 'PUT'): Answer {
  const rows = asRows(call.request.body);
  if (!rows) return invalid({});
  const outcomes = rows.map((row) =>
    method === 'POST' ? create(call, Number(row['resource_id']), row) : change(call, Number(row['id']), row),
  );
  const saved = outcomes.flatMap((one) => ('row' in one ? [show(one.row)] : []));
  const errors = outcomes.flatMap((one) => ('refusal' in one ? [JSON.parse(one.refusal.body) as unknown] : []));
  const meta = { total: rows.length, success: saved.length, failed: errors.length };
  return json({ data: saved, errors, meta }, errors.length > 0 ? 422 : 200);
}

function find({ store, ids }: Call, id: number | undefined): MetafieldRow | undefined {
  const row = store.state.metafields.get(id ?? 0);
  return row && (ids[0] === undefined || row.resource_id === ids[0]) ? row : undefined;
}

function show({ clientId, ...row }: MetafieldRow): Row {
  return { ...row, owner_client_id: clientId };
}

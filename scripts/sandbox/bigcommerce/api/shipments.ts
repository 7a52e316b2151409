import { json, noContent, v2Error, v2NotFound, type Answer } from '../answers.ts';
import { shipLine, shipOrder } from '../orders/actions.ts';
import { asObject, asRows, text } from '../request.ts';
import type { OrderRow, ShipmentRow } from '../state.ts';
import { setStatus } from '../store.ts';
import { page, withOrder } from './orders.ts';
import { ordersRead, ordersWrite, type Call, type Route } from './route.ts';

/** facts/bigcommerce.md 6.4 */
export const shipmentRoutes: Route[] = [
  { method: 'GET', path: '/v2/orders/#/shipments', scopes: ordersRead, answer: (call) => page(call, ({ shipments }) => shipments) },
  {
    method: 'GET',
    path: '/v2/orders/#/shipments/count',
    scopes: ordersRead,
    answer: (call) => withOrder(call, ({ shipments }) => json({ count: shipments.length })),
  },
  { method: 'POST', path: '/v2/orders/#/shipments', scopes: ordersWrite, answer: (call) => withOrder(call, (order) => ship(call, order)) },
  {
    method: 'GET',
    path: '/v2/orders/#/shipments/#',
    scopes: ordersRead,
    answer: (call) => withShipment(call, (shipment) => json(shipment)),
  },
  {
    method: 'PUT',
    path: '/v2/orders/#/shipments/#',
    scopes: ordersWrite,
    answer: (call) =>
      withShipment(call, (shipment) => {
        const { tracking_number, comments, tracking_link } = { ...asObject(call.request.body) };
        Object.assign(shipment, { ...(tracking_number !== undefined && { tracking_number }), ...(comments !== undefined && { comments }) });
        if (tracking_link !== undefined) shipment['tracking_link'] = tracking_link;
        call.store.emit('store/shipment/updated', { type: 'shipment', id: shipment.id, orderId: shipment.order_id });
        return json(shipment);
      }),
  },
  {
    method: 'DELETE',
    path: '/v2/orders/#/shipments/#',
    scopes: ordersWrite,
    answer: (call) => withShipment(call, (one, order) => unship(call, one, order)),
  },
];

function withShipment(call: Call, answer: (shipment: ShipmentRow, order: OrderRow) => Answer): Answer {
  return withOrder(call, (order) => {
    const shipment = order.shipments.find(({ id }) => id === call.ids[1]);
    return shipment ? answer(shipment, order) : v2NotFound();
  });
}

function ship({ store, request }: Call, order: OrderRow): Answer {
  const body = asObject(request.body);
  const items = asRows(body?.['items']);
  if (!body || typeof body['order_address_id'] !== 'number') return v2Error(400, "The field 'order_address_id' is required.");
  if (!items || items.length === 0) return v2Error(400, "The field 'items' is required.");
  const wanted = items.map((item) => ({ order_product_id: Number(item['order_product_id']), quantity: Number(item['quantity']) }));
  for (const item of wanted) {
    const line = order.products.find(({ id }) => id === item.order_product_id);
    if (!line || !(item.quantity > 0) || line.quantity_shipped + item.quantity > line.quantity)
      return v2Error(400, "The field 'items' is invalid.", {
        invalid_reason: 'The quantity of an item is larger than what is left to ship.',
      });
  }
  const orderAddressId = body['order_address_id'];
  if (!order.shippingAddresses.some(({ id }) => id === orderAddressId)) return v2Error(400, "The field 'order_address_id' is invalid.");
  const more = {
    trackingNumber: text(body['tracking_number']),
    comments: text(body['comments']),
    provider: text(body['shipping_provider']),
  };
  return json(shipOrder(store, order.header.id, { orderAddressId, items: wanted, ...more }), 201);
}

function unship({ store }: Call, shipment: ShipmentRow, order: OrderRow): Answer {
  order.shipments = order.shipments.filter((one) => one !== shipment);
  for (const item of shipment.items) shipLine(order, item.order_product_id, -item.quantity);
  store.emit('store/shipment/deleted', { type: 'shipment', id: shipment.id, orderId: order.header.id });
  setStatus(store, order, order.shipments.length === 0 ? 11 : 3);
  return noContent();
}

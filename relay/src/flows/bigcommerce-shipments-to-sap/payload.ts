import { parseStoreDate, type OrderHeader, type Shipment } from '../../systems/bigcommerce/index.ts';

/** One shipment of an order, its status, or one of the two that cannot be understood. */
export type ShipmentPayload =
  | { kind: 'unreadable'; orderId: number; shipmentId: number | null; problem: string }
  | { kind: 'status'; orderId: number; statusId: number }
  | {
      kind: 'shipment';
      orderId: number;
      shipmentId: number;
      /** `YYYY-MM-DD`, UTC. */
      shippedOn: string;
      trackingNumber: string;
      carrier: string;
      method: string;
      items: { lineId: number; quantity: number }[];
    };

export function statusPayload({ id, status_id: statusId }: OrderHeader): ShipmentPayload {
  return { kind: 'status', orderId: id, statusId };
}

export function shipmentPayload(orderId: number, shipment: Shipment): ShipmentPayload {
  const { id, date_created, tracking_number, tracking_carrier, shipping_provider, shipping_method, items } = shipment;
  return {
    kind: 'shipment',
    orderId,
    shipmentId: id,
    shippedOn: new Date(parseStoreDate(date_created) ?? 0).toISOString().slice(0, 10),
    trackingNumber: tracking_number,
    carrier: tracking_carrier || shipping_provider,
    method: shipping_method,
    items: items.map((item) => ({ lineId: item.order_product_id, quantity: item.quantity })),
  };
}

/** `251/status`, `251/12`. */
export function shipmentKey(payload: ShipmentPayload): string {
  return `${payload.orderId}/${payload.kind === 'status' ? 'status' : (payload.shipmentId ?? 'status')}`;
}

export function labelOf(payload: ShipmentPayload): string {
  if (payload.kind === 'status') return `Status ${payload.statusId} of order ${payload.orderId}`;
  if (payload.kind === 'unreadable')
    return `${payload.shipmentId === null ? 'Status' : `Shipment ${payload.shipmentId}`} of order ${payload.orderId} (unreadable)`;
  return `Shipment ${payload.shipmentId} of order ${payload.orderId}${payload.trackingNumber ? `, ${payload.trackingNumber}` : ''}`;
}

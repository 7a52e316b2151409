import type { BigCommerceSession } from '../../systems/bigcommerce/index.ts';
import type { SapSession } from '../../systems/sap-ecc/index.ts';
import { ordersFlow } from '../bigcommerce-ar/index.ts';
import type { Flow, MapOutcome } from '../flow.ts';
import type { ShipmentPayload } from './payload.ts';
import { postShipment, probeShipment, type ShipmentBody } from './post.ts';
import { extractShipments, readShipments, shipmentKeysOf } from './read-shipments.ts';
import { shipmentFlowSettings } from './settings.ts';

/** Shipments and statuses of orders stand on the order's record, and in SAP where a function module takes them. */
export const bigCommerceShipmentsToSap: Flow<ShipmentPayload, ShipmentBody, BigCommerceSession, SapSession> = {
  id: 'bigcommerce-shipments-to-sap',
  title: 'BigCommerce shipments to SAP documents',
  from: 'bigcommerce',
  to: 'sap-ecc',
  kind: 'master',
  settings: shipmentFlowSettings,
  schedule: { everyMs: 15 * 60_000, sweepEveryMs: 24 * 3_600_000 },
  valueMaps: [],
  extract: extractShipments,
  keysOfEvent: shipmentKeysOf,
  readKeys: readShipments,
  map: mapShipment,
  post: postShipment,
  probe: probeShipment,
  predecessors: ({ orderId }) => [{ flowId: ordersFlow, key: String(orderId) }],
};

function mapShipment(payload: ShipmentPayload): MapOutcome<ShipmentBody> {
  if (payload.kind === 'unreadable') return { outcome: 'blocked', reasons: [{ code: 'SHIPMENT_UNREADABLE', message: payload.problem }] };
  const orderId = String(payload.orderId);
  if (payload.kind === 'status')
    return { outcome: 'mapped', body: { orderId, event: 'status', statusId: String(payload.statusId) }, notes: [] };
  const { shipmentId, trackingNumber, carrier, shippedOn } = payload;
  const body = {
    orderId,
    event: 'shipment',
    shipmentId: String(shipmentId),
    trackingNumber,
    carrier,
    shippedOn: shippedOn.replaceAll('-', ''),
  };
  return { outcome: 'mapped', body, notes: [] };
}

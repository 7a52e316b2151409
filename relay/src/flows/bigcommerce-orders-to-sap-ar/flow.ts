import type { BigCommerceSession } from '../../systems/bigcommerce/index.ts';
import type { SapSession } from '../../systems/sap-ecc/index.ts';
import { accountValueMaps, customersFlow, dayIn, type OrderPayload } from '../bigcommerce-ar/index.ts';
import type { Flow } from '../flow.ts';
import { checkArBody, postArDocuments, probeArDocuments, tryOutArDocuments, type ArBody } from '../sap-ar/index.ts';
import { orderCodes } from './codes.ts';
import { mapOrder } from './map.ts';
import { extractOrders, orderKeysOf, readOrders } from './read-orders.ts';
import { orderFlowSettings } from './settings.ts';
import { writeDocumentNumber } from './write-back.ts';

/** Paid orders of a BigCommerce store become receivables in SAP FI, each once. */
export const bigCommerceOrdersToSapAr: Flow<OrderPayload, ArBody, BigCommerceSession, SapSession> = {
  id: 'bigcommerce-orders-to-sap-ar',
  title: 'BigCommerce orders to SAP receivables',
  from: 'bigcommerce',
  to: 'sap-ecc',
  kind: 'document',
  settings: orderFlowSettings,
  schedule: { everyMs: 10 * 60_000, sweepEveryMs: 24 * 3_600_000 },
  valueMaps: accountValueMaps,
  canBackfill: true,
  extract: extractOrders,
  keysOfEvent: orderKeysOf,
  readKeys: readOrders,
  map: mapOrder,
  overridesIn: 'header',
  checkBody: checkArBody,
  post: postArDocuments,
  probe: probeArDocuments,
  tryOut: tryOutArDocuments,
  acknowledge: writeDocumentNumber,
  predecessors({ customerId }, settings) {
    const { customers } = orderFlowSettings.parse(settings);
    return customers === 'per-customer' && customerId !== 0 ? [{ flowId: customersFlow, key: String(customerId) }] : [];
  },
  businessDate: ({ createdAt }, settings) => dayIn(orderFlowSettings.parse(settings).timeZone, createdAt),
  codes: orderCodes,
};

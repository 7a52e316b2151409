import { orderFlow, shipmentFlow, type BigCommerceProcess } from '../../landscape/index.ts';
import type { Deviations } from '../deviations.ts';
import type { Lane } from '../lane.ts';
import { documentsOf } from './shop-documents.ts';

/**
 * Each shipment once in the story of its order and on a document of it in SAP, where the module may have been called twice; no other; and of each order
 * the status that it has now.
 */
export async function compareShipments(lane: Lane, store: BigCommerceProcess): Promise<Deviations> {
  const { orders } = await store.snapshot();
  const { committed } = await lane.landscape.sap.control.call('units-of-work');
  const orderOf = new Map(
    (await documentsOf(lane)).map(({ reference, companyCode, number, fiscalYear }) => [
      `${companyCode}/${number}/${fiscalYear}`,
      /^BC(\d+)/.exec(reference)?.[1] ?? '',
    ]),
  );
  const noted = new Set(
    committed.flatMap((line) => {
      const [, document = '', shipment = ''] = /^Z_SHIPMENT_NOTE (\S+) shipment (.*)$/.exec(line) ?? [];
      return document === '' ? [] : [`${orderOf.get(document) ?? document} ${shipment}`];
    }),
  );
  const entries = new Map(lane.ledger.newest(shipmentFlow).map((entry) => [entry.key, entry]));
  const told = toldShipments(lane);
  const found: Deviations = { duplicates: [], losses: [], wrong: [] };
  for (const { header, shipments } of orders) {
    for (const { id, tracking_number: tracking } of shipments) {
      const which = `shipment ${id} of order ${header.id}`;
      if (!noted.delete(`${header.id} ${id} ${String(tracking)}`)) found.losses.push(`${which} is not noted in SAP`);
      const entry = entries.get(`${header.id}/${id}`);
      if (entry?.state !== 'succeeded') found.losses.push(`${which}: the ledger says ${entry?.state ?? 'nothing'}`);
      const times = told.filter(({ key, shipmentId }) => key === String(header.id) && shipmentId === id).length;
      if (times === 0) found.losses.push(`${which} is not in the story of the order`);
      if (times > 1) found.duplicates.push(`${which} is in the story of the order ${times} times`);
    }
    const status = statusOf(lane, String(header.id));
    // What is not an order yet has no status that counts.
    if (header.status_id !== 0 && status !== header.status_id)
      found.losses.push(`order ${header.id} has status ${header.status_id}; the ledger knows of ${status ?? 'none'}`);
  }
  found.duplicates.push(...[...noted].map((one) => `noted in SAP and not in the store: order ${one}`));
  return found;
}

function toldShipments({ ledger }: Lane): { key: string; shipmentId: number }[] {
  const rows = ledger.all<{ key: string; data: string }>(
    `select record.key as key, event.data_json as data from event join record on record.id = subject_id where flow_id = ? and kind = 'shipped'`,
    orderFlow,
  );
  return rows.map(({ key, data }) => ({ key, shipmentId: (JSON.parse(data) as { shipmentId: number }).shipmentId }));
}

/** Of the newest version of an order's status that the relay is done with. */
function statusOf({ ledger }: Lane, orderId: string): number | undefined {
  const [row] = ledger.all<{ payload: string }>(
    `select payload_json as payload from record where flow_id = ? and key = ? and state = 'succeeded' order by version desc limit 1`,
    shipmentFlow,
    `${orderId}/status`,
  );
  return row && (JSON.parse(row.payload) as { statusId: number }).statusId;
}

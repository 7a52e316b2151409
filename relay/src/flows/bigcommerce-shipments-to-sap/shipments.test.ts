import type { FlowKey, PostInput } from '../flow.ts';
import { FiBench } from '../sap-ar/testing/fi-bench.ts';
import { testScope } from '../../systems/testing/index.ts';
import { bigCommerceShipmentsToSap as flow } from './flow.ts';
import type { ShipmentPayload } from './payload.ts';
import { shipmentKeysOf } from './read-shipments.ts';
import type { ShipmentBody } from './post.ts';
import type { SapSession } from '../../systems/sap-ecc/index.ts';

const shipment: ShipmentPayload = {
  kind: 'shipment',
  orderId: 10452,
  shipmentId: 12,
  shippedOn: '2026-06-02',
  trackingNumber: '1Z 999 AA1',
  carrier: 'UPS',
  method: 'Standard',
  items: [{ lineId: 1, quantity: 2 }],
};
const required = { startDate: '2026-05-01' };

function input(
  bench: FiBench,
  payload: ShipmentPayload,
  settings: Record<string, unknown> = {},
): PostInput<ShipmentPayload, ShipmentBody, never, SapSession> {
  const outcome = flow.map(payload, { settings: { ...required, ...settings }, lookup: () => undefined });
  if (outcome.outcome !== 'mapped') throw new Error('not mapped');
  return {
    record: { id: 'rec_1', key: '10452/12', label: 'Shipment 12', attempt: 1 },
    payload,
    body: outcome.body,
    link: undefined,
    settings: { ...required, ...settings },
    source: undefined as never,
    target: bench.session,
    scope: testScope(),
    ownerOf: () => Promise.resolve(undefined),
    linkOf: (of: string | FlowKey) => {
      const targetId = bench.links.get(typeof of === 'string' ? of : of.key);
      return Promise.resolve(targetId === undefined ? undefined : { targetId, targetLabel: targetId });
    },
    earlierErrors: () => Promise.resolve([]),
    sentVersions: () => Promise.resolve([]),
    lastPosted: () => Promise.resolve(undefined),
  };
}

test("without a function module the order's record is told, and SAP is not asked", async () => {
  const bench = new FiBench();
  expect(await flow.post(input(bench, shipment))).toMatchObject({
    action: 'unchanged',
    targetId: 'order 10452/12',
    tells: [
      { flowId: 'bigcommerce-orders-to-sap-ar', key: '10452', event: 'shipped', data: { trackingNumber: '1Z 999 AA1', carrier: 'UPS' } },
    ],
  });
  expect(await flow.post(input(bench, { kind: 'status', orderId: 10452, statusId: 2 }))).toMatchObject({
    tells: [{ event: 'status changed', data: { statusId: 2 } }],
  });
  expect(bench.sap.units).toEqual([]);
});

test('a function module is called for the document of the order, which is waited for', async () => {
  const bench = new FiBench();
  const settings = {
    functionModule: 'BAPI_ACC_DOCUMENT_POST',
    parameters: { I_BELNR: 'documentNumber', I_TRACK: 'trackingNumber', I_DATE: 'shippedOn' },
  };
  expect(await flow.post(input(bench, shipment, settings))).toMatchObject({ action: 'waiting', reason: { code: 'ORDER_NOT_IN_SAP' } });
  bench.links.set('10452', 'none 1000/BC10452');
  expect(await flow.post(input(bench, shipment, settings))).toMatchObject({ action: 'waiting' });
  bench.links.set('10452', '1000/1800000001/2026+1000/1800000002/2026');
  bench.sap.functions.set('BAPI_ACC_DOCUMENT_POST', { parameters: [], run: () => ({ RETURN: [] }) });
  expect(await flow.post(input(bench, shipment, settings))).toMatchObject({ action: 'updated' });
  expect(bench.sap.units[0]?.calls).toEqual([
    { function: 'BAPI_ACC_DOCUMENT_POST', parameters: { I_BELNR: '1800000001', I_TRACK: '1Z 999 AA1', I_DATE: '20260602' } },
  ]);
  const unknown = { ...settings, functionModule: 'Z_NOT_THERE' };
  await expect(flow.post(input(bench, shipment, unknown))).rejects.toMatchObject({ code: 'SAP_FUNCTION_UNKNOWN', verdict: 'refused' });
});

test('the status of an order of which nothing is in SAP is told to its record only; short company codes and numbers with letters are documents', async () => {
  const bench = new FiBench();
  const settings = { functionModule: 'BAPI_ACC_DOCUMENT_POST', parameters: { I_BUKRS: 'companyCode', I_BELNR: 'documentNumber' } };
  const status: ShipmentPayload = { kind: 'status', orderId: 10452, statusId: 7 };
  expect(await flow.post(input(bench, status, settings))).toMatchObject({ action: 'unchanged', tells: [{ event: 'status changed' }] });
  expect(bench.sap.units).toEqual([]);
  bench.links.set('10452', 'DE1/R100000012/2026');
  bench.sap.functions.set('BAPI_ACC_DOCUMENT_POST', { parameters: [], run: () => ({ RETURN: [] }) });
  await flow.post(input(bench, status, settings));
  expect(bench.sap.units[0]?.calls).toMatchObject([{ parameters: { I_BUKRS: 'DE1', I_BELNR: 'R100000012' } }]);
});

test.each([
  ['store/shipment/created', { type: 'shipment', id: 12, orderId: 251 }, ['251/*']],
  ['store/shipment/deleted', { type: 'shipment', id: 12, orderId: '251' }, ['251/*']],
  ['store/order/statusUpdated', { type: 'order', id: 250, status: {} }, ['250/*']],
  ['store/order/updated', { type: 'order', id: 250 }, []],
  ['store/shipment/created', null, []],
])('%s of %j makes %j be read', (topic, data, keys) => {
  expect(shipmentKeysOf({ topic, body: { data } })).toEqual(keys);
});

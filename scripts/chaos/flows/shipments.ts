import { shipmentFlow } from '../../landscape/index.ts';
import type { OrderTruth } from '../../sandbox/bigcommerce/index.ts';
import type { Random } from '../../sandbox/sap/seed/random.ts';
import type { Lane } from '../lane.ts';
import { untilRest } from '../rest.ts';
import { targetCall } from '../steps.ts';
import type { HttpCall } from '../wires/index.ts';
import type { ChaosFlow } from './flow.ts';
import { arriving, committing, unitOfSap } from './shop-steps.ts';
import { beginInShop, type ShopInLane } from './shop.ts';

const readingShipments = ({ method, path }: HttpCall): boolean => method === 'GET' && /^v2\/orders\/\d+\/shipments/.test(path);

/** So many orders are shipped at once, at least. */
const fewest = 3;

/** Shipments are noted in the story of their order, and on its document by a function module of the customer. */
export const shipmentChaos: ChaosFlow = {
  id: shipmentFlow,
  steps: [
    ...arriving(shipmentFlow, { events: 6, records: 3 }),
    targetCall('reading the shipments', { phase: 'before', matches: readingShipments, nth: [1, 3] }),
    ...unitOfSap('noting', { functions: ['Z_SHIPMENT_NOTE'], nth: [1, 3] }),
    ...committing([1, 3]),
  ],
  begin: (lane) => beginInShop(lane, { prepare: postOrders, happen: shipping }),
};

/** There are always enough orders that are posted and were not changed yet. */
async function postOrders(shop: ShopInLane, lane: Lane): Promise<void> {
  if ((await unshipped(shop)).length >= 2 * fewest) return;
  await shop.store.act('placeOrder', { kind: 'taxInclusive', count: 16 });
  await shop.store.act('placeOrder', { kind: 'guest', count: 8 });
  await untilRest(lane, () => shop.compare(), 60_000);
}

/** Whole orders, a first part of others, and sometimes one that is not in SAP yet. */
async function shipping(shop: ShopInLane, random: Random): Promise<void> {
  const { store, changed } = shop;
  const ship = async (orderId: number): Promise<void> => {
    changed.add(orderId);
    const trackingNumber = `1Z 999 ${orderId} ${random.between(100, 999)}`;
    const line = (await store.snapshot()).orders.find(({ header }) => header.id === orderId)?.products[0];
    const isPart = line !== undefined && line.quantity > 1 && random.chance(0.4);
    await store.act('shipOrder', {
      orderId,
      trackingNumber,
      ...(isPart && { items: [{ order_product_id: line.id, quantity: 1 }] }),
    });
  };
  for (let left = random.between(fewest, fewest + 2); left > 0; left--) await ship(random.pick(await unshipped(shop)).orderId);
  if (random.chance(0.3)) await ship((await store.act('placeOrder', { kind: 'taxInclusive' })).orderId as number);
}

async function unshipped({ store, changed }: ShopInLane): Promise<OrderTruth[]> {
  return (await store.truth()).filter(({ orderId, statusId }) => statusId === 11 && !changed.has(orderId));
}

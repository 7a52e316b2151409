import { refundFlow } from '../../landscape/index.ts';
import type { OrderTruth } from '../../sandbox/bigcommerce/index.ts';
import type { Random } from '../../sandbox/sap/seed/random.ts';
import type { Lane } from '../lane.ts';
import { untilRest } from '../rest.ts';
import { targetCall } from '../steps.ts';
import type { HttpCall } from '../wires/index.ts';
import type { ChaosFlow } from './flow.ts';
import { arriving, committing, looking, unitOfSap } from './shop-steps.ts';
import { beginInShop, type ShopInLane } from './shop.ts';

const readingRefunds = ({ method, path }: HttpCall): boolean =>
  method === 'GET' && /^v3\/orders\/(\d+\/)?payment_actions\/refunds/.test(path);
const writingBack = ({ method, path, body }: HttpCall): boolean =>
  method === 'POST' && /^v3\/orders\/\d+\/metafields/.test(path) && body.includes('fi_refund_');

/** So many are refunded at once, at least. */
const fewest = 3;

/** Refunds of orders that stand in SAP become credit memos; the orders themselves stay as they are. */
export const refundChaos: ChaosFlow = {
  id: refundFlow,
  steps: [
    ...arriving(refundFlow, { events: 6, records: 3 }),
    targetCall('reading the refunds', { phase: 'before', matches: readingRefunds, nth: [1, 3] }),
    ...looking(['BKPF'], [1, 3]),
    ...unitOfSap('posting', { functions: ['BAPI_ACC_DOCUMENT_POST'], nth: [1, 3] }),
    ...committing([1, 3]),
    targetCall('writing the number back', { phase: 'before', matches: writingBack, nth: [1, 3] }),
    targetCall('written back, answer on its way', { phase: 'after', matches: writingBack, nth: [1, 3] }),
  ],
  begin: (lane) => beginInShop(lane, { prepare: postOrders, happen: refunding }),
};

const kinds = ['taxInclusive', 'guest', 'severalRates', 'jpy', 'kwd', 'giftCertificateRedeemed', 'wrapped', 'storeCredit'] as const;
const refundKinds = ['partial', 'full', 'amount', 'storeCredit', 'declined'] as const;

/** There are always enough orders that are posted and were not changed yet. */
async function postOrders(shop: ShopInLane, lane: Lane): Promise<void> {
  if ((await unchanged(shop)).length >= 2 * fewest) return;
  for (const kind of kinds) await shop.store.act('placeOrder', { kind, count: 3 });
  await untilRest(lane, () => shop.compare(), 60_000);
}

async function refunding(shop: ShopInLane, random: Random): Promise<void> {
  for (let left = random.between(fewest, fewest + 2); left > 0; left--) {
    const { orderId } = random.pick(await unchanged(shop));
    shop.changed.add(orderId);
    // Some that become credit memos for sure: every step comes.
    await shop.store.act('refundOrder', { orderId, kind: left <= fewest ? 'partial' : random.pick(refundKinds) });
  }
}

async function unchanged({ store, changed }: ShopInLane): Promise<OrderTruth[]> {
  return (await store.truth()).filter(({ orderId, statusId }) => statusId === 11 && !changed.has(orderId));
}

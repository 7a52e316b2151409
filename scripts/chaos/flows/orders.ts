import { orderFlow } from '../../landscape/index.ts';
import type { OrderKind } from '../../sandbox/bigcommerce/index.ts';
import type { Random } from '../../sandbox/sap/seed/random.ts';
import { targetCall } from '../steps.ts';
import type { HttpCall } from '../wires/index.ts';
import type { ChaosFlow } from './flow.ts';
import { arriving, committing, looking, unitOfSap } from './shop-steps.ts';
import { beginInShop, type ShopInLane } from './shop.ts';

const writingBack = ({ method, path }: HttpCall): boolean => method === 'POST' && /^v3\/orders\/\d+\/metafields/.test(path);
const readingOrder = ({ method, path }: HttpCall): boolean => method === 'GET' && /^v2\/orders\/\d+/.test(path);

/**
 * Orders of a web shop become FI documents, each on the account of its customer, those of guests on the one-time account. SAP takes any reference
 * twice, so nothing but the product keeps documents single.
 */
export const orderChaos: ChaosFlow = {
  id: orderFlow,
  steps: [
    ...arriving(orderFlow, { events: 8, records: 3 }),
    targetCall('reading the order', { phase: 'before', matches: readingOrder, nth: [1, 12] }),
    ...looking(['BKPF'], [1, 3]),
    ...unitOfSap('posting', { functions: ['BAPI_ACC_DOCUMENT_POST'], nth: [1, 3] }),
    ...committing([1, 3]),
    targetCall('writing the number back', { phase: 'before', matches: writingBack, nth: [1, 3] }),
    targetCall('written back, answer on its way', { phase: 'after', matches: writingBack, nth: [1, 3] }),
  ],
  begin: (lane) => beginInShop(lane, { happen: shopping }),
};

const kinds: readonly OrderKind[] = [
  'simple',
  'guest',
  'bundle',
  'customItems',
  'couponAndDiscount',
  'giftCertificateSold',
  'giftCertificateRedeemed',
  'storeCredit',
  'severalAddresses',
  'digital',
  'taxInclusive',
  'severalRates',
  'jpy',
  'kwd',
  'wrapped',
  'fee',
  'odd',
  'incomplete',
  'awaitingPayment',
  'cancelled',
];

/** New orders, and one of the older ones is refunded, edited, cancelled, shipped or paid. */
async function shopping({ store, changed }: ShopInLane, random: Random): Promise<void> {
  // Some that are posted for sure: every step comes.
  const placed = random.between(3, 5);
  for (let one = 0; one < placed; one++) await store.act('placeOrder', { kind: random.pick(['taxInclusive', 'taxInclusive', 'guest']) });
  for (let more = random.between(1, 4); more > 0; more--) await store.act('placeOrder', { kind: random.pick(kinds) });
  const free = (await store.truth()).filter(({ orderId, statusId }) => !changed.has(orderId) && [7, 11].includes(statusId));
  if (free.length === 0) return;
  const { orderId, statusId } = random.pick(free);
  changed.add(orderId);
  if (statusId === 7) return void (await store.act('payOrder', { orderId }));
  const change = random.pick(['refund', 'refund', 'edit', 'cancel', 'ship'] as const);
  if (change === 'refund')
    await store.act('refundOrder', { orderId, kind: random.pick(['partial', 'full', 'amount', 'storeCredit', 'declined']) });
  if (change === 'edit') await store.act('editOrder', { orderId, manualDiscount: '1', staffNotes: 'Nachlass wegen Verspätung' });
  if (change === 'cancel') await store.act('cancelOrder', { orderId });
  if (change === 'ship') await store.act('setStatus', { orderId, statusId: 2 });
}

import {
  compareShop,
  orderFlow,
  refundFlow,
  setUpShop,
  startBigCommerceProcess,
  startShop,
  type BigCommerceProcess,
  type PostedDocument,
} from '../../landscape/index.ts';
import type { OrderKind } from '../../sandbox/bigcommerce/index.ts';
import type { Random } from '../../sandbox/sap/seed/random.ts';
import type { Deviations } from '../deviations.ts';
import { timeoutMs, type Lane } from '../lane.ts';
import { untilRest } from '../rest.ts';
import {
  anyMoment,
  begun,
  idle,
  ledgerPoint,
  sapCall,
  sapFunction,
  sapLookUpAfterLoss,
  settled,
  takenIn,
  targetCall,
  webhook,
} from '../steps.ts';
import { openHttpWire, type HttpCall } from '../wires/index.ts';
import type { ChaosFlow } from './flow.ts';

const posting = ['BAPI_ACC_DOCUMENT_POST'];
const commit = ['BAPI_TRANSACTION_COMMIT'];
const writingBack = ({ method, path }: HttpCall): boolean => method === 'POST' && /^v3\/orders\/\d+\/metafields/.test(path);
const readingOrder = ({ method, path }: HttpCall): boolean => method === 'GET' && /^v2\/orders\/\d+/.test(path);

/**
 * Orders and refunds of a web shop become FI documents. Nobody asks the relay for a run: what the store told by webhook, and what was answered
 * with 200, must be enough. SAP takes any reference twice, so nothing but the product keeps documents single.
 */
export const orderChaos: ChaosFlow = {
  id: orderFlow,
  steps: [
    idle,
    anyMoment,
    webhook('webhook on its way', { phase: 'before', nth: [1, 8] }),
    webhook('webhook answered', { phase: 'after', nth: [1, 8] }),
    ledgerPoint('event is on disk', { query: 'select count(*) from webhook_event', nth: [1, 8] }),
    targetCall('reading the order', { phase: 'before', matches: readingOrder, nth: [1, 12] }),
    ledgerPoint('taken in', { ...takenIn(orderFlow), nth: [1, 3] }),
    ledgerPoint('posting is on disk', { ...begun(orderFlow), nth: [1, 3] }),
    sapCall('look before posting', { phase: 'before', tables: ['BKPF'], nth: [1, 3] }),
    sapFunction('posting, not there yet', { phase: 'before', functions: posting, nth: [1, 3] }),
    sapFunction('posted, before the commit', { phase: 'after', functions: posting, nth: [1, 3] }),
    sapFunction('commit sent', { phase: 'before', functions: commit, nth: [1, 3] }),
    sapFunction('committed, answer on its way', { phase: 'after', functions: commit, nth: [1, 3] }),
    sapLookUpAfterLoss('look-up after a lost answer', { tables: ['BKPF'] }),
    ledgerPoint('settling', { ...settled(orderFlow), nth: [1, 3] }),
    targetCall('writing the number back', { phase: 'before', matches: writingBack, nth: [1, 3] }),
    targetCall('written back, answer on its way', { phase: 'after', matches: writingBack, nth: [1, 3] }),
  ],
  async begin(lane) {
    const { landscape, customer } = lane;
    const store = landscape.own(await startBigCommerceProcess({ compression: 600, quota: 1_000_000, products: 12 }));
    const wire = landscape.own(
      await openHttpWire(
        String(store.connectionSettings['baseUrl']).replace('{hash}', String(store.connectionSettings['storeHash'])) + '/',
      ),
    );
    const rules = { afterChange: 'reverse-and-repost', outcomeMarginSeconds: 2 };
    const shop = await setUpShop(landscape, store, customer, {
      flowSettings: { [orderFlow]: rules, [refundFlow]: rules },
      storeSettings: { baseUrl: wire.baseUrl, timeoutSeconds: timeoutMs / 1000 },
    });
    await startShop(landscape, store, shop, [orderFlow, refundFlow]);
    await store.act('placeOrders', { count: 3 });
    await untilRest(lane, () => compare(lane, store), 60_000);
    const changed = new Set<number>();
    let work: Random | undefined;
    return {
      saas: { wire, connectionId: shop.storeConnectionId },
      makeWork(random) {
        work = random;
        return Promise.resolve();
      },
      async run() {
        if (work) await shopping(store, work, changed);
        work = undefined;
      },
      compare: () => compare(lane, store),
      evidence: async () => ({ store: await store.truth(), deliveries: await store.deliveries(), postings: await documents(lane) }),
    };
  },
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
async function shopping(store: BigCommerceProcess, random: Random, changed: Set<number>): Promise<void> {
  // Some that are posted for sure: every step comes.
  const placed = random.between(3, 5);
  for (let one = 0; one < placed; one++) await store.act('placeOrder', { kind: 'taxInclusive' });
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

async function compare(lane: Lane, store: BigCommerceProcess): Promise<Deviations> {
  const { landscape, ledger } = lane;
  const { duplicates, losses, wrong, documentsOf } = await compareShop(landscape, store);
  const { locks } = await landscape.sap.control.call('units-of-work');
  wrong.push(...locks.map((lock) => `SAP still holds the lock ${lock}`));
  const entries = new Map([
    ...ledger.newest(orderFlow).map((entry) => [entry.key, entry] as const),
    ...ledger.newest(refundFlow).map((entry) => [`R${entry.key}`, entry] as const),
  ]);
  for (const [key, mine] of documentsOf) {
    const entry = entries.get(key);
    const ids = mine.map((one) => `${one.companyCode}/${one.number}/${one.fiscalYear}`).join('+');
    // An order whose status is not posted any more keeps its document.
    const isTold = entry?.state === 'skipped' || (entry?.state === 'succeeded' && entry.targetId === ids);
    if (!isTold) losses.push(`${key} is ${ids} in SAP; the ledger says ${entry?.state ?? 'nothing'} ${entry?.targetId ?? ''}`);
  }
  const known = new Set(ledger.all<{ key: string }>('select deduplication_key as key from webhook_event').map(({ key }) => key));
  const answered = new Set((await store.deliveries()).filter(({ status }) => status === 200).map(({ webhookId }) => webhookId));
  losses.push(...[...answered].filter((id) => !known.has(`id ${id}`)).map((id) => `the event ${id} was answered 200 and is not on disk`));
  return { duplicates: [...duplicates, ...(await postedTooOften(lane))], losses, wrong };
}

/** Also what was posted too often and reversed again: an order is changed once at most. */
async function postedTooOften(lane: Lane): Promise<string[]> {
  const posted = (await documents(lane)).filter(({ reversal }) => !reversal?.isReversing);
  return [...Map.groupBy(posted, ({ reference }) => reference)].flatMap(([reference, ones]) =>
    ones.length > 2 ? [`${ones.length} documents ${reference}: ${ones.map(({ number }) => number).join(', ')}`] : [],
  );
}

async function documents({ landscape }: Lane): Promise<PostedDocument[]> {
  return (await landscape.sap.control.call('postings', { companyCode: '1000' })).filter(({ reference }) => reference.startsWith('BC'));
}

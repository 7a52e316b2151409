import {
  compareShop,
  customerFlow,
  orderFlow,
  refundFlow,
  setUpShop,
  shipmentFlow,
  shopFlows,
  startBigCommerceProcess,
  startShop,
  type BigCommerceProcess,
} from '../../landscape/index.ts';
import type { Random } from '../../sandbox/sap/seed/random.ts';
import type { Deviations } from '../deviations.ts';
import type { Lane, SaasAccess } from '../lane.ts';
import { timeoutMs } from '../timeouts.ts';
import { untilRest } from '../rest.ts';
import { openHttpWire } from '../wires/index.ts';
import type { FlowInLane } from './flow.ts';
import { compareCustomers } from './shop-customers.ts';
import { documentsOf, postedTooOften } from './shop-documents.ts';
import { compareShipments } from './shop-shipments.ts';

/** The web shop of a landscape, with all its flows switched on; one for all that is tried on it. */
export interface ShopInLane {
  readonly store: BigCommerceProcess;
  readonly saas: SaasAccess;
  /** Orders that were paid later, refunded, edited, cancelled or shipped: each is changed once at most. */
  readonly changed: Set<number>;
  compare(): Promise<Deviations>;
}

const open = new WeakMap<Lane, Promise<ShopInLane>>();

export interface ShopWork {
  /** What has to be there and at rest before. */
  prepare?(shop: ShopInLane, lane: Lane): Promise<void>;
  /** What happens in the store. */
  happen(shop: ShopInLane, random: Random): Promise<void>;
}

/** A flow of the shop on trial: nobody asks the relay for a run, what the store tells by webhook has to be enough. */
export async function beginInShop(lane: Lane, work: ShopWork): Promise<FlowInLane> {
  const shop = await shopOf(lane);
  let wanted: Random | undefined;
  return {
    saas: shop.saas,
    async makeWork(random) {
      await work.prepare?.(shop, lane);
      wanted = random;
    },
    async run() {
      if (wanted) await work.happen(shop, wanted);
      wanted = undefined;
    },
    compare: () => shop.compare(),
    async evidence() {
      const { store } = shop;
      return { store: await store.truth(), deliveries: await store.deliveries(), postings: await documentsOf(lane) };
    },
  };
}

function shopOf(lane: Lane): Promise<ShopInLane> {
  const present = open.get(lane) ?? openShop(lane);
  open.set(lane, present);
  return present;
}

async function openShop(lane: Lane): Promise<ShopInLane> {
  const { landscape, customer } = lane;
  const store = landscape.own(await startBigCommerceProcess({ compression: 600, quota: 1_000_000, products: 12 }));
  const { baseUrl, storeHash } = store.connectionSettings;
  const wire = landscape.own(await openHttpWire(`${String(baseUrl).replace('{hash}', String(storeHash))}/`));
  const rules = { afterChange: 'reverse-and-repost', outcomeMarginSeconds: 2 };
  const connected = await setUpShop(landscape, store, customer, {
    customers: 'per-customer',
    flowSettings: {
      [orderFlow]: rules,
      [refundFlow]: rules,
      [customerFlow]: { outcomeMarginSeconds: 2 },
      [shipmentFlow]: { functionModule: 'Z_SHIPMENT_NOTE', parameters: noted },
    },
    storeSettings: { baseUrl: wire.baseUrl, timeoutSeconds: timeoutMs / 1000 },
  });
  await startShop(landscape, store, connected, shopFlows);
  await store.act('placeOrders', { count: 3 });
  const shop: ShopInLane = {
    store,
    saas: { wire, connectionId: connected.storeConnectionId },
    changed: new Set(),
    compare: () => compare(lane, store),
  };
  await untilRest(lane, () => shop.compare(), 60_000);
  return shop;
}

const noted = {
  BUKRS: 'companyCode',
  BELNR: 'documentNumber',
  GJAHR: 'fiscalYear',
  EVENT: 'event',
  WHICH: 'shipmentId',
  TRACKING: 'trackingNumber',
};

/** Orders, refunds, customers, shipments: each experiment sees also what it did to the others. */
async function compare(lane: Lane, store: BigCommerceProcess): Promise<Deviations> {
  const { landscape, ledger } = lane;
  const { duplicates, losses, wrong, documentsOf: standing } = await compareShop(landscape, store);
  const { locks } = await landscape.sap.control.call('units-of-work');
  wrong.push(...locks.map((lock) => `SAP still holds the lock ${lock}`));
  const entries = new Map([
    ...ledger.newest(orderFlow).map((entry) => [entry.key, entry] as const),
    ...ledger.newest(refundFlow).map((entry) => [`R${entry.key}`, entry] as const),
  ]);
  for (const [key, mine] of standing) {
    const entry = entries.get(key);
    const ids = mine.map((one) => `${one.companyCode}/${one.number}/${one.fiscalYear}`).join('+');
    // An order whose status is not posted any more keeps its document.
    const isTold = entry?.state === 'skipped' || (entry?.state === 'succeeded' && entry.targetId === ids);
    if (!isTold) losses.push(`${key} is ${ids} in SAP; the ledger says ${entry?.state ?? 'nothing'} ${entry?.targetId ?? ''}`);
  }
  const known = new Set(ledger.all<{ key: string }>('select deduplication_key as key from webhook_event').map(({ key }) => key));
  const answered = new Set((await store.deliveries()).filter(({ status }) => status === 200).map(({ webhookId }) => webhookId));
  losses.push(...[...answered].filter((id) => !known.has(`id ${id}`)).map((id) => `the event ${id} was answered 200 and is not on disk`));
  const [customers, shipments] = [await compareCustomers(lane, store), await compareShipments(lane, store)];
  return {
    duplicates: [...duplicates, ...(await postedTooOften(lane)), ...customers.duplicates, ...shipments.duplicates],
    losses: [...losses, ...customers.losses, ...shipments.losses],
    wrong: [...wrong, ...customers.wrong, ...shipments.wrong],
  };
}

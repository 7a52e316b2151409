import {
  compareShop,
  customerFlow,
  orderFlow,
  refundFlow,
  setUpShop,
  setValueMap,
  shopDeviations,
  shopRest,
  startBigCommerceProcess,
  startShop,
  waitFor,
  type BigCommerceProcess,
  type Landscape,
  type Shop,
  type ShopComparison,
  type Site,
} from '../landscape/index.ts';
import type { Stage } from './stage.ts';

interface OrderRecord {
  id: string;
  key: string;
  label: string;
  state: string;
  reasons: { code: string; message: string }[];
}

/** What is sold to Kuwait: nobody thought of its tax. */
const forgottenTax = { from: 'KW 5', to: 'K1' };

/** Plays the way into SAP: orders of a web shop become FI documents, some of them wait. Answers every deviation. */
export async function runShopStory(landscape: Landscape, site: Site, stage: Stage, { orders }: { orders: number }): Promise<string[]> {
  stage.begin('Web shop: connecting the store, mapping its categories, charges and taxes to SAP');
  const store = landscape.own(await startBigCommerceProcess({ quota: 1_000_000 }));
  const shop = await setUpShop(landscape, store, site, { customers: 'per-customer', forgottenTaxes: [forgottenTax.from] });
  await startShop(landscape, store, shop, [customerFlow, orderFlow, refundFlow]);
  stage.say('webhooks are registered, which the store signs; its customers are created in SAP before their orders');

  stage.begin(`Placing ${orders} orders of all kinds; the store tells of them by webhook`);
  const closed = await placeOrders(landscape, { store, shop, stage, orders });
  const waited = await openPeriod(landscape, { store, shop, stage, closed });
  const mapped = await addTax(landscape, { store, shop, stage });
  await refundTwo(landscape, { store, shop, stage });

  stage.begin('Comparing the store and SAP, order by order');
  const compared = await agreement(landscape, store);
  showSums(compared, stage);
  const { locks } = await landscape.sap.control.call('units-of-work');
  const memos = [...compared.documentsOf.values()].flat().filter(({ documentType }) => documentType === 'DG').length;
  const { customers } = await store.snapshot();
  stage.table([
    {
      what: 'customers of the store, each in SAP under the number it was told',
      count: customers.filter(({ attributes }) => attributes.length > 0).length,
    },
    { what: 'orders in the store', count: (await store.truth()).length },
    { what: 'of these to be posted: paid, shipped, refunded', count: compared.orders },
    { what: 'documents in SAP, all balanced', count: compared.documents - memos },
    { what: 'credit memos of refunds', count: memos },
    { what: 'orders that waited for a closed period', count: waited },
    { what: 'orders that waited for a tax to be mapped', count: mapped },
    { what: 'orders posted twice', count: compared.duplicates.length },
    { what: 'orders lost', count: compared.losses.length },
  ]);
  const open = (await records(landscape, shop)).filter(({ state }) => state !== 'succeeded' && state !== 'skipped');
  return [
    ...shopDeviations(compared),
    ...locks.map((lock) => `SAP still holds the lock ${lock}`),
    ...open.map(({ key, state, reasons }) => `order ${key} is still ${state}: ${reasons.map(({ message }) => message).join('; ')}`),
    ...customers.filter(({ attributes }) => attributes.length === 0).map(({ id }) => `customer ${id} has no number of SAP`),
    ...(memos === 2 ? [] : [`two refunds were made, and SAP has ${memos} credit memos`]),
    ...(waited > 0 ? [] : ['no order waited for the closed period']),
    ...(mapped > 0 ? [] : ['no order waited for the tax that was forgotten']),
  ];
}

interface Scene {
  store: BigCommerceProcess;
  shop: Shop;
  stage: Stage;
}

/** All but the last ones into an open period, these into a closed one. Answers the posting date that is closed. */
async function placeOrders(landscape: Landscape, { store, shop, stage, orders }: Scene & { orders: number }): Promise<string> {
  const late = Math.min(5, orders - 1);
  await store.act('placeOrders', { count: orders - late });
  await rest(landscape, { store, shop, stage });
  const { counts } = await store.webhooks();
  stage.say(`${counts.delivered} webhooks delivered, ${counts.failed} of them not at the first try`);
  const postingDate = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin' }).format(new Date()).replaceAll('-', '');
  await landscape.sap.control.call('close-period', { companyCode: '1000', postingDate });
  await store.act('placeOrder', { kind: 'taxInclusive', count: late });
  await rest(landscape, { store, shop, stage });
  return postingDate;
}

async function openPeriod(landscape: Landscape, { store, shop, stage, closed }: Scene & { closed: string }): Promise<number> {
  stage.begin('Opening the period that was closed in SAP (OB52); the person who did it lets the orders go at once');
  const waiting = (await records(landscape, shop)).filter(({ reasons }) => reasons.some(({ code }) => code === 'SAP_PERIOD_CLOSED'));
  sayOne(stage, waiting, 'wait');
  await landscape.sap.control.call('open-period', { companyCode: '1000', postingDate: closed });
  if (waiting.length > 0) await landscape.relay.api.post(`${shop.path}/records/replay`, { recordIds: waiting.map(({ id }) => id) });
  await rest(landscape, { store, shop, stage });
  return waiting.length;
}

async function addTax(landscape: Landscape, { store, shop, stage }: Scene): Promise<number> {
  stage.begin(`Mapping the tax ${forgottenTax.from}, which was forgotten; what waited for it goes out by itself`);
  const blocked = (await records(landscape, shop)).filter(({ state }) => state === 'blocked');
  sayOne(stage, blocked, 'are blocked');
  await setValueMap(landscape, shop, 'tax-codes', { [forgottenTax.from]: forgottenTax.to });
  await rest(landscape, { store, shop, stage });
  return blocked.length;
}

async function refundTwo(landscape: Landscape, { store, shop, stage }: Scene): Promise<void> {
  stage.begin('Refunding two orders in the store, one in part and one in full');
  const posted = (await records(landscape, shop)).filter(({ state, label }) => state === 'succeeded' && label.endsWith('EUR'));
  const [first, last] = [posted[0], posted.at(-1)];
  await store.act('refundOrder', { orderId: Number(first?.key), kind: 'partial' });
  await store.act('refundOrder', { orderId: Number(last?.key), kind: 'full' });
  await rest(landscape, { store, shop, stage });
}

/** The number of each document is written to the store after the record succeeded. */
async function agreement(landscape: Landscape, store: BigCommerceProcess): Promise<ShopComparison> {
  let compared = await compareShop(landscape, store);
  const agree = async (): Promise<boolean> => shopDeviations((compared = await compareShop(landscape, store))).length === 0;
  await waitFor('store and SAP to agree', agree, 15_000).catch(() => undefined);
  return compared;
}

function showSums({ totals }: ShopComparison, stage: Stage): void {
  const names: Record<string, string> = {
    customer: 'owed by customers',
    goods: 'goods, net',
    charges: 'shipping and other charges, net',
    certificates: 'gift certificates',
    storeCredit: 'store credit',
    'given back': 'given back by refunds',
    tax: 'tax of refunds',
  };
  const shown = totals.filter(({ what, store, sap }) => !what.startsWith('base ') && (store !== '0' || sap !== '0'));
  stage.table(
    shown.map(({ what, currency, store, sap }) => ({ sum: names[what] ?? what, currency, 'in the store': store, 'in SAP': sap })),
  );
}

function sayOne(stage: Stage, held: readonly OrderRecord[], verb: string): void {
  const [one] = held;
  if (one) stage.say(`${held.length} orders ${verb}, for instance ${one.label}: ${one.reasons.map(({ message }) => message).join('; ')}`);
}

function records({ relay }: Landscape, { path, integrationId }: Shop): Promise<OrderRecord[]> {
  return relay.api.all<OrderRecord>(`${path}/records?integrationId=${integrationId}&flowId=${orderFlow}`);
}

/** Until every webhook arrived, what it named was read, and no order can move without a person. */
async function rest(landscape: Landscape, { store, shop, stage }: Scene): Promise<void> {
  await waitFor(
    'all orders to come to rest',
    async () => {
      const { underWay, states } = await shopRest(landscape, store, shop);
      stage.progress(
        Object.entries(states)
          .map(([state, count]) => `${count} ${state}`)
          .join(', '),
      );
      return underWay === 0;
    },
    300_000,
  );
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  sapName,
  setUpSite,
  setValueMap,
  startBigCommerceProcess,
  startLandscape,
  waitFor,
  type BigCommerceProcess,
  type Landscape,
  type Site,
} from '../landscape/index.ts';
import { builtBundles } from './built-bundles.ts';
import { moment, type RecordView, type RunView } from './scene.ts';

/** Materials of SAP reach the products of a store; every part runs as a process of its own. */
const flowId = 'sap-materials-to-bigcommerce-products';
const settings = {
  salesOrganisation: '1000',
  distributionChannel: '10',
  pricesIncludeTax: true,
  priceLists: { EUR: 1 },
  stockLocations: [{ locationId: 1, plant: '1000', storageLocations: ['0001'] }],
  missingProducts: 'create',
  visibleAtCreation: true,
};

let opened: AsyncDisposableStack;
let landscape: Landscape;
let store: BigCommerceProcess;
let site: Site & { integrationId: string };

beforeAll(async () => {
  opened = new AsyncDisposableStack();
  await builtBundles();
  const folder = mkdtempSync(path.join(tmpdir(), 'ml-materials-'));
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(path.join(folder, 'relay'), { mode: 0o700 });
  const limits = { lostAnswerSeconds: 1, stopSeconds: 5, quietSeconds: 1 };
  writeFileSync(path.join(folder, 'relay/relay.yaml'), `limits: ${JSON.stringify(limits)}\n`);
  landscape = opened.use(
    await startLandscape({
      folder,
      sapArgs: ['--vendors', '2', '--materials', '60'],
      timeScale: 400,
      policy: { [sapName]: { presets: [flowId] } },
    }),
  );
  store = opened.use(await startBigCommerceProcess({ quota: 1_000_000, products: 3 }));
  const connected = await setUpSite(landscape);
  const { api } = landscape.relay;
  const { id: targetConnectionId } = await api.post<{ id: string }>(`${connected.path}/connections`, {
    system: 'bigcommerce',
    name: 'Nordlicht shop',
    settings: store.connectionSettings,
  });
  const { id: integrationId } = await api.post<{ id: string }>(`${connected.path}/integrations`, {
    name: 'SAP to shop',
    sourceConnectionId: connected.sapConnectionId,
    targetConnectionId,
    flows: [{ flowId, enabled: false, settings, schedule: { everySeconds: 3600 } }],
  });
  site = { ...connected, integrationId };
}, 90_000);
afterAll(() => opened.disposeAsync());

async function settled(): Promise<void> {
  await waitFor('everything to come to rest', async () => {
    const { records: counts, runs } = await landscape.relay.api.get<{ records: Record<string, number>; runs: { running: number } }>(
      `${site.path}/overview`,
    );
    const moving = ['pending', 'posting', 'failed', 'uncertain'].map((state) => counts[state] ?? 0);
    return runs.running + moving.reduce((sum, count) => sum + count, 0) === 0;
  });
}

async function sweep(): Promise<void> {
  const { api } = landscape.relay;
  const newest = async (): Promise<RunView | undefined> => (await api.all<RunView>(`${site.path}/runs`))[0];
  const before = await newest();
  await api.post(`${site.path}/runs`, { integrationId: site.integrationId, flowId, mode: 'sweep' });
  const run = await waitFor('the sweep', async () => {
    const present = await newest();
    return present && present.id !== before?.id && present.state !== 'running' && present;
  });
  expect(run).toMatchObject({ state: 'succeeded' });
  await settled();
}

/** The newest version of every material's record, by number. */
async function records(): Promise<Map<string, RecordView>> {
  const all = await landscape.relay.api.all<RecordView>(`${site.path}/records?flowId=${flowId}`);
  return new Map(all.toSorted((one, other) => one.version - other.version).map((one) => [one.key, one]));
}

interface Expected {
  price: number;
  stock: number;
}

/** Price of one piece and pieces in stock of every material, counted from SAP's tables; deleted ones and those without a price left out. */
async function expected(): Promise<Map<string, Expected>> {
  const { control } = landscape.sap;
  const rows = (table: string) => control.call('rows', { table });
  const [materials, texts, stock, access, conditions] = await Promise.all(['MARA', 'MAKT', 'MARD', 'A004', 'KONP'].map(rows));
  const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  const found = new Map<string, Expected>();
  for (const { MATNR = '', LVORM } of materials ?? []) {
    const record = access?.find(
      (row) =>
        row['MATNR'] === MATNR && row['VKORG'] === '1000' && row['VTWEG'] === '10' && row['DATAB']! <= today && row['DATBI']! >= today,
    );
    const price = conditions?.find((row) => row['KNUMH'] === record?.['KNUMH'] && row['LOEVM_KO'] !== 'X');
    if (!price || LVORM === 'X' || !texts?.some((row) => row['MATNR'] === MATNR)) continue;
    const place = stock?.find((row) => row['MATNR'] === MATNR && row['WERKS'] === '1000' && row['LGORT'] === '0001');
    const perPiece = Number(price['KBETR']) / Number(price['KPEIN']);
    found.set(MATNR, { price: Math.round(perPiece * 10_000) / 10_000, stock: Math.max(0, Math.floor(Number(place?.['LABST'] ?? 0))) });
  }
  return found;
}

/** What the store holds by SKU; a SKU that it has twice is told. */
async function inStore() {
  const { products, prices, stock } = await store.snapshot();
  const listed = prices[0]?.records ?? [];
  const variants = products.flatMap((product) => product.variants.map((variant) => ({ product, variant })));
  const twice = variants.filter(({ variant }, at) => variants.findIndex((one) => one.variant.sku === variant.sku) !== at);
  expect(twice.map(({ variant }) => variant.sku)).toEqual([]);
  return new Map(
    variants.map(({ product, variant }) => [
      variant.sku,
      {
        price: product.price,
        listed: listed.find(({ sku }) => sku === variant.sku)?.price,
        stock: stock[`1/${variant.id}`] ?? 0,
        isVisible: product['is_visible'],
      },
    ]),
  );
}

const skuOf = (number: string): string => number.replace(/^0+(?=\d+$)/, '');

/** Every material with text and price is one product with SAP's price and stock, and nothing else is there. */
async function expectExact(): Promise<void> {
  const [wanted, held, all] = [await expected(), await inStore(), await records()];
  expect(wanted.size).toBeGreaterThan(40);
  for (const [number, { price, stock }] of wanted) {
    expect({ number, ...held.get(skuOf(number)), state: all.get(number)?.state }).toMatchObject({
      number,
      price,
      listed: price,
      stock,
      state: 'succeeded',
    });
  }
}

test('a first load through lost answers and a killed relay makes each product once', async () => {
  const groups = (await landscape.sap.control.call('rows', { table: 'T023T' })).map((row) => [row['MATKL'] ?? '', '23'] as const);
  await setValueMap(landscape, site, 'categories', Object.fromEntries([...groups, ['(empty)', '25']]));
  for (const kind of ['loseNextAnswer', 'error500AfterCommit'] as const)
    await store.addFault({ kind, times: 3, after: 4, method: 'POST', path: '/v3/catalog/products' });
  await store.addFault({ kind: 'loseNextAnswer', times: 3, after: 2, method: 'PUT', path: '/v3/pricelists' });
  await store.addFault({ kind: 'loseNextAnswer', times: 3, after: 2, method: 'PUT', path: '/v3/inventory' });
  await landscape.relay.api.patch(`${site.path}/integrations/${site.integrationId}/flows/${flowId}`, { enabled: true });
  await moment('products', async () => (await store.snapshot()).products.length > 15);
  landscape.relay.child.kill('SIGKILL');
  await landscape.relay.child.ended;
  await landscape.restartRelay();
  await waitFor('the load', async () => (await records()).size === 60);
  await settled();
  await expectExact();
  const reasons = [...(await records()).values()].filter(({ state }) => state === 'blocked');
  expect(reasons.length).toBeGreaterThan(0);
}, 120_000);

test('a sweep brings new prices and stock, hides what is flagged for deletion, and leaves the rest alone', async () => {
  const { control } = landscape.sap;
  const [one = '', other = '', third = ''] = [...(await expected()).keys()];
  const price = { salesOrganisation: '1000', distributionChannel: '10', currency: 'EUR' };
  await control.call('set-price', { material: one, ...price, amount: '19.90', per: '100' });
  await control.call('set-stock', { number: other, plant: '1000', storageLocation: '0001', quantity: '41.900' });
  await control.call('change-material', { number: third, change: { general: { LVORM: 'X' } } });
  await store.forgetCalls();
  await sweep();
  await expectExact();
  const held = await inStore();
  expect(held.get(skuOf(one))).toMatchObject({ price: 0.199, listed: 0.199 });
  expect(held.get(skuOf(other))).toMatchObject({ stock: 41 });
  expect(held.get(skuOf(third))).toMatchObject({ isVisible: false });
  const writes = async () => (await store.log()).filter(({ method }) => method !== 'GET').map(({ method, path: to }) => `${method} ${to}`);
  expect((await writes()).filter((call) => call.startsWith('PUT /v3/catalog/products'))).toHaveLength(2);

  await store.forgetCalls();
  await sweep();
  expect(await writes()).toEqual([]);
}, 90_000);

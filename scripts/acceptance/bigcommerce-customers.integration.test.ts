import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  orderFlow,
  runShopFlow,
  sapName,
  setUpShop,
  setUpSite,
  setValueMap,
  shopFlows,
  shopRest,
  startBigCommerceProcess,
  startLandscape,
  startShop,
  waitFor,
  type BigCommerceProcess,
  type Landscape,
  type Shop,
} from '../landscape/index.ts';
import { builtBundles } from './built-bundles.ts';
import { moment, type RecordView } from './scene.ts';

/** Customers of a web shop become SAP customers, and orders find them; every part runs as a process of its own. */
const flowId = 'bigcommerce-customers-to-sap-customers';
const settings = {
  salesOrganisation: '1000',
  distributionChannel: '30',
  division: '00',
  companyCode: '1000',
  personTitle: 'Ms.',
  currency: 'EUR',
  outcomeMarginSeconds: 1,
};
const create = 'BAPI_CUSTOMER_CREATEFROMDATA1';

let opened: AsyncDisposableStack;
let landscape: Landscape;
let store: BigCommerceProcess;
let shop: Shop;

beforeAll(async () => {
  opened = new AsyncDisposableStack();
  await builtBundles();
  const folder = mkdtempSync(path.join(tmpdir(), 'ml-customers-'));
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(path.join(folder, 'relay'), { mode: 0o700 });
  const limits = { lostAnswerSeconds: 1, stopSeconds: 5, quietSeconds: 1 };
  writeFileSync(path.join(folder, 'relay/relay.yaml'), `limits: ${JSON.stringify(limits)}\n`);
  landscape = opened.use(
    await startLandscape({
      folder,
      sapArgs: ['--vendors', '2', '--customers', '40'],
      timeScale: 400,
      policy: { [sapName]: { presets: [...shopFlows, flowId] } },
    }),
  );
  store = opened.use(await startBigCommerceProcess({ compression: 600, quota: 1_000_000, customers: 14 }));
  shop = await setUpShop(landscape, store, await setUpSite(landscape), { flowSettings: { [orderFlow]: { customers: 'per-customer' } } });
  await landscape.relay.api.post(`${shop.path}/integrations/${shop.integrationId}/flows`, {
    flowId,
    enabled: false,
    settings,
    schedule: { everySeconds: 3600 },
  });
  await setValueMap(landscape, shop, 'reference-customers', { company: '1000', person: '1000' });
  await setValueMap(landscape, shop, 'languages', { DE: 'DE', AT: 'DE', JP: 'JA' });
}, 90_000);
afterAll(() => opened.disposeAsync());

async function start(): Promise<void> {
  await landscape.relay.api.patch(`${shop.path}/integrations/${shop.integrationId}/flows/${flowId}`, { enabled: true });
}

const settled = () => waitFor('everything to come to rest', async () => (await shopRest(landscape, store, shop)).underWay === 0);

async function records(): Promise<RecordView[]> {
  const all = await landscape.relay.api.all<RecordView>(`${shop.path}/records?flowId=${flowId}`);
  return all.filter((one) => !all.some((other) => other.key === one.key && other.version > one.version));
}

const record = async (customerId: number): Promise<RecordView | undefined> =>
  (await records()).find(({ key }) => key === String(customerId));

/** SAP's customers with each e-mail address of the store's customers. */
async function inSap(): Promise<Map<string, string[]>> {
  const { control } = landscape.sap;
  const [general, emails] = await Promise.all([control.call('rows', { table: 'KNA1' }), control.call('rows', { table: 'ADR6' })]);
  const { customers } = await store.snapshot();
  const numbersOf = (email: string): string[] => {
    const addresses = emails.filter((row) => row['SMTP_ADDR'] === email).map((row) => row['ADDRNUMBER']);
    return general.filter((row) => addresses.includes(row['ADRNR'])).map((row) => row['KUNNR'] ?? '');
  };
  return new Map(customers.map(({ email }) => [email, numbersOf(email)]));
}

/** Every customer of the store is one of SAP, the record knows it, and the store was told. */
async function expectExact(): Promise<void> {
  await settled();
  const numbers = await inSap();
  const all = await records();
  for (const { id, email } of (await store.snapshot()).customers) {
    const { state, targetId } = all.find(({ key }) => key === String(id)) ?? {};
    expect({ email, state, numbers: numbers.get(email) }).toEqual({ email, state: 'succeeded', numbers: [targetId] });
  }
  await waitFor('the store to be told', async () => {
    const { customers } = await store.snapshot();
    return customers.every(({ email, attributes }) => attributes.some((row) => row.attribute_value === numbers.get(email)?.[0]));
  });
}

const newCustomer = (number: number, more: Record<string, unknown> = {}) =>
  store.act('createCustomer', {
    email: `kunde.${number}@example.net`,
    first_name: 'Zoë',
    last_name: `Größl-${number}`,
    addresses: [{ ...home, address1: `Weißenburger Straße ${number}` }],
    ...more,
  });
const home = {
  first_name: 'Zoë',
  last_name: 'Größl',
  company: '',
  address2: '',
  city: 'München',
  state_or_province: 'Bayern',
  postal_code: '81667',
  country_code: 'DE',
  country: 'Germany',
  phone: '',
  address_type: 'residential',
};

test('a first load whose answers are lost on the way creates each customer once', async () => {
  const { control } = landscape.sap;
  await control.call('add-fault', { kind: 'cut', when: 'before', function: create, times: 1 });
  await control.call('add-fault', { kind: 'cut', when: 'after', function: create, times: 1, skip: 2 });
  await control.call('add-fault', { kind: 'cut', when: 'after', function: 'BAPI_TRANSACTION_COMMIT', times: 2, skip: 1 });
  await start();
  await waitFor('the load', async () => (await records()).length === 14);
  await expectExact();
  const { committed, locks } = await control.call('units-of-work');
  expect(committed.filter((line) => line.startsWith(create))).toHaveLength(14);
  expect(locks).toEqual([]);
  // What was written to the store is no change of a customer.
  expect((await records()).every(({ version }) => version === 1)).toBe(true);
}, 120_000);

test('a customer who registers, moves and leaves', async () => {
  await startShop(landscape, store, shop);
  const { id } = (await newCustomer(1, { company: '深圳华为达电子有限公司' })) as { id: number };
  await waitFor('the customer', async () => (await record(id))?.state === 'succeeded');
  await expectExact();
  const number = (await record(id))?.targetId ?? '';
  const held = () => landscape.sap.control.call('customer', { number });
  expect((await held()).ADRC).toMatchObject([
    { NAME1: '深圳华为达电子有限公司', NAME2: 'Zoë Größl-1', STREET: 'Weißenburger Straße 1', LANGU: 'D' },
  ]);
  await store.act('updateCustomer', { customerId: id, last_name: 'Weiß' });
  await waitFor('the change', async () => (await held()).ADRC[0]?.['NAME2'] === 'Zoë Weiß');
  await expectExact();
  await store.act('deleteCustomer', { customerId: id });
  await waitFor('the record to tell it', async () => (await record(id))?.state === 'skipped');
  expect((await held()).KNA1).toMatchObject({ LOEVM: '' });
}, 90_000);

test('an order is posted to the customer of its shopper', async () => {
  const { orderId } = await store.act('placeOrder', { kind: 'taxInclusive' });
  await settled();
  const order = (await store.snapshot()).orders.find(({ header }) => header.id === orderId);
  const customer = await record(Number(order?.header.customer_id));
  const [document] = await landscape.sap.control.call('postings', { reference: `BC${orderId}`, companyCode: '1000' });
  expect(document?.items.find(({ accountType }) => accountType === 'D')?.partner).toBe(customer?.targetId);
}, 60_000);

test('the relay is killed while customers are created: each is there once afterwards', async () => {
  const { control } = landscape.sap;
  await control.call('add-fault', { kind: 'slow', ms: 60, function: create });
  await control.call('reset-counts');
  for (let number = 100; number < 125; number++) await newCustomer(number);
  for (const count of [3, 12]) {
    await moment(`${count} creations`, async () => ((await control.call('counts')).calls[create] ?? 0) >= count);
    landscape.relay.child.kill('SIGKILL');
    await landscape.relay.child.ended;
    await landscape.restartRelay();
  }
  await runShopFlow(landscape, shop, flowId as typeof orderFlow);
  await waitFor('all to be read', async () => (await records()).length === 40);
  await expectExact();
}, 120_000);

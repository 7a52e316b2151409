import {
  compareJde,
  jdeAccountFlow,
  jdeOrderFlow,
  jdeRecords,
  jdeSupplierFlow,
  setValueMap,
  startJdeFlows,
  waitFor,
} from '../landscape/index.ts';
import { openJdeScene, type JdeScene } from './jde-scene.ts';

/** The three flows of JD Edwards from end to end, in order as a customer lives them. Everything runs as processes of their own. */
let scene: JdeScene;
beforeAll(async () => {
  const forgotten = { 'payment-terms': ['ZZZ'], accounts: ['8640'] };
  scene = await openJdeScene({ suppliers: 40, orders: 25, accounts: 60 }, { forgotten });
}, 60_000);
afterAll(() => scene?.[Symbol.asyncDispose]());

/** Suppliers whose terms nobody has mapped, and the orders that wait for them. */
async function heldUp(): Promise<{ suppliers: string[]; orders: string[] }> {
  const { jde } = scene;
  const suppliers = (await jde.rows('F0401', { TRAP: 'ZZZ' })).map(({ AN8 = '' }) => AN8);
  const orders = (await jde.rows('F4301')).filter(({ AN8 = '' }) => suppliers.includes(AN8));
  return { suppliers, orders: orders.map(({ DOCO = '' }) => DOCO) };
}

/** A line of the first order that stands in Cin7, open and with an item. */
async function openLine(index = 0): Promise<Record<string, string>> {
  const { jde, customer } = scene;
  const marks = new Set((await customer.cin7.purchases()).filter(({ isVoided }) => !isVoided).map(({ Note }) => Note.split('\n')[0]));
  const lines = (await jde.rows('F4311', { LNTY: 'S' })).filter(
    ({ KCOO, DCTO, DOCO, LTTR, NXTR = '' }) => marks.has(`JDE:JPD920/${KCOO}/${DCTO}/${DOCO}/000`) && LTTR !== '980' && NXTR < '999',
  );
  const orders = [...Map.groupBy(lines, ({ DOCO }) => DOCO).values()].filter(({ length }) => length > 1);
  return orders[index]?.[0] ?? {};
}

const keyOf = ({ DOCO = '', LNID = '', DCTO = '', KCOO = '' }: Record<string, string>) => ({ DOCO, LNID, DCTO, KCOO });

test('the first load survives an AIS server that restarts in the middle of a page', async () => {
  const { jde, landscape, customer } = scene;
  await jde.addFault({ kind: 'cutMidBody', table: 'F0116' });
  await startJdeFlows(landscape, customer);
  await waitFor('a page to be cut off', async () => (await jde.faults()).happened === 1);
  await jde.restart();
  const { suppliers, orders } = await heldUp();
  expect(suppliers.length).toBeGreaterThan(1);
  await scene.rest({ heldUp: new Set(orders) });
  const compared = await compareJde(landscape, customer, { explained: new Set([...suppliers, ...orders]), without: ['accounts'] });
  expect([...compared.duplicates, ...compared.losses, ...compared.wrong]).toEqual([]);
  expect(compared.held.suppliers).toBe(40 - suppliers.length);
  expect((await jde.logons()).logons).toBe(2);
}, 60_000);

test('suppliers without mapped terms, their orders and accounts without an entry go out by themselves once there is one', async () => {
  const { landscape, customer } = scene;
  const { suppliers } = await heldUp();
  const blocked = await jdeRecords(landscape, customer, jdeSupplierFlow, 'state=blocked');
  expect(blocked.map(({ key }) => key).toSorted()).toEqual(suppliers.toSorted());
  expect(blocked[0]?.reasons).toMatchObject([{ code: 'VALUE_MAP_MISSING', missing: { valueMapId: 'payment-terms', code: 'ZZZ' } }]);
  const accounts = await jdeRecords(landscape, customer, jdeAccountFlow, 'state=blocked');
  expect(accounts.map(({ reasons }) => reasons[0]?.missing?.code)).toEqual(accounts.map(() => '8640'));
  expect(accounts.length).toBeGreaterThan(0);
  await setValueMap(landscape, customer, 'payment-terms', { ZZZ: '90 days' });
  await setValueMap(landscape, customer, 'accounts', { '8640': '8640' });
  await scene.rest();
  const compared = await compareJde(landscape, customer);
  expect([...compared.duplicates, ...compared.losses, ...compared.wrong]).toEqual([]);
  expect(compared.held.purchases).toBeGreaterThan(15);
  expect(compared.sums.map(({ jde }) => jde)).toEqual(compared.sums.map(({ cin7 }) => cin7));
}, 60_000);

test('another run, a sweep and a full read write nothing, whatever became of the session', async () => {
  const { jde } = scene;
  const written = await scene.writes(async () => {
    await scene.run();
    await jde.expireTokens();
    await scene.run({ mode: 'sweep' });
    await jde.restart();
    await scene.run({ mode: 'full' });
  });
  expect(written).toEqual({});
}, 60_000);

test('an address changed alone, a name and an e-mail update these suppliers and no other', async () => {
  const { jde } = scene;
  const [moved = '', renamed = ''] = (await jde.rows('F0401', { HDPY: 'N' })).slice(5).map(({ AN8 = '' }) => AN8);
  const written = await scene.writes(async () => {
    await jde.act('changeAddress', { AN8: moved, change: { ADD1: 'Lindenallee 7', CTY1: 'Görlitz', ADDZ: '02826' } });
    await jde.act('renameSupplier', { AN8: renamed, ALPH: 'Weiß & Söhne Großhandel GmbH' });
    await scene.run({ flows: [jdeSupplierFlow] });
  });
  expect(written).toEqual({ 'PUT /supplier': 2 });
  expect(await scene.deviations()).toEqual([]);
}, 60_000);

test('a changed line, a cancelled line and a cancelled order change three purchases and make none', async () => {
  const { jde, customer, landscape } = scene;
  const before = (await customer.cin7.purchases()).length;
  const [more, less, dropped] = [await openLine(0), await openLine(1), await openLine(2)];
  const { UORG = '0', UOPN = '0', AEXP = '0', FEA = '0' } = more;
  const twice = (amount: string): string => String(Number(amount) * 2);
  await jde.act('changeLine', { ...keyOf(more), change: { UORG: twice(UORG), UOPN: twice(UOPN), AEXP: twice(AEXP), FEA: twice(FEA) } });
  await jde.act('cancelLine', keyOf(less));
  for (const line of await jde.rows('F4311', { DOCO: dropped['DOCO'] ?? '' }))
    if (line['LTTR'] !== '980') await jde.act('cancelLine', keyOf(line));
  await scene.run({ flows: [jdeOrderFlow] });
  const after = await customer.cin7.purchases();
  expect(after).toHaveLength(before);
  expect(after.filter(({ isVoided }) => isVoided).map(({ Note }) => Note)).toEqual([expect.stringContaining(`/${dropped['DOCO']}/000`)]);
  const compared = await compareJde(landscape, customer);
  expect([...compared.duplicates, ...compared.losses, ...compared.wrong]).toEqual([]);
}, 60_000);

test('a new order of a new supplier waits for that one, and both arrive', async () => {
  const { jde } = scene;
  const { AN8 } = await jde.act('addSupplier', {
    ALPH: "O'Brien Castings Ltd",
    address: { CTR: 'UK' },
    master: { CRRP: 'GBP', TRAP: '001' },
  });
  await jde.act('addOrder', {
    AN8,
    KCOO: '00200',
    MCU: '40',
    baseCurrency: 'GBP',
    currency: 'GBP',
    lines: [
      { purchasingUnits: '12' },
      { kind: 'text' },
      { kind: 'freight', amount: '49.90' },
      { kind: 'account', amount: '1200.00', isLumpSum: true },
    ],
  });
  await scene.ask(jdeOrderFlow);
  await scene.run({ flows: [jdeSupplierFlow] });
  await scene.rest();
  expect(await scene.deviations()).toEqual([]);
}, 60_000);

test('the sweep notices a purged supplier, and deprecates him in Cin7', async () => {
  const { jde } = scene;
  const ordered = new Set((await jde.rows('F4301')).map(({ AN8 }) => AN8));
  const purged = (await jde.rows('F0401')).find(({ AN8 }) => !ordered.has(AN8))?.['AN8'] ?? '';
  await jde.act('purgeSupplier', { AN8: purged });
  expect(await scene.writes(() => scene.run({ flows: [jdeSupplierFlow], mode: 'sweep' }))).toEqual({ 'PUT /supplier': 1 });
  expect(await scene.deviations()).toEqual([]);
}, 60_000);

test('a renamed and a closed account stand in the stories of their records; the chart of Cin7 is never written', async () => {
  const { jde, landscape, customer } = scene;
  const [renamed = {}, closed = {}] = await jde.rows('F0901', { PEC: '', LDA: '6' });
  const written = await scene.writes(async () => {
    await jde.act('changeAccount', { AID: renamed['AID'] ?? '', change: { DL01: 'Bürobedarf & Porto' } });
    await jde.act('changeAccount', { AID: closed['AID'] ?? '', change: { PEC: 'I' } });
    await scene.run({ flows: [jdeAccountFlow] });
  });
  expect(written).toEqual({});
  const [record] = await jdeRecords(landscape, customer, jdeAccountFlow, `q=${renamed['AID']}`);
  const { events } = await landscape.relay.api.get<{ events: { kind: string }[] }>(`${customer.path}/records/${record?.id ?? ''}`);
  expect(events.map(({ kind }) => kind)).toContain('account renamed');
  expect(await scene.deviations()).toEqual([]);
}, 60_000);

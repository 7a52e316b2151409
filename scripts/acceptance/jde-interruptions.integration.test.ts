import { jdeOrderFlow, jdeRecords, jdeSupplierFlow, startJdeFlows, waitFor } from '../landscape/index.ts';
import { openJdeScene, type JdeScene } from './jde-scene.ts';

/** What dies, is cut or gets lost while JD Edwards is read and Cin7 is written: nothing arrives twice, nothing is missing. */
let scene: JdeScene;
beforeAll(async () => {
  scene = await openJdeScene({ suppliers: 40, orders: 12, accounts: 30, seed: 3 });
  await startJdeFlows(scene.landscape, scene.customer);
  await scene.rest();
}, 60_000);
afterAll(() => scene?.[Symbol.asyncDispose]());

async function newOrders(count: number): Promise<string[]> {
  const suppliers = await scene.jde.rows('F0401', { CRRP: 'EUR' });
  const made: string[] = [];
  for (let index = 0; index < count; index++) {
    const lines = [{ purchasingUnits: String(index + 1) }, { kind: 'freight', amount: '19.90' } as const];
    const { DOCO } = await scene.jde.act('addOrder', { AN8: suppliers[index % suppliers.length]?.['AN8'] ?? '', lines });
    made.push(DOCO);
  }
  return made;
}

/** A page of this table that is on its way: JD Edwards has it, the agent does not. */
async function inMiddleOfPage(table: string): Promise<void> {
  const { jde } = scene;
  const { happened } = await jde.faults();
  await jde.addFault({ kind: 'slow', table, ms: 1500 });
  await scene.ask(table === 'F4311' ? jdeOrderFlow : jdeSupplierFlow, 'full');
  await waitFor('a slow page', async () => (await jde.faults()).happened > happened);
}

test('the first load is exact', async () => {
  expect(await scene.deviations()).toEqual([]);
});

test('an agent killed in the middle of a page', async () => {
  const { landscape } = scene;
  const { agent } = landscape;
  await newOrders(2);
  await inMiddleOfPage('F4311');
  agent.running?.kill('SIGKILL');
  await agent.running?.ended;
  landscape.own(agent.start());
  await scene.rest();
  expect(await scene.deviations()).toEqual([]);
}, 60_000);

test('a tunnel cut in the middle of a page', async () => {
  const { landscape, jde } = scene;
  await jde.act('addSupplier', { ALPH: 'Brunner Präzision AG', address: { CTR: 'DE' } });
  await inMiddleOfPage('F0116');
  landscape.link.cut();
  await waitFor('the run to notice', async () => (await scene.newestRun(jdeSupplierFlow))?.state !== 'running');
  landscape.link.mend();
  await scene.rest();
  expect(await scene.deviations()).toEqual([]);
}, 60_000);

test.each([
  ['the session ends in the middle of a read', { kind: 'invalidToken', table: 'F4311' }],
  ['the HTML server cannot be reached', { kind: 'error500', table: 'F4301' }],
  ['half an answer', { kind: 'wrongJson', table: 'F4311' }],
  ['an error hidden in a 200', { kind: 'sysErrorInside200', table: 'F4311' }],
  ['rows that are not there for a moment', { kind: 'emptyRows', table: 'F4311' }],
  ['a connection that breaks', { kind: 'dropConnection', table: 'F4301' }],
] as const)(
  '%s',
  async (_what, fault) => {
    const { jde } = scene;
    await newOrders(1);
    const { happened } = await jde.faults();
    await jde.addFault(fault);
    await scene.ask(jdeOrderFlow);
    await waitFor('the fault', async () => (await jde.faults()).happened > happened);
    await scene.rest();
    expect(await scene.deviations()).toEqual([]);
  },
  60_000,
);

const headers = { method: 'POST', path: '/advanced-purchase' };
const lines = { method: 'POST', path: '/purchase/order' };

test.each([
  ['the header', headers],
  ['the lines', lines],
])(
  'answers of Cin7 to %s: lost after and before they were applied, an error after',
  async (_what, step) => {
    const { cin7 } = scene.customer;
    const before = (await cin7.purchases()).length;
    for (const kind of ['loseNextAnswer', 'dropBeforeCommit', 'error500AfterCommit'] as const) await cin7.addFault({ kind, ...step });
    await newOrders(4);
    await scene.run({ flows: [jdeOrderFlow] });
    expect(await cin7.purchases()).toHaveLength(before + 4);
    expect(await scene.deviations()).toEqual([]);
  },
  60_000,
);

test('answers to what changes a purchase, all lost: undoing it, its header, its lines', async () => {
  const { jde, customer } = scene;
  const { cin7 } = customer;
  const [DOCO = ''] = await newOrders(1);
  await scene.run({ flows: [jdeOrderFlow] });
  const before = (await cin7.purchases()).length;
  for (const method of ['DELETE', 'PUT']) await cin7.addFault({ kind: 'loseNextAnswer', method, path: '/advanced-purchase' });
  await cin7.addFault({ kind: 'loseNextAnswer', ...lines });
  await jde.act('changeLine', { DOCO, LNID: '1.000', change: { UORG: '7', UOPN: '7', AEXP: '2887.50', AOPN: '2887.50' } });
  await scene.run({ flows: [jdeOrderFlow] });
  expect(await cin7.purchases()).toHaveLength(before);
  expect(await scene.deviations()).toEqual([]);
}, 60_000);

test('a relay killed while purchases are written', async () => {
  const { landscape, customer } = scene;
  const before = (await customer.cin7.purchases()).length;
  await newOrders(6);
  await scene.ask(jdeOrderFlow);
  await waitFor('a purchase to be begun', async () => (await customer.cin7.purchases()).length > before);
  landscape.relay.child.kill('SIGKILL');
  await landscape.relay.child.ended;
  await landscape.restartRelay();
  await scene.rest();
  await scene.run({ flows: [jdeOrderFlow], mode: 'sweep' });
  expect(await customer.cin7.purchases()).toHaveLength(before + 6);
  expect(await scene.deviations()).toEqual([]);
  expect(await jdeRecords(landscape, customer, jdeOrderFlow, 'state=blocked,failed,uncertain')).toEqual([]);
}, 60_000);

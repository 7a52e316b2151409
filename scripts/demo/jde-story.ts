import {
  compareJde,
  isJdeAtRest,
  jdeAccountFlow,
  jdeDeviations,
  jdeFlows,
  jdeOrderFlow,
  jdeRecords,
  jdeSupplierFlow,
  newestJdeRun,
  runJdeFlows,
  setUpJde,
  setValueMap,
  startCin7Process,
  startJdeFlows,
  waitFor,
  type JdeComparison,
  type JdeCustomer,
  type Landscape,
  type Site,
} from '../landscape/index.ts';
import { changeJde, type JdeChanges } from './jde-changes.ts';
import type { Stage } from './stage.ts';

/** Forgotten on purpose: terms that F0014 does not have, rents, and an item that nobody has entered in Cin7 Core. */
const forgotten = { terms: 'ZZZ', account: '8720', item: 'PUMPE-4711' } as const;

interface Scene {
  landscape: Landscape;
  customer: JdeCustomer;
  stage: Stage;
}

/**
 * Plays the second ERP behind the same agent: suppliers, purchase orders and accounts of JD Edwards, an AIS server that restarts in the middle of
 * a page, what waited and went out by itself, changes. What it answers plays the end, and answers every deviation from what JD Edwards says: an
 * order waits for its item up to a minute, in which there is time for other stories.
 */
export async function beginJdeStory(landscape: Landscape, site: Site, stage: Stage): Promise<() => Promise<string[]>> {
  const scene = await connect(landscape, site, stage);
  const { heldUp, missing } = await orderTheUnknown(scene);
  const restarts = await loadWithRestart(scene, heldUp);
  const released = await release(scene);
  const changes = await change(scene, new Set([missing]));
  return () => endJdeStory(scene, { restarts, released, changes });
}

interface Played {
  restarts: number;
  released: Released;
  changes: JdeChanges & { deviations: string[] };
}

async function endJdeStory(scene: Scene, { restarts, released, changes }: Played): Promise<string[]> {
  const { landscape, stage } = scene;
  await lateProduct(scene);
  stage.begin('Comparing JD Edwards and Cin7 Core: suppliers, orders line by line, accounts');
  const compared = await compareJde(landscape, scene.customer);
  showSums(compared, stage);
  showCounts(compared, { released, restarts, changes, stage });
  const open = await openRecords(scene);
  return [
    ...jdeDeviations(compared),
    ...open.map(({ key, state, reasons }) => `JD Edwards ${key} is still ${state}: ${reasons.map(({ message }) => message).join('; ')}`),
    ...(restarts === 1 ? [] : ['the AIS server did not restart in the middle of a page']),
    ...(released.suppliers > 0 ? [] : ['no supplier waited for the terms that were forgotten']),
    ...(released.accounts > 0 ? [] : ['no account waited for the one that was forgotten']),
    ...changes.deviations,
  ];
}

/** Another company of the group, with a Cin7 of its own. */
async function connect(landscape: Landscape, site: Site, stage: Stage): Promise<Scene> {
  stage.begin('JD Edwards: connecting it through the same agent, mapping terms, units, taxes, locations, charges and accounts');
  const process = landscape.own(await startCin7Process({ timeScale: cin7TimeScale }));
  const customer = await setUpJde(landscape, site, {
    cin7: { process },
    forgotten: { 'payment-terms': [forgotten.terms], accounts: [forgotten.account] },
  });
  const { user, environment, role } = landscape.jde.credentials;
  stage.say(
    `AIS over HTTPS with a private authority: user ${user}, environment ${environment}, role ${role}, password sealed to the agent`,
  );
  return { landscape, customer, stage };
}

/** 800 times 60 calls a minute: a purchase takes some eight. */
const cin7TimeScale = 800;

/** Answers the orders that have to wait, and which of them waits for an item. */
async function orderTheUnknown({ landscape: { jde } }: Scene): Promise<{ heldUp: Set<string>; missing: string }> {
  const suppliers = await jde.rows('F0401', { TRAP: '002', CRRP: 'EUR', HOLD: '' });
  const { DOCO: missing } = await jde.act('addOrder', {
    AN8: suppliers[0]?.['AN8'] ?? '',
    lines: [{ item: { ...pump, LITM: forgotten.item }, purchasingUnits: '3' }, { purchasingUnits: '2' }],
  });
  const unmapped = new Set((await jde.rows('F0401', { TRAP: forgotten.terms })).map(({ AN8 }) => AN8));
  const orders = (await jde.rows('F4301')).filter(({ AN8 }) => unmapped.has(AN8));
  return { heldUp: new Set([missing, ...orders.map(({ DOCO = '' }) => DOCO)]), missing };
}

const pump = {
  ITM: '60900',
  AITM: '4001627000999',
  DSC1: 'Kreiselpumpe 4 kW',
  DSC2: '',
  UOM: 'EA',
  UOM3: 'EA',
  perPurchasingUnit: '1',
  price: '1249.9000',
};

async function loadWithRestart({ landscape, customer, stage }: Scene, heldUp: ReadonlySet<string>): Promise<number> {
  stage.begin('First load; the AIS server restarts in the middle of a page of suppliers');
  const { jde } = landscape;
  await jde.addFault({ kind: 'cutMidBody', table: 'F0116', after: 1 });
  await startJdeFlows(landscape, customer);
  await waitFor('a page to be cut off', async () => (await jde.faults()).happened === 1);
  await jde.restart();
  const run = await newestJdeRun(landscape, customer, jdeSupplierFlow);
  stage.say(`AIS restarted after ${run?.read ?? 0} suppliers: the page broke off, and the session is gone`);
  await rest({ landscape, customer, stage }, heldUp);
  const { logons } = await jde.logons();
  stage.say(`${logons} logons in all; the load went on where it was`);
  return logons - 1;
}

interface Released {
  suppliers: number;
  orders: number;
  accounts: number;
}

/** Records wait, naming what is missing; the entries are added, and they go out by themselves. */
async function release(scene: Scene): Promise<Released> {
  const { landscape, customer, stage } = scene;
  stage.begin('Mapping what was forgotten, and entering the missing item in Cin7 Core; what waited goes out by itself');
  const blocked = async (flowId: (typeof jdeFlows)[number]): Promise<number> => {
    const held = await jdeRecords(landscape, customer, flowId, 'state=blocked');
    const [one] = held;
    if (one)
      stage.say(`${held.length} wait, for instance ${one.key} ${one.label}: ${one.reasons.map(({ message }) => message).join('; ')}`);
    return held.length;
  };
  const [suppliers, accounts] = [await blocked(jdeSupplierFlow), await blocked(jdeAccountFlow)];
  const waiting = await jdeRecords(landscape, customer, jdeOrderFlow, 'state=waiting');
  const itemMissing = waiting.filter(({ reasons }) => reasons.some(({ code }) => code === 'PRODUCTS_MISSING'));
  for (const { label, reasons } of itemMissing) stage.say(`${label}: ${reasons.map(({ message }) => message).join('; ')}`);
  await customer.cin7.putProducts([{ SKU: forgotten.item, Name: pump.DSC1, UOM: 'EA' }]);
  await setValueMap(landscape, customer, 'payment-terms', { [forgotten.terms]: '90 days' });
  await setValueMap(landscape, customer, 'accounts', { [forgotten.account]: forgotten.account });
  await rest(scene, new Set(itemMissing.map(numberOf)));
  const orders = waiting.length - itemMissing.length;
  stage.say(`${suppliers} suppliers, ${orders} orders that waited for theirs and ${accounts} accounts went out`);
  return { suppliers, orders: waiting.length, accounts };
}

async function change(scene: Scene, heldUp: ReadonlySet<string>): Promise<JdeChanges & { deviations: string[] }> {
  const { landscape, customer, stage } = scene;
  stage.begin('Changing JD Edwards: an address, lines, orders, a purged supplier, accounts');
  const { cin7 } = customer;
  const before = (await cin7.purchases()).length;
  await cin7.forgetCalls();
  const changes = await changeJde(landscape, customer);
  for (const what of changes.told) stage.say(what);
  await runJdeFlows(landscape, customer, { flows: [jdeSupplierFlow, jdeOrderFlow, jdeAccountFlow], heldUp });
  await runJdeFlows(landscape, customer, { flows: [jdeSupplierFlow], mode: 'sweep', heldUp });
  const calls = await cin7.calls();
  const [updated, created, made] = [calls['PUT /supplier'] ?? 0, calls['POST /supplier'] ?? 0, (await cin7.purchases()).length - before];
  stage.say(`${updated} suppliers updated, ${created} created; ${made} new purchase`);
  const expected = `${changes.suppliersUpdated} updated, 0 created, ${changes.ordersCreated} new purchases`;
  const found = `${updated} updated, ${created} created, ${made} new purchases`;
  return { ...changes, deviations: found === expected ? [] : [`changes in JD Edwards led to ${found}; expected: ${expected}`] };
}

/** The item is asked for once a minute; nobody presses anything. */
async function lateProduct(scene: Scene): Promise<void> {
  const left = await jdeRecords(scene.landscape, scene.customer, jdeOrderFlow, 'state=waiting');
  if (left.length === 0) return;
  scene.stage.begin('Waiting for the order whose item came late: Cin7 Core is asked for it once a minute');
  await rest(scene, new Set());
}

function showSums({ sums }: JdeComparison, stage: Stage): void {
  stage.table(sums.map(({ currency, jde, cin7 }) => ({ 'orders without tax': currency, 'in JD Edwards': jde, 'in Cin7 Core': cin7 })));
}

function showCounts(
  compared: JdeComparison,
  { released, restarts, changes, stage }: { released: Released; restarts: number; changes: JdeChanges; stage: Stage },
): void {
  const { counts, held, unneeded } = compared;
  stage.table([
    { what: 'suppliers in JD Edwards', count: counts.suppliers },
    { what: 'suppliers in Cin7 Core', count: held.suppliers },
    { what: 'purchase orders in JD Edwards', count: counts.orders },
    { what: 'of these without a purchase: received before, on hold, cancelled', count: unneeded },
    { what: 'purchases in Cin7 Core', count: held.purchases },
    { what: 'accounts in JD Edwards', count: counts.accounts },
    { what: 'of these linked to an account of Cin7 Core, all others take no postings', count: held.accounts },
    { what: 'times the AIS server restarted', count: restarts },
    { what: 'suppliers that waited for terms to be mapped', count: released.suppliers },
    { what: 'orders that waited for their supplier or an item', count: released.orders },
    { what: 'accounts that waited for an entry', count: released.accounts },
    { what: 'changes in JD Edwards afterwards', count: changes.told.length },
    { what: 'in Cin7 Core twice', count: compared.duplicates.length },
    { what: 'lost', count: compared.losses.length },
  ]);
}

async function openRecords({ landscape, customer }: Scene) {
  const all = await Promise.all(
    jdeFlows.map((flowId) => jdeRecords(landscape, customer, flowId, 'state=pending,posting,failed,uncertain,blocked,waiting')),
  );
  return all.flat();
}

function numberOf({ key }: { key: string }): string {
  return key.split('-')[2] ?? '';
}

async function rest({ landscape, customer, stage }: Scene, heldUp: ReadonlySet<string>): Promise<void> {
  await waitFor(
    'all of JD Edwards to come to rest',
    async () => {
      const calls = await customer.cin7.calls();
      const [suppliers, headers] = [calls['POST /supplier'] ?? 0, calls['POST /advanced-purchase'] ?? 0];
      stage.progress(`${suppliers} suppliers and ${headers} purchases written`);
      return isJdeAtRest(landscape, customer, { heldUp });
    },
    300_000,
  );
}

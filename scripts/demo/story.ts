import {
  deviationsOf,
  expectedSuppliers,
  setValueMap,
  startFlow,
  stateCounts,
  vendorFlow,
  waitFor,
  type Customer,
  type Landscape,
} from '../landscape/index.ts';
import type { Stage } from './stage.ts';

interface ValueMap {
  id: string;
  missingEntries: { code: string; name: string; records: number }[];
  proposals: { from: string; fromName: string; to: string; toName: string }[];
}

interface Run {
  id: string;
  state: string;
  read: number;
}

/** Plays the demo from the first load to the last change; answers every deviation from what SAP says. */
export async function runStory(landscape: Landscape, customer: Customer, stage: Stage, options: { ownData: boolean }): Promise<string[]> {
  await mapCodes(landscape, customer, stage);
  const oneLoad = await loadWithCut(landscape, customer, stage);
  const missing = await addMissingEntries(landscape, customer, stage);
  const refused = await mendRefusals(landscape, customer, stage);
  const changes = options.ownData ? undefined : await changeThree(landscape, customer, stage);

  stage.begin('Comparing SAP and Cin7 Core, vendor by vendor');
  const expected = await expectedSuppliers(landscape);
  const suppliers = await landscape.cin7.suppliers();
  const counts = await stateCounts(landscape, customer);
  // Somebody's own masters may hold what only they can decide; a vendor that is blocked with a reason is explained, not lost.
  const blocked = options.ownData ? await blockedRecords(landscape, customer) : [];
  const deviations = [...deviationsOf(expected, suppliers, new Set(blocked.map(({ key }) => key))), ...(changes?.deviations ?? [])];
  for (const { key, label, reasons } of blocked.slice(0, 20))
    stage.say(`${key} ${label}: ${reasons.map(({ message }) => message).join('; ')}`);
  stage.table([
    { what: 'vendors in SAP ECC', count: expected.vendors.size + expected.oneTime },
    { what: 'one-time vendors, skipped on purpose', count: expected.oneTime },
    { what: 'suppliers in Cin7 Core', count: suppliers.length },
    { what: 'times the tunnel was cut during the load', count: oneLoad.cuts },
    { what: 'vendors that waited for a code to be mapped', count: missing },
    { what: 'vendors that Cin7 Core refused until their currency was enabled', count: refused },
    { what: 'vendors changed in SAP afterwards', count: changes?.changed ?? 0 },
    { what: 'suppliers updated by that', count: changes?.updated ?? 0 },
    { what: 'suppliers created by that', count: changes?.created ?? 0 },
    ...Object.entries(counts).map(([state, count]) => ({ what: `records ${state}`, count })),
  ]);
  for (const state of ['failed', 'uncertain', 'blocked', 'pending', 'posting', 'waiting'] as const)
    if (counts[state] && !(state === 'blocked' && options.ownData))
      deviations.push(`${counts[state]} records are still ${state}: ${await whyOf(landscape, customer, state)}`);
  return deviations;
}

/** Takes the proposals, and leaves out the rare term that nobody thought of. */
async function mapCodes(landscape: Landscape, customer: Customer, stage: Stage): Promise<void> {
  stage.begin('Mapping payment terms and accounts from what both systems offer');
  const { api } = landscape.relay;
  await api.post(`${customer.path}/integrations/${customer.integrationId}/value-maps/refresh`);
  for (const map of await valueMaps(landscape, customer)) {
    const taken = map.proposals.filter(({ from }) => from !== forgottenTerm);
    const entries = Object.fromEntries([...taken.map(({ from, to }) => [from, to] as const), ...(byHand[map.id] ?? [])]);
    if (Object.keys(entries).length === 0) continue;
    await setValueMap(landscape, customer, map.id, entries);
    stage.say(
      `${map.id}: ${Object.entries(entries)
        .map(([from, to]) => `${from} = ${to}`)
        .join(', ')}`,
    );
  }
}

const forgottenTerm = 'Z090';
/** What no proposal covers, as a person would enter it. */
const byHand: Record<string, [from: string, to: string][]> = {
  'payment-terms': [
    ['0002', '14 days 2%, 30 days net'],
    ['ZM15', '30 days end of month'],
    ['(empty)', '30 days'],
  ],
  'reconciliation-accounts': ['160000', '161000', '162000', '169000'].map((account) => [account, '800']),
};

async function loadWithCut(landscape: Landscape, customer: Customer, stage: Stage): Promise<{ cuts: number }> {
  stage.begin('First load; the tunnel is cut in the middle of it');
  await landscape.sap.control.call('add-fault', { kind: 'slow', ms: 60, function: 'RFC_READ_TABLE', times: 100_000 });
  await startFlow(landscape, customer);
  const run = await waitFor('the first run to read some vendors', async () => {
    const [first] = await runs(landscape, customer);
    return first && (first.read >= 200 || first.state !== 'running') ? first : undefined;
  });
  const broken = landscape.link.cut();
  stage.say(`tunnel cut after ${run.read} vendors (${broken} connection broken, run ${run.state}); it is mended in a second`);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  landscape.link.mend();
  await settled(landscape, customer, stage);
  await landscape.sap.control.call('clear-faults');
  return { cuts: broken };
}

/** Until the load is complete and no record can move without a person. */
async function settled(landscape: Landscape, customer: Customer, stage: Stage): Promise<void> {
  await waitFor(
    'all records to come to rest',
    async () => {
      const counts = await stateCounts(landscape, customer);
      const [last] = await runs(landscape, customer);
      const open = (counts.pending ?? 0) + (counts.posting ?? 0) + (counts.failed ?? 0) + (counts.uncertain ?? 0);
      stage.progress(
        Object.entries(counts)
          .map(([state, count]) => `${count} ${state}`)
          .join(', '),
      );
      return open === 0 && last?.state === 'succeeded';
    },
    600_000,
  );
}

async function addMissingEntries(landscape: Landscape, customer: Customer, stage: Stage): Promise<number> {
  const maps = (await valueMaps(landscape, customer)).filter(({ id, missingEntries }) => id in lateEntries && missingEntries.length > 0);
  if (maps.length === 0) return 0;
  stage.begin('Adding the codes that had no entry; what waited for them goes out by itself');
  for (const { id, missingEntries } of maps) {
    const to = lateEntries[id] ?? '';
    for (const { code, name, records } of missingEntries) stage.say(`${records} vendors wait for ${id} ${code} ${name}: mapped to ${to}`);
    await setValueMap(landscape, customer, id, Object.fromEntries(missingEntries.map(({ code }) => [code, to])));
  }
  await settled(landscape, customer, stage);
  return maps.flatMap(({ missingEntries }) => missingEntries).reduce((sum, { records }) => sum + records, 0);
}

const lateEntries: Record<string, string> = { 'payment-terms': '90 days', 'reconciliation-accounts': '800' };

/** Currencies that SAP uses and Cin7 Core does not know: a person enables them there, and replays what was refused. */
async function mendRefusals(landscape: Landscape, customer: Customer, stage: Stage): Promise<number> {
  const { blocked = 0 } = await stateCounts(landscape, customer);
  if (blocked === 0) return 0;
  stage.begin('Enabling in Cin7 Core the currencies it refused, and replaying what it blocked');
  stage.say(await whyOf(landscape, customer, 'blocked', 1));
  const enabled = await landscape.cin7.enableCurrencies(await sapCurrencies(landscape));
  stage.say(`enabled: ${enabled.join(', ') || 'none was missing'}`);
  await landscape.relay.api.post(`${customer.path}/records/replay`, { filter: { states: ['blocked'] } });
  await settled(landscape, customer, stage);
  return blocked - ((await stateCounts(landscape, customer)).blocked ?? 0);
}

async function sapCurrencies({ sap }: Landscape): Promise<string[]> {
  const rows = [...(await sap.control.call('rows', { table: 'LFM1' })), ...(await sap.control.call('rows', { table: 'T001' }))];
  return [...new Set(rows.map((row) => row['WAERS'] ?? ''))].filter((currency) => currency !== '');
}

async function changeThree(
  landscape: Landscape,
  customer: Customer,
  stage: Stage,
): Promise<{ changed: number; updated: number; created: number; deviations: string[] }> {
  stage.begin('Changing three vendors in SAP: a name, an e-mail address, a block');
  const { sap, cin7 } = landscape;
  const expected = await expectedSuppliers(landscape);
  const active = [...expected.vendors].filter(([, { isDeprecated }]) => !isDeprecated).map(([number]) => number);
  const [renamed = '', mailed = '', blocked = ''] = [active[3], active[10], active[active.length - 2]];
  await cin7.forgetCalls();
  await sap.control.call('change-vendor', { number: renamed, change: { general: { NAME1: 'Weiß & Söhne Großhandel GmbH' } } });
  await sap.control.call('change-vendor', { number: mailed, change: { email: 'neu@lieferant.example.com' } });
  await sap.control.call('change-vendor', { number: blocked, change: { general: { SPERR: 'X' } } });
  await waitFor('three suppliers to be updated', async () => ((await cin7.calls())['PUT /supplier'] ?? 0) >= 3, 60_000);
  await twoMoreRuns(landscape, customer);
  const calls = await cin7.calls();
  const [updated, created] = [calls['PUT /supplier'] ?? 0, calls['POST /supplier'] ?? 0];
  stage.say(`${updated} suppliers updated, ${created} created, and two more runs found nothing to do`);
  const deviations =
    updated === 3 && created === 0 ? [] : [`three vendors changed, but ${updated} suppliers were updated and ${created} created`];
  return { changed: 3, updated, created, deviations };
}

/** So that an update too many would show. */
async function twoMoreRuns(landscape: Landscape, customer: Customer): Promise<void> {
  const [before] = await runs(landscape, customer);
  await waitFor('two more runs', async () => {
    const newer = (await runs(landscape, customer)).filter(({ id, state }) => id > (before?.id ?? '') && state === 'succeeded');
    return newer.length >= 2;
  });
}

async function runs(landscape: Landscape, { path, integrationId }: Customer): Promise<Run[]> {
  const page = await landscape.relay.api.get<{ items: Run[] }>(`${path}/runs?integrationId=${integrationId}&flowId=${vendorFlow}&limit=10`);
  return page.items;
}

async function valueMaps(landscape: Landscape, { path, integrationId }: Customer): Promise<ValueMap[]> {
  return (await landscape.relay.api.get<{ items: ValueMap[] }>(`${path}/integrations/${integrationId}/value-maps`)).items;
}

interface OpenRecord {
  key: string;
  label: string;
  reasons: { message: string }[];
}

function blockedRecords(landscape: Landscape, { path }: Customer): Promise<OpenRecord[]> {
  return landscape.relay.api.all<OpenRecord>(`${path}/records?state=blocked`);
}

async function whyOf(landscape: Landscape, { path }: Customer, state: string, limit = 3): Promise<string> {
  const page = await landscape.relay.api.get<{ items: OpenRecord[] }>(`${path}/records?state=${state}&limit=${limit}`);
  return page.items.map(({ key, label, reasons }) => `${key} ${label}: ${reasons.map(({ message }) => message).join('; ')}`).join(' | ');
}

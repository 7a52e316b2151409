import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { builtBundles } from '../acceptance/built-bundles.ts';
import { Random } from '../sandbox/sap/seed/random.ts';
import { runCampaign } from './campaign.ts';
import { chaosFlows } from './flows/index.ts';
import { customerChaos } from './flows/customers.ts';
import { jdeOrderChaos } from './flows/jde-orders.ts';
import { jdeSupplierChaos } from './flows/jde-suppliers.ts';
import { journalChaos } from './flows/journals.ts';
import { orderChaos } from './flows/orders.ts';
import { shipmentChaos } from './flows/shipments.ts';
import { vendorChaos } from './flows/vendors.ts';
import { openLane, ownBundles } from './lane.ts';
import { hasFailed } from './matrix.ts';
import { plan } from './plan.ts';

let folder: string;
let bundles: ReturnType<typeof ownBundles>;
beforeAll(async () => {
  await builtBundles();
  folder = mkdtempSync(path.join(tmpdir(), 'ml-chaos-test-'));
  bundles = ownBundles();
}, 60_000);
afterAll(() => {
  bundles[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

test('nothing is posted twice, lost, wrong or stuck after two dozen faults of a fixed seed', async () => {
  const experiments = plan({ seed: 20, count: 24, flows: chaosFlows });
  const finished = await runCampaign({
    experiments,
    bundles,
    lanes: 3,
    durationMs: 180_000,
    evidence: path.join(folder, 'evidence'),
    report: () => undefined,
  });
  expect(finished).toHaveLength(24);
  const failed = finished
    .filter(hasFailed)
    .map(({ experiment: { flow, step, kind }, outcome }) => [flow.id, step.name, kind.name, outcome]);
  expect(failed).toEqual([]);
}, 240_000);

test('the comparison sees a journal that is there twice, one that is still a draft, and one with another amount', async () => {
  await using lane = await openLane(path.join(folder, 'journals'), bundles);
  const flow = await journalChaos.begin(lane);
  const { landscape, target } = lane;
  const [first, second, third] = await landscape.cin7.journals();
  const send = async (method: string, body: unknown): Promise<void> => {
    const { accountId, applicationKey } = landscape.cin7.connectionSettings as Record<string, string>;
    const headers = {
      'api-auth-accountid': accountId ?? '',
      'api-auth-applicationkey': applicationKey ?? '',
      'content-type': 'application/json',
    };
    const answer = await fetch(`${target.baseUrl}journal`, { method, headers, body: JSON.stringify(body) });
    expect(answer.status).toBe(200);
  };
  const { TaskID: _id, JournalNumber: _number, ...copy } = first!;
  await send('POST', copy);
  await landscape.cin7.changeJournal({ TaskID: second!.TaskID, Status: 'DRAFT' });
  const Lines = third!.Lines.map((line, index) => (index === 0 ? { ...line, BaseAmount: '0.01' } : line));
  await landscape.cin7.changeJournal({ TaskID: third!.TaskID, Lines });
  const { duplicates, losses, wrong } = await flow.compare();
  expect(duplicates).toEqual([expect.stringContaining(`2 journals "${first!.Narration}"`)]);
  expect(losses).toEqual([expect.stringMatching(/has journal JR-\S+ DRAFT/)]);
  expect(wrong.length).toBeGreaterThan(0);
}, 60_000);

test('the comparison sees a vendor without a supplier and one that was changed in Cin7', async () => {
  await using lane = await openLane(path.join(folder, 'vendors'), bundles);
  const flow = await vendorChaos.begin(lane);
  const [numbers, suppliers] = [await lane.landscape.sap.control.call('list-vendors'), await lane.landscape.cin7.suppliers()];
  await lane.landscape.sap.control.call('change-vendor', { number: numbers[3]!, change: { general: { ORT01: 'Gdańsk' } } });
  const { number } = await lane.landscape.sap.control.call('create-vendor', { general: { NAME1: "O'Brien & Töchter" } });
  const { duplicates, losses, wrong } = await flow.compare();
  expect(suppliers.length).toBeGreaterThan(20);
  expect({ duplicates, losses }).toEqual({ duplicates: [], losses: [expect.stringContaining(number)] });
  expect(wrong).toEqual([expect.stringContaining('town is "Gdańsk" in SAP')]);
}, 60_000);

test('the comparison sees an order that was posted twice, one whose webhooks nobody heard, and a document nobody wanted', async () => {
  await using lane = await openLane(path.join(folder, 'orders'), bundles);
  const flow = await orderChaos.begin(lane);
  const { control } = lane.landscape.sap;
  const [posted] = (await control.call('postings', { companyCode: '1000' })).filter(({ reference }) => reference.startsWith('BC'));
  const items = [
    { side: 'S' as const, account: '0000113100', amount: '12.00' },
    { side: 'H' as const, account: '0000113900', amount: '12.00' },
  ];
  const key = (reference: string) => control.call('post-document', { companyCode: '1000', documentType: 'SA', reference, items });
  await key(posted?.reference ?? '');
  await key('BC999999');
  lane.webhooks.shut();
  await flow.makeWork(new Random(1));
  await flow.run();
  const { duplicates, losses } = await flow.compare();
  expect(duplicates).toEqual([
    expect.stringContaining(`2 documents ${posted?.reference}`),
    expect.stringContaining('order 999999 is not to be in SAP'),
  ]);
  expect(losses.filter((one) => one.endsWith('has no document in SAP')).length).toBeGreaterThan(2);
}, 60_000);

test('the comparison sees a customer of the shop who is in SAP twice, one who moved there, and a shipment that nobody heard of', async () => {
  await using lane = await openLane(path.join(folder, 'customers'), bundles);
  const flow = await customerChaos.begin(lane);
  const shipping = await shipmentChaos.begin(lane);
  await shipping.makeWork(new Random(1));
  const { control } = lane.landscape.sap;
  const ours = (await control.call('rows', { table: 'KNA1' })).filter((row) => row['ERNAM'] === 'ML_AGENT');
  const [twice, moved] = ours;
  const addresses = await control.call('rows', { table: 'ADR6' });
  const email = addresses.find((row) => row['ADDRNUMBER'] === twice?.['ADRNR'])?.['SMTP_ADDR'] ?? '';
  const { number } = await control.call('create-customer', { general: { NAME1: "O'Brien & Töchter", LAND1: 'DE' }, emails: [email] });
  await control.call('change-customer', { number: moved?.['KUNNR'] ?? '', change: { address: { CITY1: 'Gdańsk' } } });
  lane.webhooks.shut();
  await shipping.run();
  const { duplicates, losses, wrong } = await flow.compare();
  expect(duplicates).toEqual([expect.stringMatching(new RegExp(`^customer \\d+ .* is .*${number}`))]);
  expect(wrong).toEqual([expect.stringContaining('Gdańsk in SAP')]);
  expect(losses.filter((one) => one.endsWith('is not noted in SAP')).length).toBeGreaterThan(2);
}, 90_000);

test('the comparison sees an order with two purchases, one without, one with another amount, and a supplier that nobody brought', async () => {
  await using lane = await openLane(path.join(folder, 'jde'), bundles);
  const [orders, suppliers] = [await jdeOrderChaos.begin(lane), await jdeSupplierChaos.begin(lane)];
  const { jde, cin7 } = lane.landscape;
  const [first, second, third] = (await cin7.purchases()).filter(({ Order }) => Order.Lines.length > 1);
  await cin7.changePurchase({ ID: second?.ID ?? '', Note: first?.Note ?? '' });
  const numberOf = (note = ''): string => /OP\/(\d+)/.exec(note)?.[1] ?? '';
  await jde.update('F4311', { DOCO: numberOf(third?.Note), LNID: '1.000' }, { AEXP: '1.23', FEA: '1.23' });
  const { AN8 } = await jde.act('addSupplier', { ALPH: "O'Neill Castings & Söhne" });
  const found = await orders.compare();
  expect(found.duplicates).toEqual([`order ${numberOf(first?.Note)} is in Cin7 2 times`]);
  expect(found.losses).toContain(`order ${numberOf(second?.Note)} has no purchase in Cin7`);
  expect(found.wrong).toContainEqual(expect.stringMatching(new RegExp(`^order ${numberOf(third?.Note)} .* in JD Edwards, .* in Cin7$`)));
  expect((await suppliers.compare()).losses).toContain(`supplier ${AN8} is not in Cin7`);
}, 60_000);

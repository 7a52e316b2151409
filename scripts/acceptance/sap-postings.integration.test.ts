/** FI postings, customers and materials through the relay's facade, the agent's units and the real node-rfc addon, against the simulated SAP. */
import {
  isSystemError,
  silentLog,
  systemClock,
  type SapDescribe,
  type SapTableRead,
  type SapUnit,
  type SystemError,
  type TableChunk,
} from '@ml-connector/shared';
import type { AgentCalls } from '@ml-connector/shared/tunnel';
import { openJournal, openUnits } from '../../agent/src/journal/index.ts';
import { openSapBench, testCall, type SapBench } from '../../agent/src/systems/sap/testing/simulated-sap.ts';
import {
  openCustomers,
  openPostings,
  openSapSession,
  readSapMaterials,
  sapEccSettings,
  type CustomerData,
  type Customers,
  type FiItem,
  type FiPosting,
  type Postings,
  type SapMaterial,
  type SapSession,
} from '../../relay/src/systems/sap-ecc/index.ts';
import { testScope } from '../../relay/src/systems/testing/index.ts';
import { closePeriod, openPeriod, postings as truth } from '../sandbox/sap/index.ts';

let opened: AsyncDisposableStack;
let bench: SapBench;
let session: SapSession;
let postings: Postings;
let customers: Customers;
let units = 0;
const scope = testScope();

beforeAll(async () => {
  opened = new AsyncDisposableStack();
  bench = opened.use(await openSapBench({ vendors: 2, customers: 40, materials: 30, seed: 5 }));
  session = openSapSession({
    tenantId: 'acme',
    connectionId: 'prd',
    settings: sapEccSettings.parse({ siteId: 'berlin', agentSystem: 'ECC' }),
    clock: systemClock,
    log: silentLog,
    agents: agentCalls(bench, opened),
  });
  postings = openPostings(session);
  customers = openCustomers(session);
});
afterAll(() => opened.disposeAsync());
beforeEach(() => bench.sap.faults.clear());

function agentCalls({ system, dataDir }: SapBench, stack: AsyncDisposableStack): AgentCalls {
  const journal = stack.use(openJournal({ dataDir, clock: systemClock }));
  const writing = stack.use(openUnits({ journal, clock: systemClock, log: silentLog }));
  const unit = (request: SapUnit): Promise<unknown> => {
    if (request.commit === 'never') return system.unit(request, testCall());
    const call = { callId: request.unitId, context: {}, clockOffsetMs: 0, signal: new AbortController().signal };
    return writing.run(request, call, (gate) => system.writingUnit(request, gate));
  };
  return {
    async call<Answer>(_target: unknown, operation: string, request: unknown): Promise<Answer> {
      return (await (operation === 'SapUnit' ? unit(request as SapUnit) : system.describe(request as SapDescribe, testCall()))) as Answer;
    },
    async *stream<Chunk, End>(_target: unknown, _operation: string, request: unknown): AsyncGenerator<Chunk, End, void> {
      const call = testCall();
      const end = await system.readTable(request as SapTableRead, call);
      for (const chunk of call.chunks) yield JSON.parse(chunk.toString('utf8')) as TableChunk as Chunk;
      return end as End;
    },
  };
}

const nextUnit = (): string => `rec-${++units}.1`;
const sale = (amount: string): FiItem => ({ kind: 'gl', glAccount: '800000', amount, taxCode: 'A1', profitCenter: '1000', text: 'Goods' });
const tax = (amount: string, base: string): FiItem => ({
  kind: 'tax',
  taxCode: 'A1',
  amount,
  base,
  accountKey: 'MWS',
  conditionKey: 'MWAS',
});

function order(reference: string, more: Partial<FiPosting> = {}): FiPosting {
  return {
    companyCode: '1000',
    documentType: 'DR',
    documentDate: '20260131',
    postingDate: '20260131',
    reference,
    headerText: `BC order ${reference}`,
    currency: 'EUR',
    items: [{ kind: 'customer', customer: '1000', amount: '119', assignment: reference, text: 'Order' }, sale('-100'), tax('-19', '-100')],
    ...more,
  };
}

const post = (posting: FiPosting) => postings.post({ unitId: nextUnit(), posting }, scope);
const failure = async (work: Promise<unknown>): Promise<SystemError> => {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!isSystemError(error)) throw new Error('nothing went wrong');
  return error;
};
const find = (reference: string) => postings.find({ companyCode: '1000', reference }, scope);

test('an order is checked, posted, found and reversed', async () => {
  const posting = order('ML-1');
  expect((await postings.check(posting, scope)).filter(({ TYPE }) => 'AEX'.includes(TYPE))).toEqual([]);
  expect(truth(bench.sap, { reference: 'ML-1' })).toEqual([]);
  const document = await post(posting);
  const [held] = truth(bench.sap, { reference: 'ML-1' });
  expect(held).toMatchObject({
    number: document.documentNumber,
    fiscalYear: document.fiscalYear,
    headerText: 'BC order ML-1',
    total: '119.00',
  });
  expect(await find('ML-1')).toMatchObject([{ ...document, currency: 'EUR', total: '119', isReversal: false }]);
  const request = { unitId: nextUnit(), document, reason: '01', postingDate: '20260131' };
  const reversing = await postings.reverse(request, scope);
  const [original, reversal] = await find('ML-1');
  expect(original).toMatchObject({ ...document, isReversal: false, reversal: { documentNumber: reversing.documentNumber } });
  if (reversal) expect(reversal).toMatchObject({ ...reversing, isReversal: true });
  expect(await failure(postings.reverse({ ...request, unitId: nextUnit() }, scope))).toMatchObject({ code: 'SAP_ALREADY_REVERSED' });
});

test('a unit posted twice is one document', async () => {
  const request = { unitId: nextUnit(), posting: order('ML-2') };
  expect(await postings.post(request, scope)).toEqual(await postings.post(request, scope));
  expect(truth(bench.sap, { reference: 'ML-2' })).toHaveLength(1);
});

test('a closed period is told before and by the posting; it is open again when SAP says so', async () => {
  const day = { companyCode: '1000', postingDate: '20260131' };
  closePeriod(bench.sap, day);
  expect(await postings.isPeriodOpen(day, scope)).toBe(false);
  expect(await failure(post(order('ML-3')))).toMatchObject({
    code: 'SAP_PERIOD_CLOSED',
    verdict: 'refused',
    fix: expect.stringContaining('OB52') as string,
  });
  openPeriod(bench.sap, day);
  expect(await postings.isPeriodOpen(day, scope)).toBe(true);
  await post(order('ML-3'));
});

test('a fiscal year that begins in April is read from SAP', async () => {
  const day = { companyCode: '4000', postingDate: '20260115' };
  expect(await postings.isPeriodOpen(day, scope)).toBe(true);
  closePeriod(bench.sap, day);
  expect(await postings.isPeriodOpen(day, scope)).toBe(false);
  expect(await postings.isPeriodOpen({ ...day, postingDate: '20260215' }, scope)).toBe(true);
  openPeriod(bench.sap, day);
});

test('a customer that somebody works on is tried again later', async () => {
  bench.sap.faults.add({ kind: 'customer-locked', by: 'MMUELLER', times: 1 });
  expect(await failure(post(order('ML-4')))).toMatchObject({
    code: 'SAP_LOCKED',
    verdict: 'retry',
    fix: expect.stringContaining('SM12') as string,
  });
  expect(await find('ML-4')).toEqual([]);
  await post(order('ML-4'));
});

test.each<[string, Partial<FiPosting>, string]>([
  [
    'an account that does not exist',
    {
      items: [
        { kind: 'customer', customer: '1000', amount: '1' },
        { kind: 'gl', glAccount: '987654', amount: '-1' },
      ],
    },
    '987654',
  ],
  ['a customer that does not exist', { items: [{ kind: 'customer', customer: '999999', amount: '1' }, sale('-1')] }, '999999'],
])('%s is refused in words that name it', async (_what, change, named) => {
  const error = await failure(post(order('ML-5', change)));
  expect(error.verdict).toBe('refused');
  expect(error.message).toContain(named);
  expect(error.message).not.toContain('RW 609');
  expect(await find('ML-5')).toEqual([]);
});

test.each([
  ['the answer of the commit', { when: 'after', function: 'BAPI_TRANSACTION_COMMIT' }, 1],
  ['the connection before the commit', { when: 'before', function: 'BAPI_TRANSACTION_COMMIT' }, 0],
] as const)('after losing %s, what SAP holds is found by the reference', async (_what, aim, count) => {
  const reference = `ML-6-${count}`;
  bench.sap.faults.add({ kind: 'cut', times: 1, ...aim });
  expect(await failure(post(order(reference)))).toMatchObject({ verdict: 'uncertain' });
  expect(await find(reference)).toHaveLength(count);
});

test('a one-time customer is posted with name and address', async () => {
  const items: FiItem[] = [{ kind: 'customer', customer: '99000', amount: '119' }, sale('-100'), tax('-19', '-100')];
  const oneTimeCustomer = {
    name: "Siobhán O'Brien",
    street: 'Am Hof 7a',
    city: 'Köln',
    postalCode: '50667',
    country: 'DE',
    language: 'DE',
  };
  await post(order('ML-7', { items, oneTimeCustomer }));
  const [held] = truth(bench.sap, { reference: 'ML-7' });
  expect(held?.items.map(({ oneTime }) => oneTime).join(' ')).toContain("Siobhán O'Brien");
  expect(await failure(post(order('ML-7B', { items })))).toMatchObject({ verdict: 'refused' });
});

test.each([
  ['JPY', '1190', '1000', '190'],
  ['KWD', '1.190', '1.000', '0.190'],
])('%s keeps its decimals on the way in and out', async (currency, gross, net, vat) => {
  const items: FiItem[] = [{ kind: 'customer', customer: '1000', amount: gross }, sale(`-${net}`), tax(`-${vat}`, `-${net}`)];
  await post(order(`ML-${currency}`, { currency, items }));
  const [held] = truth(bench.sap, { reference: `ML-${currency}` });
  expect(held).toMatchObject({ currency, total: gross });
  const [found] = await find(`ML-${currency}`);
  expect([found?.currency, Number(found?.total)]).toEqual([currency, Number(gross)]);
});

test('999 items are one document', async () => {
  const lines = Array.from({ length: 998 }, (): FiItem => ({
    kind: 'gl',
    glAccount: '800000',
    amount: '-1',
    taxCode: 'A0',
    profitCenter: '1000',
  }));
  const zeroTax: FiItem = { kind: 'tax', taxCode: 'A0', amount: '0', base: '-997', accountKey: 'MWS', conditionKey: 'MWAS' };
  await post(order('ML-999', { items: [{ kind: 'customer', customer: '1000', amount: '997' }, ...lines.slice(0, 997), zeroTax] }));
  expect((await find('ML-999'))[0]?.total).toBe('997');
});

const salesArea = { salesOrganisation: '1000', distributionChannel: '30', division: '00' };
const company: CustomerData = {
  kind: 'company',
  title: 'Company',
  names: ['Żółć & Söhne', 'Abteilung Einkauf'],
  firstName: '',
  lastName: '',
  street: 'Hauptstraße',
  houseNumber: '1',
  city: 'Köln',
  district: '',
  postalCode: '50667',
  country: 'DE',
  region: '05',
  telephone: '+49 221 1',
  email: 'Kontor@Zolc-und-Soehne.example',
  language: 'DE',
  currency: 'EUR',
};

test('a customer is created from the reference, found by e-mail whatever its case, read and changed', async () => {
  const number = await customers.create({ unitId: nextUnit(), data: company, salesArea, referenceCustomer: '1000' }, scope);
  expect(await customers.find({ email: 'kontor@zolc-und-soehne.EXAMPLE' }, scope)).toEqual([number]);
  expect(await customers.get(number, scope)).toMatchObject({ ...company, number, isOneTime: false, isDeleted: false });
  expect(await customers.existsIn(number, { companyCode: '1000', salesArea }, scope)).toBe(true);
  expect(await customers.existsIn(number, { companyCode: '2000' }, scope)).toBe(false);
  const change = { names: ['Żółć KG'], street: 'Am Markt', telephone: '' };
  await customers.change({ unitId: nextUnit(), number, kind: 'company', change, salesArea }, scope);
  expect(await customers.get(number, scope)).toMatchObject({ names: ['Żółć KG'], street: 'Am Markt', telephone: '', city: 'Köln' });
});

test('a person is created and posted to; what SAP lacks is refused by name', async () => {
  const data: CustomerData = {
    ...company,
    kind: 'person',
    title: 'Ms.',
    names: [],
    firstName: 'Siobhán',
    lastName: "O'Brien",
    email: 's@o.example',
  };
  const number = await customers.create({ unitId: nextUnit(), data, salesArea, referenceCustomer: '1000' }, scope);
  expect(await customers.get(number, scope)).toMatchObject({ kind: 'person', firstName: 'Siobhán', lastName: "O'Brien" });
  await post(order('ML-8', { items: [{ kind: 'customer', customer: number, amount: '119' }, sale('-100'), tax('-19', '-100')] }));
  const wrong = customers.create({ unitId: nextUnit(), data, salesArea, referenceCustomer: '4711' }, scope);
  expect(await failure(wrong)).toMatchObject({ verdict: 'refused', message: expect.stringContaining('4711') as string });
});

test('after a lost answer the created customer is found by its e-mail', async () => {
  bench.sap.faults.add({ kind: 'cut', when: 'after', function: 'BAPI_TRANSACTION_COMMIT', times: 1 });
  const data = { ...company, email: 'verloren@zolc.example' };
  const request = { unitId: nextUnit(), data, salesArea, referenceCustomer: '1000' };
  expect(await failure(customers.create(request, scope))).toMatchObject({ verdict: 'uncertain' });
  expect(await customers.find({ email: 'verloren@zolc.example' }, scope)).toHaveLength(1);
});

test('materials are read with stock and prices, then only what changed', async () => {
  const read = async (mode: 'changes' | 'sweep', cursor: unknown) => {
    const seen = { materials: [] as SapMaterial[], cursor };
    const reading = {
      mode,
      cursor,
      language: 'DE',
      plants: [],
      salesOrganisation: '1000',
      distributionChannel: '30',
      progress: () => undefined,
    };
    for await (const batch of readSapMaterials(session, reading, testScope())) {
      seen.materials.push(...batch.materials);
      seen.cursor = batch.cursor ?? seen.cursor;
    }
    return seen;
  };
  const loaded = await read('changes', null);
  expect(loaded.materials.map(({ number }) => number)).toEqual(bench.sap.materials.list());
  expect(loaded.materials.some(({ stock }) => stock.length > 0)).toBe(true);
  expect(loaded.materials.some(({ prices }) => prices.length > 0)).toBe(true);
  const [changed = ''] = bench.sap.materials.list();
  bench.sap.materials.change(changed, { general: { EAN11: '4006381333931' } });
  const later = await read('changes', loaded.cursor);
  expect(later.materials.find(({ number }) => number === changed)?.ean).toBe('4006381333931');
});

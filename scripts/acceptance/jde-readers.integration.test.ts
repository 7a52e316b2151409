/** The readers of JD Edwards through the real agent code and the simulated AIS server, compared with what that holds. */
import { compareAmounts, silentLog, type JdeCall, type JdeQuery } from '@ml-connector/shared';
import type { AgentCalls } from '@ml-connector/shared/tunnel';
import { chunksOf, openJdeBench, testCall, type JdeBench } from '../../agent/src/systems/jde/testing/jde-bench.ts';
import {
  jdeSettings,
  openJdeSession,
  readAccounts,
  readPaymentTerms,
  readPurchaseOrders,
  readSuppliers,
  type JdeBatch,
  type JdePurchaseOrder,
  type JdeReading,
  type JdeSupplier,
} from '../../relay/src/systems/jde/index.ts';
import { testScope } from '../../relay/src/systems/testing/index.ts';
import type { Row } from '../sandbox/jde/index.ts';

const dayMs = 86_400_000;

async function open(options: Parameters<typeof openJdeBench>[0] = {}, settings: Record<string, unknown> = {}) {
  const bench = await openJdeBench(options, settings);
  const { jde } = bench;
  const clock = { now: () => jde.clock.now(), wait: () => Promise.reject(new Error('nothing waits here')) };
  const session = openJdeSession({
    tenantId: 'acme',
    connectionId: 'jde',
    settings: jdeSettings.parse({ siteId: 'denver', agentSystem: 'JPD', environment: 'JPD920' }),
    clock,
    log: silentLog,
    agents: agentCalls(bench),
  });
  const scope = testScope();
  const reading = (more: Partial<JdeReading> = {}): JdeReading => ({
    session,
    scope,
    clock,
    mode: 'changes',
    cursor: null,
    progress: () => undefined,
    ...more,
  });
  const orders = (more: Partial<JdeReading> = {}, chosen: { orderTypes?: string[]; companies?: string[] } = {}) =>
    drain(readPurchaseOrders({ ...reading(more), orderTypes: ['OP', 'O2'], companies: [], ...chosen }));
  return {
    ...bench,
    session,
    scope,
    suppliers: (more: Partial<JdeReading> = {}) => drain(readSuppliers(reading(more))),
    orders,
    accounts: (more: Partial<JdeReading> = {}, companies: string[] = []) => drain(readAccounts({ ...reading(more), companies })),
    rows: (table: string, where: Row = {}) => jde.person.find(table, where),
  };
}

/** Without tunnel and policy, which have tests of their own. */
function agentCalls({ system }: JdeBench): AgentCalls {
  return {
    async call<Answer>(_target: unknown, _operation: string, request: unknown): Promise<Answer> {
      const call = request as JdeCall;
      if (call.service === 'orchestration') throw new Error('no reader runs an orchestration');
      return (call.service === 'info' ? await system.describe(testCall()) : await system.count(call, testCall())) as Answer;
    },
    async *stream<Chunk, End>(_target: unknown, _operation: string, request: unknown): AsyncGenerator<Chunk, End, void> {
      const call = testCall();
      const end = await system.query({ ...(request as JdeQuery) }, call);
      yield* chunksOf(call) as Chunk[];
      return end as End;
    },
  };
}

/** Stops at an error, as the engine does. */
async function drain<Item>(batches: AsyncIterable<JdeBatch<Item>>) {
  const seen = { items: [] as Item[], gone: [] as string[], cursor: undefined as unknown, error: undefined as unknown };
  try {
    for await (const { items, gone, cursor } of batches) {
      seen.items.push(...items);
      seen.gone.push(...gone);
      if (cursor !== undefined) seen.cursor = JSON.parse(JSON.stringify(cursor));
    }
  } catch (error) {
    seen.error = error;
  }
  return seen;
}

const numbersOf = ({ items }: { items: JdeSupplier[] }) => items.map(({ number }) => number);
const keysOf = ({ items }: { items: JdePurchaseOrder[] }) => items.map(({ key }) => key);
const trimmed = (row: Row | undefined, alias: string) => (row?.[alias] ?? '').trim();

describe('suppliers', () => {
  test('all of the supplier master come once and in order, each as the tables have it', async () => {
    await using opened = await open({ seed: { suppliers: 230, orders: 0, accounts: 0 }, site: { padsText: true } }, { pageSize: 60 });
    const { suppliers, rows, jde } = opened;
    const { items, error } = await suppliers();
    expect(error).toBeUndefined();
    expect(items.map(({ number }) => number)).toEqual(rows('F0401').map((row) => row['AN8']));
    for (const supplier of items) {
      const { number: AN8 } = supplier;
      const [book] = rows('F0101', { AN8 });
      const [master] = rows('F0401', { AN8 });
      const inEffect = rows('F0116', { AN8 }).findLast(({ EFTB = '' }) => EFTB <= jde.clock.today());
      expect([supplier.alphaName, supplier.taxId, supplier.searchType]).toEqual(
        ['ALPH', 'TAX', 'AT1'].map((alias) => trimmed(book, alias)),
      );
      expect(supplier.mailingName).toBe(trimmed(rows('F0111', { AN8, IDLN: '0' })[0], 'MLNM'));
      expect(supplier.address && [supplier.address.effectiveFrom, ...supplier.address.lines, supplier.address.city]).toEqual(
        inEffect && ['EFTB', 'ADD1', 'ADD2', 'ADD3', 'ADD4', 'CTY1'].map((alias) => trimmed(inEffect, alias)),
      );
      expect([supplier.master.paymentTerms, supplier.master.currency]).toEqual(['TRAP', 'CRRP'].map((alias) => trimmed(master, alias)));
      expect(supplier.phones).toHaveLength(rows('F0115', { AN8, IDLN: '0' }).length);
      expect(supplier.electronicAddresses).toHaveLength(rows('F01151', { AN8 }).length);
    }
    expect(items.some(({ address }) => address === undefined)).toBe(true);
    expect((await readPaymentTerms(opened.session, opened.scope)).length).toBeGreaterThan(3);
  });

  test('what people change is found, whichever table it stands in; what others change is not', async () => {
    await using opened = await open();
    const { jde, suppliers } = opened;
    let { cursor } = await suppliers();
    const next = async () => {
      const seen = await suppliers({ cursor });
      ({ cursor } = seen);
      return numbersOf(seen);
    };
    // What was changed lately before the load is settled by two readings.
    await next();
    await next();
    expect(await next()).toEqual([]);
    jde.actions.changeAddress({ AN8: '6003', change: { ADD1: 'Umgezogen 1' } });
    jde.person.update('F01151', { AN8: '6013' }, { EMAL: 'new@supplier6013.example' });
    jde.person.insert(
      'F0115',
      { AN8: '6011', IDLN: '0', CNLN: '0', RCK7: '9', PHTP: 'CELL', PH1: '1' },
      { UPMJ: yesterday(jde.clock.today()) },
    );
    jde.person.update('F0101', { AT1: 'C' }, { ALPH: 'A customer' });
    const { AN8 } = jde.actions.addSupplier({ ALPH: 'Neu & Söhne' });
    expect((await next()).toSorted()).toEqual(['6003', '6011', '6013', AN8].toSorted());
  });

  test('an address comes into effect by its date alone, after a pause of weeks too', async () => {
    await using opened = await open();
    const { jde, suppliers } = opened;
    const { items, cursor } = await suppliers();
    const [without] = items.filter(({ address }) => address === undefined);
    jde.clock.advance(31 * dayMs);
    const later = await suppliers({ cursor });
    expect(later.items.find(({ number }) => number === without?.number)?.address).toMatchObject({ city: expect.any(String) });
    expect(later.items.length).toBeLessThan(items.length);
  });

  test('a server that restarts in the middle loses nothing', async () => {
    await using opened = await open({ seed: { suppliers: 260, orders: 0, accounts: 0 } });
    const { jde, suppliers, rows } = opened;
    jde.faults.add({ kind: 'error503', table: 'F0116', after: 1, times: 10 });
    const broken = await suppliers();
    expect(broken.error).toMatchObject({ verdict: 'retry' });
    jde.faults.clear();
    jde.restart();
    const resumed = await suppliers({ cursor: broken.cursor });
    expect(broken.items.length).toBeGreaterThan(0);
    expect([...numbersOf(broken), ...numbersOf(resumed)]).toEqual(rows('F0401').map((row) => row['AN8']));
  });

  test('answers without rows, of a server that has some, take nothing away', async () => {
    await using opened = await open();
    const { jde, suppliers } = opened;
    const { items } = await suppliers();
    for (const table of ['F0116', 'F0401']) {
      jde.faults.add({ kind: 'emptyRows', table });
      expect((await suppliers({ mode: 'sweep' })).error).toMatchObject({ code: 'JDE_ROWS_MISSING', verdict: 'retry' });
    }
    expect((await suppliers({ mode: 'sweep' })).items).toEqual(items);
  });

  test('a sweep finds what was purged and what SQL changed; hidden rows are no purge', async () => {
    await using opened = await open();
    const { jde, suppliers } = opened;
    const all = numbersOf(await suppliers());
    const linkedKeys = () => Promise.resolve(all);
    jde.actions.purgeSupplier({ AN8: '6005' });
    jde.person.update('F0101', { AN8: '6007' }, { ALPH: 'By SQL' }, 'none');
    const swept = await suppliers({ mode: 'sweep', linkedKeys });
    expect(swept).toMatchObject({ gone: ['6005'], error: undefined });
    expect(swept.items.find(({ number }) => number === '6007')?.alphaName).toBe('By SQL');
    for (const { number } of swept.items.slice(0, 20)) jde.site.hiddenRows.push({ table: 'F0401', column: 'AN8', value: number });
    expect(await suppliers({ mode: 'sweep', linkedKeys })).toMatchObject({ gone: [], error: { code: 'JDE_SUPPLIERS_VANISHED' } });
  });

  test('columns of other releases may be absent, optional ones hidden; a hidden currency stops everything', async () => {
    await using opened = await open({ site: { absentColumns: ['F0101.TX2', 'F01151.EHIER'], hiddenColumns: ['F0101.TAX'] } });
    const { jde, suppliers } = opened;
    const { items, error } = await suppliers();
    expect(error).toBeUndefined();
    expect(items.every(({ taxId, additionalTaxId }) => taxId === '' && additionalTaxId === '')).toBe(true);
    jde.site.hiddenColumns.push('F0401.CRRP');
    expect((await suppliers()).error).toMatchObject({
      code: 'JDE_COLUMN_WITHHELD',
      verdict: 'halt',
      message: expect.stringContaining('F0401.CRRP'),
    });
  });
});

describe('purchase orders', () => {
  test('all of the chosen types come once with all their lines, to the last digit', async () => {
    await using opened = await open({ seed: { suppliers: 40, orders: 130, accounts: 60 } }, { pageSize: 20 });
    const { orders, rows } = opened;
    const { items, error } = await orders();
    expect(error).toBeUndefined();
    const headers = rows('F4301').filter(({ DCTO }) => DCTO === 'OP' || DCTO === 'O2');
    expect(items.map(({ number }) => number)).toEqual(headers.map(({ DOCO }) => DOCO));
    for (const order of items) {
      const key = { DOCO: order.number, DCTO: order.type, KCOO: order.company, SFXO: order.suffix };
      const lines = rows('F4311', key);
      expect(order.lines).toHaveLength(lines.length);
      order.lines.forEach((line, index) => {
        const truth = lines[index] ?? {};
        const amounts: [string, string][] = [
          [line.number, 'LNID'],
          [line.quantity, 'UORG'],
          [line.openQuantity, 'UOPN'],
          [line.unitCost, 'PRRC'],
          [line.extendedAmount, 'AEXP'],
          [line.foreignUnitCost, 'FRRC'],
          [line.foreignExtendedAmount, 'FEA'],
        ];
        for (const [amount, alias] of amounts) expect([alias, compareAmounts(amount, truth[alias] ?? '0')]).toEqual([alias, 0]);
        expect([line.type, line.nextStatus, line.descriptions[0]]).toEqual(['LNTY', 'NXTR', 'DSC1'].map((alias) => trimmed(truth, alias)));
      });
    }
    const numbers = items.flatMap(({ lines }) => lines.map(({ number }) => number));
    expect(numbers.some((number) => !number.endsWith('.000'))).toBe(true);
    expect(items.some(({ lines }) => lines.some(({ account }) => account.object !== ''))).toBe(true);
  });

  test('a line that changes brings its whole order, and only this', async () => {
    await using opened = await open();
    const { jde, orders } = opened;
    const { cursor: first, items } = await orders();
    const many = items.find(({ lines }) => lines.length > 2);
    const settled = await orders({ cursor: first });
    const { cursor } = await orders({ cursor: settled.cursor });
    jde.actions.receiveLine({ DOCO: many?.number ?? '', LNID: many?.lines[1]?.number ?? '' });
    const added = jde.actions.addOrder({ lines: [{}, {}, {}] });
    jde.actions.addOrder({ DCTO: 'OR' });
    const seen = await orders({ cursor });
    expect(seen.items.map(({ number, lines }) => [number, lines.length])).toEqual([
      [many?.number, many?.lines.length],
      [added.DOCO, 3],
    ]);
    expect(seen.items[0]?.lines[1]).toMatchObject({ lastStatus: '400', nextStatus: '999' });
  });

  test('orders of one number stay apart, and a sweep finds the one that went to history', async () => {
    await using opened = await open();
    const { jde, orders } = opened;
    for (const [KCOO, DCTO] of [
      ['00100', 'OP'],
      ['00200', 'OP'],
      ['00100', 'O2'],
      ['00100', 'OR'],
    ] as const)
      jde.actions.addOrder({ DOCO: '9000', KCOO, DCTO, lines: [{}, {}] });
    const all = await orders();
    const twins = keysOf(all).filter((key) => key.includes('-9000-'));
    expect(twins.toSorted()).toEqual(['00100-O2-9000-000', '00100-OP-9000-000', '00200-OP-9000-000']);
    expect(all.items.filter(({ number }) => number === '9000').every(({ lines }) => lines.length === 2)).toBe(true);
    expect(keysOf(await orders({}, { companies: ['200'] })).every((key) => key.startsWith('00200-'))).toBe(true);
    jde.actions.purgeOrder({ DOCO: '9000' });
    const swept = await orders({ mode: 'sweep', linkedKeys: () => Promise.resolve(keysOf(all)) });
    expect(swept).toMatchObject({ gone: twins.toSorted(), error: undefined });
  });
});

test('accounts come by company, and then what changed', async () => {
  await using opened = await open({ seed: { suppliers: 0, orders: 0, accounts: 240 } }, { pageSize: 50 });
  const { jde, accounts, rows } = opened;
  const { items, cursor } = await accounts({}, ['100']);
  const truth = rows('F0901', { CO: '00100' });
  expect(items.map(({ id, object }) => [id, object])).toEqual(truth.map((row) => [trimmed(row, 'AID'), trimmed(row, 'OBJ')]));
  expect(items.every(({ businessUnit }) => businessUnit === businessUnit.trim() && businessUnit !== '')).toBe(true);
  const [first] = truth;
  jde.actions.changeAccount({ AID: first?.['AID'] ?? '', change: { PEC: 'I' } });
  const changed = (await accounts({ cursor }, ['100'])).items;
  expect(changed.find(({ id }) => id === first?.['AID'])).toMatchObject({ postingEdit: 'I' });
  expect(changed.length).toBeLessThan(truth.length);
});

function yesterday(day: string): string {
  const time = Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6)) - 1);
  return new Date(time).toISOString().slice(0, 10).replaceAll('-', '');
}

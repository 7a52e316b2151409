import { silentLog } from '@ml-connector/shared';
import { openSapSession, sapEccSettings, type SapDocument } from '../../systems/sap-ecc/index.ts';
import { fakeSap } from '../../systems/sap-ecc/testing/fake-sap.ts';
import { testScope } from '../../systems/testing/index.ts';
import type { ExtractMode, LedgerEntry, ReconciledSlice } from '../flow.ts';
import { documentKey } from './document-key.ts';
import { sapGlDocumentsToCin7Journals as flow } from './flow.ts';
import { openBench } from './testing/bench.ts';
import { addDocument, documentTables } from './testing/sap-tables.ts';
import { bodyOf, docItem, invoice, mapping, requiredSettings } from './testing/samples.ts';

/** Both systems, and the ledger's part that reconciliation asks. */
async function open(documents: SapDocument[]) {
  const bench = await openBench();
  const sap = fakeSap(documentTables(documents));
  sap.now = { date: '20240601', time: '080000' };
  const source = openSapSession({
    tenantId: 'acme',
    connectionId: 'prd',
    settings: sapEccSettings.parse({ siteId: 'berlin', agentSystem: 'PRD' }),
    clock: bench.clock,
    log: silentLog,
    agents: sap.agents,
  });
  const scope = testScope();
  const ledger = new Map<string, LedgerEntry>();
  let cursor: unknown = null;

  async function run(mode: ExtractMode = 'changes', range?: { first: string; last: string }): Promise<string[]> {
    const labels: string[] = [];
    const batches = flow.extract({
      mode,
      cursor,
      ...(range ? { range } : {}),
      settings: requiredSettings,
      source,
      scope,
      clock: bench.clock,
      progress: () => undefined,
      linkedKeys: () => Promise.resolve([]),
    });
    for await (const { records, cursor: next } of batches) {
      for (const { key, label, payload } of records) {
        labels.push(label);
        if (ledger.has(key)) continue;
        const result = await bench.post(payload);
        const targetId = 'targetId' in result ? result.targetId : null;
        const recordId = `rec-${payload.number}`;
        ledger.set(key, { key, recordId, state: targetId ? 'succeeded' : 'waiting', targetId, payload, posted: bodyOf(payload) });
      }
      if (next !== undefined) cursor = next;
    }
    return labels;
  }

  async function reconcile(range = { first: '2024-05-01', last: '2024-06-30' }): Promise<ReconciledSlice[]> {
    const slices: ReconciledSlice[] = [];
    const input = {
      range,
      settings: requiredSettings,
      mapping: mapping(),
      source,
      target: bench.session,
      scope,
      progress: () => undefined,
      ledger: (keys: readonly string[]) => Promise.resolve(keys.flatMap((key) => ledger.get(key) ?? [])),
      entries: () => [],
    };
    for await (const slice of flow.reconcile?.(input) ?? []) slices.push(slice);
    return slices;
  }
  return { bench, sap, source, scope, ledger, run, reconcile, [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose]() };
}

const first = invoice();
const second = invoice({ number: '1900000124', reference: '', headerText: 'Miete', postingDate: '2024-06-01', period: '06' });
const foreign = invoice({ number: '1900000125', companyCode: '2000', currency: 'USD', localCurrency: 'USD' });

test('documents of the company codes become journals, each once, and later ones follow', async () => {
  await using both = await open([first, foreign]);
  expect(await both.run()).toEqual(['KR 1900000123 RE-4711 238 EUR']);
  addDocument(both.sap.tables, second, { date: '20240601', time: '075900' });
  expect(await both.run()).toEqual(['KR 1900000124 Miete 238 EUR']);
  expect(await both.run('sweep')).toHaveLength(2);
  expect(await both.run('full')).toHaveLength(2);
  expect(both.bench.journals().map(({ Narration }) => Narration)).toEqual([
    'SAP PRD/100 1000/1900000123/2024 2024-05-31',
    'SAP PRD/100 1000/1900000124/2024 2024-06-01',
  ]);
});

test.each([{ client: '' }, { systemId: '' }])('a document whose system says not who it is goes nowhere: %j', (unknown) => {
  expect(() => documentKey(invoice(unknown))).toThrow(expect.objectContaining({ code: 'SAP_SYSTEM_UNKNOWN', verdict: 'refused' }));
});

test('a backfill brings days from before the start', async () => {
  await using both = await open([invoice({ number: '1900000001', postingDate: '2023-11-02', fiscalYear: '2023', period: '11' })]);
  expect(await both.run()).toEqual([]);
  expect(await both.run('backfill', { first: '2023-11-01', last: '2023-11-30' })).toHaveLength(1);
  expect([...both.ledger.values()]).toMatchObject([{ state: 'waiting' }]);
});

test('a reversal waits for the document that it reverses', () => {
  const reversal = invoice({ number: '1900000130', reverses: { number: '1900000123', fiscalYear: '2024' } });
  expect(flow.predecessors?.(reversal, requiredSettings)).toEqual(['PRD/100 1000/1900000123/2024']);
  expect(flow.predecessors?.(first, requiredSettings)).toEqual([]);
  expect(flow.businessDate?.(first, {})).toBe('2024-05-31');
});

describe('reconciliation', () => {
  const range = { first: '2024-05-01', last: '2024-06-30' };

  test('agrees per company code and period when all is through', async () => {
    await using both = await open([first, second, foreign]);
    await both.run();
    const agreed = { count: 1, sum: '238' };
    expect(await both.reconcile()).toEqual([
      { name: '1000 2024-05 EUR', source: agreed, ledger: agreed, target: agreed, differences: [] },
      { name: '1000 2024-06 EUR', source: agreed, ledger: agreed, target: agreed, differences: [] },
    ]);
    expect(await both.reconcile({ first: '2024-06-01', last: '2024-06-01' })).toMatchObject([
      { name: '1000 2024-06 EUR', differences: [] },
    ]);
  });

  test.each<[string, (both: Awaited<ReturnType<typeof open>>) => Promise<void> | void, string[]]>([
    [
      'missing in the ledger',
      ({ ledger }) => void ledger.delete('PRD/100 1000/1900000123/2024'),
      ['NOT_IN_LEDGER SAP has it over 238, the ledger does not know it'],
    ],
    [
      'not posted',
      ({ ledger, bench }) => {
        for (const entry of ledger.values()) if (entry.key.includes('0123/')) entry.state = 'blocked';
        bench.sim.state.journals.delete([...bench.sim.state.journals.keys()][0]!);
      },
      ['NOT_POSTED its record is blocked'],
    ],
    [
      'voided in Cin7',
      ({ bench }) => void (bench.sim.state.journals.get(bench.journals()[0]!.TaskID)!.Status = 'VOIDED'),
      ['NOT_IN_TARGET its record has succeeded, and Cin7 Core has no journal of it'],
    ],
    [
      'another amount',
      ({ bench }) => {
        const line = bench.sim.state.journals.get(bench.journals()[0]!.TaskID)!.Lines[0]!;
        [line.Amount, line.BaseAmount] = ['151.00', '151.00'];
      },
      ['AMOUNT_DIFFERS 238 in SAP, 239 in Cin7 Core (JR-00001)'],
    ],
    [
      'twice in Cin7',
      ({ bench }) => {
        const journal = bench.sim.state.journals.get(bench.journals()[0]!.TaskID)!;
        bench.sim.state.journals.set('copy', { ...journal, TaskID: 'copy', JournalNumber: 'JR-00009' });
      },
      ['TWICE_IN_TARGET JR-00001, JR-00009: more than one journal has its narration'],
    ],
    [
      'twice in Cin7, once with words added',
      ({ bench }) => {
        const journal = bench.sim.state.journals.get(bench.journals()[0]!.TaskID)!;
        const copy = { ...journal, TaskID: 'copy', JournalNumber: 'JR-00009', Narration: `${journal.Narration} (copy)` };
        bench.sim.state.journals.set('copy', copy);
      },
      ['AMOUNT_DIFFERS 238 in SAP, 476 in Cin7 Core (JR-00001, JR-00009)'],
    ],
    [
      'a draft as well',
      ({ bench }) => {
        const journal = bench.sim.state.journals.get(bench.journals()[0]!.TaskID)!;
        bench.sim.state.journals.set('copy', { ...journal, TaskID: 'copy', JournalNumber: 'JR-00009', Status: 'DRAFT' });
      },
      ['DRAFT_LEFT JR-00009 would post it a second time: void what is a draft of it still'],
    ],
    [
      'on another account',
      ({ bench }) => void (bench.sim.state.journals.get(bench.journals()[0]!.TaskID)!.Lines[0]!.Debit = '404'),
      [
        'CONTENT_DIFFERS JR-00001 is not as it was posted: line 425/2990 150.00 (base 150.00) is missing; line 404/2990 150.00 (base 150.00) was not sent',
      ],
    ],
    [
      'on another day',
      ({ bench }) => void (bench.sim.state.journals.get(bench.journals()[0]!.TaskID)!.EffectiveDate = '2024-07-01T00:00:00'),
      ['CONTENT_DIFFERS JR-00001 is not as it was posted: dated 2024-07-01, not 2024-05-31'],
    ],
    [
      'gone from SAP',
      ({ sap }) => {
        for (const table of ['BKPF', 'BSEG']) sap.tables[table] = sap.tables[table]!.filter(({ BELNR }) => BELNR !== first.number);
      },
      ['NOT_IN_SOURCE JR-00001 over 238 is for a document that SAP does not have'],
    ],
    [
      'of a type that is no longer transferred',
      ({ sap }) => {
        for (const row of sap.tables['BSEG']!) if (row['BELNR'] === first.number) [row['WRBTR'], row['DMBTR']] = ['0.00', '0.00'];
      },
      ['NOT_IN_SOURCE JR-00001 over 238 is for a document that is not to be transferred'],
    ],
  ])('names a document that is %s', async (_what, change, expected) => {
    await using both = await open([first, second]);
    await both.run();
    await change(both);
    const slices = await both.reconcile(range);
    const told = slices.flatMap(({ differences }) => differences.map(({ key, code, message }) => ({ key, said: `${code} ${message}` })));
    expect(told).toEqual(expected.map((said) => ({ key: 'PRD/100 1000/1900000123/2024', said })));
  });

  test('a document that cannot be read whole is told, and keeps no other from being compared', async () => {
    await using both = await open([first, second]);
    await both.run();
    both.sap.tables['BSEG'] = both.sap.tables['BSEG']!.filter(({ BELNR, BUZEI }) => BELNR !== first.number || BUZEI !== '001');
    both.bench.sim.state.journals.get(both.bench.journals()[1]!.TaskID)!.Status = 'VOIDED';
    const told = (await both.reconcile(range)).flatMap(({ differences }) => differences.map(({ code, message }) => `${code} ${message}`));
    expect(told).toEqual([
      expect.stringMatching(/^SOURCE_UNREADABLE 1 documents could not be read whole: .*1900000123/),
      'NOT_IN_SOURCE JR-00001 over 238 is for a document that SAP does not have, or that could not be read',
      expect.stringContaining('NOT_IN_TARGET'),
    ]);
  });

  test('a document in parts counts as one', async () => {
    await using both = await open([]);
    const exchange = invoice({
      currency: 'USD',
      items: [
        docItem('001', 'debit', '0000160000', '100.00', { localAmount: '95.00' }),
        docItem('002', 'credit', '0000113100', '100.00', { localAmount: '90.00' }),
        docItem('003', 'credit', '0000800000', '0.00', { localAmount: '5.00' }),
      ],
    });
    addDocument(both.sap.tables, exchange);
    await both.run();
    expect(both.bench.journals()).toHaveLength(2);
    expect(await both.reconcile()).toMatchObject([{ source: { count: 1 }, target: { count: 1 }, differences: [] }]);
  });
});

test('accounts of both sides come with proposals; those that cannot be posted to do not', async () => {
  await using both = await open([]);
  both.sap.tables['SKB1'] = ['0000000425', '0000160000', '0000800000', '0000404000'].map((SAKNR) => ({ BUKRS: '1000', SAKNR, MITKZ: '' }));
  both.sap.tables['SKAT'] = [
    { SPRAS: 'E', KTOPL: 'INT', SAKNR: '0000800000', TXT20: 'Sales', TXT50: 'Sales' },
    { SPRAS: 'E', KTOPL: 'INT', SAKNR: '0000404000', TXT20: 'Bank fees', TXT50: 'BANK FEES' },
    { SPRAS: 'D', KTOPL: 'INT', SAKNR: '0000160000', TXT20: 'Verbindlichkeiten', TXT50: '' },
  ];
  const { source, scope, bench } = both;
  const codes = (accountsBy: string) =>
    flow.codes?.({ settings: { ...requiredSettings, accountsBy }, source, target: bench.session, scope }) ?? Promise.resolve([]);
  const [map] = await codes('account');
  expect(map?.from).toEqual([
    { code: '425', name: '' },
    { code: '160000', name: '' },
    { code: '404000', name: 'BANK FEES' },
    { code: '800000', name: 'Sales' },
  ]);
  expect(map?.to.map(({ code }) => code)).not.toContain('800');
  expect(map?.proposals).toEqual([
    { from: '425', to: '425', why: 'same number' },
    { from: '404000', to: '404', why: 'same name' },
    { from: '800000', to: '200', why: 'same name' },
  ]);
  expect((await codes('company-code'))[0]?.from.map(({ code }) => code)).toContain('1000/160000');
});

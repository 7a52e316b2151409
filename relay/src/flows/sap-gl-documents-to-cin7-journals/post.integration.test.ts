import { balanceOf, type FaultKind } from '../../../../scripts/sandbox/cin7/index.ts';
import type { SapDocument } from '../../systems/sap-ecc/index.ts';
import { wantedJournals } from './payload.ts';
import { postDocument } from './post.ts';
import { probeDocument } from './probe.ts';
import { openBench, type Bench } from './testing/bench.ts';
import { docItem, invoice } from './testing/samples.ts';

const key = 'PRD/100 1000/1900000123/2024';
const narration = `SAP ${key} 2024-05-31`;
const states = (bench: Bench): string[] => bench.journals().map(({ Status }) => Status);
const balances = ({ sim }: Bench): string[] => ['2990', '425', '404', '805'].map((account) => balanceOf(sim.state, account));
const posted = ['-238', '150', '50', '38'];

test('a document becomes one completed journal, in four calls, and is left alone afterwards', async () => {
  await using bench = await openBench();
  await bench.session.me(bench.input(invoice()).scope);
  await bench.session.accounts(bench.input(invoice()).scope);
  const before = callCount(bench);
  expect(await bench.post(invoice())).toEqual({ targetId: expect.any(String), targetLabel: 'JR-00001', action: 'created' });
  expect(callCount(bench) - before).toBe(4);
  expect(bench.journals()).toMatchObject([{ Status: 'COMPLETED', Narration: narration }]);
  expect(balances(bench)).toEqual(posted);
  expect(await bench.post(invoice())).toMatchObject({ action: 'unchanged' });
  expect(await bench.post(invoice({ headerText: 'another text' }))).toMatchObject({ action: 'unchanged' });
  expect(states(bench)).toEqual(['COMPLETED']);
});

test('a draft is what stays where drafts are wanted, and whoever posts it changes nothing', async () => {
  await using bench = await openBench();
  const settings = { journalStatus: 'draft' };
  await bench.post(invoice(), settings);
  expect([states(bench), balances(bench)]).toEqual([['DRAFT'], ['0', '0', '0', '0']]);
  bench.sim.state.journals.get(bench.journals()[0]!.TaskID)!.Status = 'COMPLETED';
  expect(await bench.post(invoice(), settings)).toMatchObject({ action: 'unchanged' });
});

test('parts are all drafted before the first is posted', async () => {
  await using bench = await openBench();
  const settings = { mostLines: 1 };
  bench.sim.faults.add({ kind: 'error500BeforeCommit', method: 'POST', path: '/journal' });
  await expect(postDocument(bench.input(invoice(), settings))).rejects.toMatchObject({ verdict: 'uncertain' });
  expect(await bench.post(invoice(), settings)).toMatchObject({ targetLabel: 'JR-00001, JR-00002, JR-00003' });
  expect(bench.journals().map(({ Narration, Status }) => `${Narration.slice(narration.length)} ${Status}`)).toEqual([
    ' part 1/3 COMPLETED',
    ' part 2/3 COMPLETED',
    ' part 3/3 COMPLETED',
  ]);
  expect(balances(bench)).toEqual(posted);
});

const losses: FaultKind[] = [
  'loseNextAnswer',
  'error500AfterCommit',
  'wrongJson',
  'wrongShape',
  'dropBeforeCommit',
  'error500BeforeCommit',
];
describe.each([
  ['one journal', {}, 1],
  ['three parts', { mostLines: 1 }, 3],
  ['drafts', { journalStatus: 'draft' }, 1],
])('of %s', (_what, settings, count) => {
  test.each(
    losses.flatMap((kind) => (['POST', 'PUT'] as const).flatMap((method) => [1, 2].map((times) => [kind, method, times] as const))),
  )('%s on %s, %d times: each part is there once, and the balances are right', async (kind, method, times) => {
    await using bench = await openBench();
    bench.sim.faults.add({ kind, method, times, path: '/journal' });
    const { result } = await bench.drive(invoice(), settings);
    expect(result.action).not.toBe('waiting');
    const isDraft = 'journalStatus' in settings;
    expect(states(bench)).toEqual(Array(count).fill(isDraft ? 'DRAFT' : 'COMPLETED'));
    expect(balances(bench)).toEqual(isDraft ? ['0', '0', '0', '0'] : posted);
    expect(await bench.post(invoice(), settings)).toMatchObject({ action: 'unchanged' });
  });
});

test('the answer to completing lost for good is decided by asking', async () => {
  await using bench = await openBench();
  bench.sim.faults.add({ kind: 'loseNextAnswer', method: 'PUT', path: '/journal' });
  const { steps } = await bench.drive(invoice());
  expect(steps.at(-1)).toMatch(/created|applied/);
  expect(await probeDocument(bench.input(invoice()))).toMatchObject({ outcome: 'applied', result: { targetLabel: 'JR-00001' } });
});

test('what is not there is absent, and a draft is as good as absent', async () => {
  await using bench = await openBench();
  expect(await probeDocument(bench.input(invoice()))).toEqual({ outcome: 'absent' });
  await bench.post(invoice(), { journalStatus: 'draft' });
  expect(await probeDocument(bench.input(invoice()))).toEqual({ outcome: 'absent' });
  expect(await bench.post(invoice())).toMatchObject({ targetLabel: 'JR-00001', action: 'created' });
  expect(states(bench)).toEqual(['COMPLETED']);
});

test('stored with a cent more: the draft stays a draft, the difference is told, and a replay corrects it', async () => {
  await using bench = await openBench();
  bench.sim.faults.add({ kind: 'roundOtherwise', method: 'POST' });
  await expect(bench.post(invoice())).rejects.toMatchObject({
    code: 'JOURNAL_STORED_DIFFERENTLY',
    verdict: 'refused',
    message: expect.stringContaining('line 425/2990 150.00 (base 150.01) was not sent'),
  });
  expect([states(bench), balances(bench)]).toEqual([['DRAFT'], ['0', '0', '0', '0']]);
  await bench.post(invoice());
  expect([states(bench), balances(bench)]).toEqual([['COMPLETED'], posted]);
});

test('stored otherwise while it is posted: said, and not posted a second time', async () => {
  await using bench = await openBench();
  bench.sim.faults.add({ kind: 'roundOtherwise', method: 'PUT' });
  await expect(bench.post(invoice())).rejects.toMatchObject({ code: 'JOURNAL_STORED_DIFFERENTLY' });
  await expect(bench.post(invoice())).rejects.toMatchObject({
    code: 'JOURNAL_DIFFERS',
    message: expect.stringContaining('JR-00001 (completed)'),
  });
  expect(states(bench)).toEqual(['COMPLETED']);
  journalOf(bench).Status = 'VOIDED';
  expect(await bench.post(invoice())).toMatchObject({ action: 'created' });
  expect(balances(bench)).toEqual(posted);
});

describe('another journal with the name of the document', () => {
  const other = invoice({ items: [docItem('001', 'credit', '0000160000', '9.00'), docItem('002', 'debit', '0000475000', '9.00')] });

  test.each<[string, (bench: Bench) => Promise<void> | void, SapDocument, Record<string, unknown>]>([
    ['holding something else', () => undefined, invoice(), {}],
    ['being cut into other parts', () => undefined, other, { mostLines: 1, items: 'keep' }],
    [
      'having words added',
      (bench) => void (bench.sim.state.journals.get(bench.journals()[0]!.TaskID)!.Narration += ' (checked)'),
      other,
      {},
    ],
    [
      'being there twice',
      async (bench) => {
        const { target, scope, body } = bench.input(other);
        await target.journals.createDraft(wantedJournals(body)[0]!, scope);
      },
      other,
      {},
    ],
  ])('%s: nothing is posted, and what is there is told', async (what, change, document, settings) => {
    await using bench = await openBench();
    await bench.post(what.startsWith('being cut') ? invoice() : other);
    await change(bench);
    const before = states(bench);
    const wanted = what.startsWith('being cut') ? invoice() : document;
    await expect(bench.post(wanted, settings)).rejects.toMatchObject({ code: 'JOURNAL_DIFFERS', verdict: 'refused' });
    expect(await probeDocument(bench.input(wanted, settings))).toEqual({ outcome: 'absent' });
    expect(states(bench)).toEqual(before);
  });

  test('but for a longer number is none of it', async () => {
    await using bench = await openBench();
    await bench.post(invoice({ fiscalYear: '2024', number: '190000012' }));
    expect(await bench.post(invoice())).toMatchObject({ action: 'created' });
  });
});

describe('a journal of the same document that comes from elsewhere meanwhile', () => {
  test.each([[{}], [{ journalStatus: 'draft' }], [{ mostLines: 1 }]])('is seen before anything is posted: %j', async (settings) => {
    await using bench = await openBench();
    const outcomes = await Promise.allSettled([
      postDocument(bench.input(invoice(), settings)),
      postDocument(bench.input(invoice(), settings)),
    ]);
    const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? (outcome.reason as { code: string }).code : outcome.status));
    expect(codes).toEqual(['JOURNAL_DIFFERS', 'JOURNAL_DIFFERS']);
    expect(states(bench).filter((state) => state !== 'DRAFT')).toEqual([]);
    expect(balances(bench)).toEqual(['0', '0', '0', '0']);
    await expect(bench.post(invoice(), settings)).rejects.toMatchObject({
      code: 'JOURNAL_DIFFERS',
      message: expect.stringContaining('is there too'),
    });
  });
});

test('a search that does not see the draft yet is waited for, then told: nothing is posted that could not be found again', async () => {
  await using bench = await openBench();
  const input = bench.input(invoice());
  const blind = (attempt: number) => ({
    ...input,
    record: { ...input.record, attempt },
    target: { ...bench.session, journals: { ...bench.session.journals, search: () => Promise.resolve([]) } },
  });
  expect(await postDocument(blind(1))).toMatchObject({
    action: 'waiting',
    reason: { code: 'CIN7_SEARCH_BEHIND', message: expect.stringContaining('JR-00001 (draft)') },
    checkAfterMs: 10_000,
  });
  await expect(postDocument(bench.input(invoice()))).resolves.toMatchObject({ targetLabel: 'JR-00001' });
  expect([states(bench), balances(bench)]).toEqual([['COMPLETED'], posted]);
  await expect(postDocument(blind(6))).rejects.toMatchObject({ code: 'CIN7_SEARCH_BLIND', verdict: 'refused' });
  expect(states(bench)).toEqual(['COMPLETED', 'DRAFT']);
});

test('a day that Cin7 Core stores later than it was sent is told, also where later days are the rule', async () => {
  await using bench = await openBench();
  const settings = { postingDateRule: 'first-open-day' };
  const old = invoice({ postingDate: '2023-12-30', fiscalYear: '2023' });
  await bench.post(old, { ...settings, journalStatus: 'draft' });
  const draft = bench.sim.state.journals.get(bench.journals()[0]!.TaskID)!;
  expect(draft.EffectiveDate).toBe('2024-01-01T00:00:00');
  draft.Status = 'COMPLETED';
  draft.EffectiveDate = '2024-01-02T00:00:00';
  await expect(bench.post(old, settings)).rejects.toMatchObject({
    code: 'JOURNAL_DIFFERS',
    message: expect.stringContaining('dated 2024-01-02'),
  });
});

test('what is refused in part says which journals are posted already', async () => {
  await using bench = await openBench();
  const settings = { mostLines: 1 };
  bench.sim.faults.add({ kind: 'roundOtherwise', method: 'PUT', after: 1 });
  await expect(bench.post(invoice(), settings)).rejects.toMatchObject({
    code: 'JOURNAL_STORED_DIFFERENTLY',
    message: expect.stringContaining('1 of its 3 journals is posted already: JR-00001'),
  });
});

test.each<[string, (bench: Bench) => void, string]>([
  ['voided', (bench) => void (journalOf(bench).Status = 'VOIDED'), 'journal JR-00001 (voided) was voided in Cin7 Core'],
  ['removed', (bench) => bench.sim.state.journals.clear(), 'is not in Cin7 Core any more'],
  ['renamed', (bench) => void (journalOf(bench).Narration = 'Freight May'), 'has the narration "Freight May" now'],
  [
    'voided, of which this relay knows nothing',
    (bench) => {
      journalOf(bench).Status = 'VOIDED';
      bench.links.clear();
    },
    'was voided in Cin7 Core',
  ],
])('a journal that somebody %s is told, and posted again only when the record is replayed', async (_what, change, message) => {
  await using bench = await openBench();
  await bench.post(invoice());
  change(bench);
  await expect(bench.post(invoice())).rejects.toMatchObject({
    code: 'JOURNAL_VOIDED',
    verdict: 'refused',
    message: expect.stringContaining(message),
    fix: expect.stringContaining('replay this record'),
  });
  expect(bench.journals().filter(({ Narration, Status }) => Narration === narration && Status === 'COMPLETED')).toEqual([]);
  expect(await bench.post(invoice())).toMatchObject({ action: 'created' });
});

test('of two journals that somebody voided, one of them told before, the other one is told', async () => {
  await using bench = await openBench();
  const settings = { mostLines: 1 };
  bench.sim.faults.add({ kind: 'roundOtherwise', method: 'PUT', after: 1 });
  await expect(bench.post(invoice(), settings)).rejects.toMatchObject({
    message: expect.stringContaining('JR-00002 (completed) otherwise'),
  });
  for (const journal of bench.sim.state.journals.values()) if (journal.Status === 'COMPLETED') journal.Status = 'VOIDED';
  const told = { code: 'JOURNAL_VOIDED', message: expect.stringContaining('JR-00001 (voided) was voided in Cin7 Core') };
  await expect(bench.post(invoice(), settings)).rejects.toMatchObject(told);
  expect(states(bench)).toEqual(['VOIDED', 'VOIDED', 'DRAFT']);
  expect(await bench.post(invoice(), settings)).toMatchObject({ action: 'created' });
});

describe('a locked period', () => {
  const old = invoice({ postingDate: '2023-12-30', fiscalYear: '2023' });

  test('is waited for', async () => {
    await using bench = await openBench();
    expect(await bench.post(old, { lockCheckMinutes: 5 })).toMatchObject({
      action: 'waiting',
      reason: { code: 'CIN7_PERIOD_CLOSED', message: expect.stringContaining('lock date 2023-12-31') },
      checkAfterMs: 300_000,
    });
    expect(states(bench)).toEqual([]);
    bench.sim.state.me.LockDate = '2023-11-30T00:00:00';
    bench.clock.advance(300_000);
    expect(await bench.post(old)).toMatchObject({ action: 'created' });
  });

  test('that was locked a moment ago is found out when posting', async () => {
    await using bench = await openBench();
    await bench.session.me(bench.input(invoice()).scope);
    bench.sim.state.me.LockDate = '2024-06-30T00:00:00';
    expect(await bench.post(invoice())).toMatchObject({ action: 'waiting', reason: { code: 'CIN7_PERIOD_CLOSED' } });
    expect(states(bench)).toEqual([]);
  });

  test('is stepped over where that is the rule, and told; also when it is locked further meanwhile', async () => {
    await using bench = await openBench();
    const settings = { postingDateRule: 'first-open-day' };
    await bench.post(old, { ...settings, journalStatus: 'draft' });
    bench.sim.state.me.LockDate = '2024-01-31T00:00:00';
    bench.clock.advance(600_000);
    await bench.post(old, settings);
    expect(bench.journals()).toMatchObject([
      {
        Status: 'COMPLETED',
        EffectiveDate: '2024-02-01T00:00:00',
        Narration: expect.stringContaining('2023-12-30'),
        Notes: expect.stringContaining('2023-12-30 is locked in Cin7 Core; posted on 2024-02-01'),
      },
    ]);
    bench.sim.state.me.LockDate = '2024-12-31T00:00:00';
    bench.clock.advance(600_000);
    expect(await bench.post(old, settings)).toMatchObject({ action: 'unchanged' });
    expect(await bench.post(old)).toMatchObject({ action: 'unchanged' });
  });
});

test.each<[string, Partial<SapDocument>, Record<string, unknown>, (bench: Bench) => void, string, RegExp]>([
  [
    'another base currency',
    { localCurrency: 'CHF', currency: 'CHF' },
    {},
    () => undefined,
    'BASE_CURRENCY_DIFFERS',
    /CHF.*keeps its books in EUR/,
  ],
  [
    'an account that is not there',
    {},
    {},
    (bench) => void (account(bench, '425').Code = '425-old'),
    'CIN7_ACCOUNTS_UNUSABLE',
    /425 does not exist/,
  ],
  [
    'an archived account',
    {},
    {},
    (bench) => void (account(bench, '404').Status = 'ARCHIVED'),
    'CIN7_ACCOUNTS_UNUSABLE',
    /404 Bank Fees is archived/,
  ],
  [
    'payables',
    {},
    {},
    (bench) => void Object.assign(account(bench, '2990'), { SystemAccount: 'Accounts payable' }),
    'CIN7_ACCOUNTS_UNUSABLE',
    /2990 Clearing SAP is kept by Cin7 Core itself \(Accounts payable\)/,
  ],
  [
    'the inventory account',
    {},
    { refusedAccounts: ['404'] },
    () => undefined,
    'CIN7_ACCOUNTS_UNUSABLE',
    /404 Bank Fees is not to be posted to/,
  ],
])('%s is refused before anything is sent', async (_what, more, settings, change, code, message) => {
  await using bench = await openBench();
  change(bench);
  await expect(bench.post(invoice(more), settings)).rejects.toMatchObject({
    code,
    verdict: 'refused',
    message: expect.stringMatching(message),
  });
  expect(states(bench)).toEqual([]);
});

test('accounts of Cin7 itself are posted to where that is allowed', async () => {
  await using bench = await openBench();
  Object.assign(account(bench, '805'), { SystemAccount: 'GST / VAT', SystemAccountCode: 'GST' });
  expect(await bench.post(invoice(), { allowedControlAccounts: ['805'] })).toMatchObject({ action: 'created' });
});

test('an account opened in Cin7 a moment ago is found', async () => {
  await using bench = await openBench();
  const removed = account(bench, '425');
  bench.sim.state.accounts.splice(bench.sim.state.accounts.indexOf(removed), 1);
  await expect(bench.post(invoice())).rejects.toMatchObject({ code: 'CIN7_ACCOUNTS_UNUSABLE' });
  bench.sim.state.accounts.push(removed);
  bench.clock.advance(3000);
  expect(await bench.post(invoice())).toMatchObject({ action: 'created' });
});

describe('a reversal', () => {
  const reversal = invoice({
    number: '1900000124',
    postingDate: '2024-06-03',
    reverses: { number: '1900000123', fiscalYear: '2024' },
    items: invoice().items.map((item) => ({ ...item, side: item.side === 'debit' ? ('credit' as const) : ('debit' as const) })),
  });

  test('mirrors the first journal and names it', async () => {
    await using bench = await openBench();
    await bench.post(invoice());
    await bench.post(reversal);
    expect(bench.journals()[1]).toMatchObject({
      Status: 'COMPLETED',
      Notes: expect.stringContaining(`Reverses document ${key}, journal JR-00001`),
    });
    expect(balances(bench)).toEqual(['0', '0', '0', '0']);
  });

  test('of a document that is no journal here is posted with a remark, or left to a person', async () => {
    await using bench = await openBench();
    await expect(bench.post(reversal, { reversalWithoutOriginal: 'block' })).rejects.toMatchObject({
      code: 'REVERSED_NOT_POSTED',
      verdict: 'refused',
    });
    expect(states(bench)).toEqual([]);
    await bench.post(reversal);
    expect(bench.journals()[0]?.Notes).toContain(`Reverses document ${key}, which is no journal of this flow`);
  });
});

function callCount({ sim }: Bench): number {
  return Object.values(sim.calls).reduce((sum, count) => sum + count, 0);
}

function account({ sim }: Bench, code: string): (typeof sim.state.accounts)[number] {
  return sim.state.accounts.find(({ Code }) => Code === code)!;
}

function journalOf(bench: Bench): { Status: string; Narration: string } {
  return bench.sim.state.journals.get(bench.journals()[0]!.TaskID)!;
}

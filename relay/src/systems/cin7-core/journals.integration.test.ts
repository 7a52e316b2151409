import { balanceOf, startCin7, type Cin7Sim } from '../../../../scripts/sandbox/cin7/index.ts';
import { fastClock, testScope } from '../testing/index.ts';
import { cin7Settings, openCin7Session, type Cin7JournalBody, type Cin7Journals, type JournalAccountRules } from './index.ts';

interface Opened extends AsyncDisposable {
  sim: Cin7Sim;
  journals: Cin7Journals;
  scope: ReturnType<typeof testScope>;
}

async function open(): Promise<Opened> {
  const sim = await startCin7();
  const session = openCin7Session({ settings: cin7Settings.parse(sim.connectionSettings), clock: fastClock(), random: () => 0 });
  return {
    sim,
    journals: session.journals,
    scope: testScope(),
    [Symbol.asyncDispose]: async () => {
      await session[Symbol.asyncDispose]();
      await sim[Symbol.asyncDispose]();
    },
  };
}

const invoice: Cin7JournalBody = {
  Currency: 'USD',
  CurrencyConversionRate: '0.92345',
  EffectiveDate: '2024-05-31',
  Narration: 'SAP 1000/2024/1900000123',
  Notes: 'BLART=KR XBLNR=INV77',
  Lines: [
    { Debit: '433', Credit: '2990', Reference: '001/002', Amount: '100.00', BaseAmount: '92.35' },
    { Debit: '404', Credit: '2990', Reference: '001/003', Amount: '90071992547409.93', BaseAmount: '83176981517905.70' },
  ],
};

test('a draft changes no account; completing it does, to the last cent', async () => {
  await using opened = await open();
  const { journals, scope, sim } = opened;
  const { TaskID, Status } = await journals.createDraft(invoice, scope);
  expect([Status, balanceOf(sim.state, '433')]).toEqual(['DRAFT', '0']);
  expect(scope.exchanges.at(-1)?.request).toMatchObject({ body: { Lines: [{ Amount: '100.00' }, { BaseAmount: '83176981517905.70' }] } });
  expect((await journals.complete(TaskID, scope)).Status).toBe('COMPLETED');
  expect(balanceOf(sim.state, '2990')).toBe('-83176981517998.05');
  expect(await journals.transactions({ first: '2024-05-31', last: '2024-05-31', account: '404' }, scope)).toMatchObject([
    { TaskID, DebitAccountCode: '404', Amount: '83176981517905.7000', EffectiveDate: '2024-05-31' },
  ]);
});

test.each(['loseNextAnswer', 'error500AfterCommit', 'wrongJson'] as const)(
  'a draft whose answer is lost (%s) is found by its narration',
  async (kind) => {
    await using opened = await open();
    const { journals, scope, sim } = opened;
    sim.faults.add({ kind, method: 'POST' });
    await expect(journals.createDraft(invoice, scope)).rejects.toMatchObject({ verdict: 'uncertain' });
    const found = await journals.findByNarration(invoice.Narration, scope);
    expect(found).toMatchObject([{ Status: 'DRAFT', Lines: [{ Amount: '100.00' }, { Amount: '90071992547409.93' }] }]);
  },
);

test.each(['loseNextAnswer', 'error500BeforeCommit', 'dropBeforeCommit'] as const)(
  'completing is repeated until it is through (%s)',
  async (kind) => {
    await using opened = await open();
    const { journals, scope, sim } = opened;
    const { TaskID } = await journals.createDraft(invoice, scope);
    sim.faults.add({ kind, method: 'PUT' });
    expect((await journals.complete(TaskID, scope)).Status).toBe('COMPLETED');
    expect((await journals.complete(TaskID, scope)).Status).toBe('COMPLETED');
    expect(balanceOf(sim.state, '433')).toBe('92.35');
  },
);

test('completing stays uncertain when the look after its lost answer fails', async () => {
  await using opened = await open();
  const { journals, scope, sim } = opened;
  const { TaskID } = await journals.createDraft(invoice, scope);
  sim.faults.add({ kind: 'loseNextAnswer', method: 'PUT' });
  // Not before the PUT: the first look is let through.
  const seen = await journals
    .complete(TaskID, scope, () => sim.faults.add({ kind: 'htmlInstead', method: 'GET' }))
    .catch((error: unknown) => error);
  expect(seen).toMatchObject({ code: 'CIN7_ANSWER_LOST', verdict: 'uncertain' });
  expect(sim.state.journals.get(TaskID)?.Status).toBe('COMPLETED');
});

test('voided journals are found by a search, and a draft is corrected in place', async () => {
  await using opened = await open();
  const { journals, scope, sim } = opened;
  const { TaskID } = await journals.createDraft(invoice, scope);
  await journals.updateDraft(TaskID, { ...invoice, Lines: invoice.Lines.slice(0, 1) }, scope);
  expect(sim.state.journals.get(TaskID)).toMatchObject({ Status: 'DRAFT', Lines: [{ Debit: '433' }] });
  sim.state.journals.get(TaskID)!.Status = 'VOIDED';
  expect(await journals.search(invoice.Narration, scope)).toMatchObject([{ TaskID, Status: 'VOIDED' }]);
});

test.each<[string, JournalAccountRules, string[]]>([
  ['ordinary accounts', { codes: ['433', '2990', '433'], allowed: [], refused: [] }, []],
  ['one that is not there', { codes: ['999'], allowed: [], refused: [] }, ['account 999 does not exist']],
  ['an archived one', { codes: ['489'], allowed: ['489'], refused: [] }, ['account 489 Telephone & Internet is archived']],
  ['one to be left alone', { codes: ['715'], allowed: [], refused: ['715'] }, ['account 715 Inventory is not to be posted to']],
  [
    'payables',
    { codes: ['800'], allowed: [], refused: [] },
    ['account 800 Accounts Payable is kept by Cin7 Core itself (Accounts payable)'],
  ],
  ['payables that are allowed', { codes: ['800', '820'], allowed: ['800', '820'], refused: [] }, []],
])('accounts of a journal: %s', async (_what, rules, problems) => {
  await using opened = await open();
  expect(await opened.journals.accountProblems(rules, opened.scope)).toEqual(problems);
});

test('a day that was locked meanwhile is told apart from other refusals', async () => {
  await using opened = await open();
  const { journals, scope, sim } = opened;
  const { TaskID } = await journals.createDraft(invoice, scope);
  sim.state.me.LockDate = '2024-06-30T00:00:00';
  await expect(journals.complete(TaskID, scope)).rejects.toMatchObject({ code: 'CIN7_PERIOD_CLOSED', verdict: 'refused' });
});

test('a document whose number only begins alike is another document, and a voided one does not count', async () => {
  await using opened = await open();
  const { journals, scope, sim } = opened;
  await journals.createDraft({ ...invoice, Narration: `${invoice.Narration}4` }, scope);
  expect(await journals.findByNarration(invoice.Narration, scope)).toEqual([]);
  const { TaskID } = await journals.createDraft(invoice, scope);
  sim.state.journals.get(TaskID)!.Status = 'VOIDED';
  expect(await journals.findByNarration(invoice.Narration, scope)).toEqual([]);
  await expect(journals.complete(TaskID, scope)).rejects.toMatchObject({ code: 'CIN7_JOURNAL_GONE', verdict: 'refused' });
});

test.each<[string, Partial<Cin7JournalBody>, string]>([
  ['a locked day', { EffectiveDate: '2023-12-31' }, 'CIN7_PERIOD_CLOSED'],
  ['one account on both sides', { Lines: [{ ...invoice.Lines[0]!, Debit: '2990' }] }, 'CIN7_FIELD_INVALID'],
  ['a negative amount', { Lines: [{ ...invoice.Lines[0]!, Amount: '-1.00' }] }, 'CIN7_FIELD_INVALID'],
  ['three decimals', { Lines: [{ ...invoice.Lines[0]!, BaseAmount: '1.005' }] }, 'CIN7_FIELD_INVALID'],
  ['a narration that is too long', { Narration: 'x'.repeat(257) }, 'CIN7_FIELD_INVALID'],
  ['an account that is archived', { Lines: [{ ...invoice.Lines[0]!, Debit: '489' }] }, 'CIN7_VALIDATION'],
])('%s is refused', async (_what, wrong, code) => {
  await using opened = await open();
  const { journals, scope, sim } = opened;
  await expect(journals.createDraft({ ...invoice, ...wrong }, scope)).rejects.toMatchObject({ code, verdict: 'refused' });
  expect(sim.state.journals.size).toBe(0);
});

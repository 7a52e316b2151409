import { balanceOf } from '../../../../scripts/sandbox/cin7/index.ts';
import type { SapDocument } from '../../systems/sap-ecc/index.ts';
import { openBench, type Bench } from './testing/bench.ts';
import { invoice } from './testing/samples.ts';

const key = 'PRD/100 1000/1900000123/2024';
const narration = `SAP ${key} 2024-05-31`;
const states = (bench: Bench): string[] => bench.journals().map(({ Status }) => Status);
const balances = ({ sim }: Bench): string[] => ['2990', '425', '404', '805'].map((account) => balanceOf(sim.state, account));

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

function account({ sim }: Bench, code: string): (typeof sim.state.accounts)[number] {
  return sim.state.accounts.find(({ Code }) => Code === code)!;
}

function journalOf(bench: Bench): { Status: string; Narration: string } {
  return bench.sim.state.journals.get(bench.journals()[0]!.TaskID)!;
}

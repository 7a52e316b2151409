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

function callCount({ sim }: Bench): number {
  return Object.values(sim.calls).reduce((sum, count) => sum + count, 0);
}

function journalOf(bench: Bench): { Status: string; Narration: string } {
  return bench.sim.state.journals.get(bench.journals()[0]!.TaskID)!;
}

import { silentLog } from '@ml-connector/shared';
import type { AgentCalls } from '@ml-connector/shared/tunnel';
import { EngineBench, flowRef } from '../engine/testing/engine-bench.ts';
import { fakeSystems } from '../engine/testing/fake-systems.ts';
import { openSessions } from '../engine/index.ts';
import { closeOverrides, promoteDraft, saveOverrides, setEntries } from '../mapping/index.ts';
import { openVault } from '../vault/index.ts';
import {
  cancelDryRun,
  cancelReplay,
  causesOf,
  compareRecent,
  continueReplay,
  previewReplay,
  requestDryRun,
  runTrials,
  shadowDraft,
  startReplay,
  viewDraft,
  viewDryRun,
  viewReplay,
  type DryRunState,
  type ReplayState,
} from './index.ts';

const tenantId = 'ten_1';
const actor = 'user:eva';
const never = new AbortController().signal;
let bench: EngineBench;
let trials: { stop: AbortController; done: Promise<void> } | undefined;

beforeEach(async () => {
  bench = await EngineBench.open({ kind: 'document' });
});
afterEach(async () => {
  await stopTrials();
  await bench[Symbol.asyncDispose]();
});
afterAll(closeOverrides);

function startTrials(): void {
  const stop = new AbortController();
  const { store, clock, flow } = bench;
  const run = async (): Promise<void> => {
    const vault = openVault({ keys: Buffer.alloc(32, 1).toString('base64') });
    const systems = fakeSystems(bench.source, bench.target);
    await using sessions = openSessions({
      store,
      vault,
      systems,
      agents: {} as AgentCalls,
      addresses: { loopback: true, privateNetworks: false },
      clock,
      log: silentLog,
    });
    await runTrials({ store, sessions, flows: [flow], clock, log: silentLog, pollMs: 50 }, stop.signal);
  };
  trials = { stop, done: run() };
}

async function stopTrials(): Promise<void> {
  trials?.stop.abort();
  await trials?.done;
  trials = undefined;
}

const documents = (count: number, more: { terms?: string } = {}) =>
  Array.from({ length: count }, (_, number) => ({ key: String(1000 + number), name: `Größe ${number} AG`, ...more }));

async function takeIn(...batches: { key: string; name: string; terms?: string }[][]): Promise<void> {
  bench.source.batches = batches;
  bench.start();
  await bench.untilAll('succeeded', 'blocked', 'skipped');
}

const deps = () => ({ store: bench.store, flows: [bench.flow] });
const addTerms = () =>
  setEntries(bench.store, bench.clock, { integrationId: 'int_1', valueMapId: 'terms', entries: [{ from: 'Z030', to: '30 days' }], actor });

async function untilReplay(id: string, state: ReplayState) {
  await bench.until(`replay ${state}`, async () => (await viewReplay(bench.store, tenantId, id))?.state === state);
  return viewReplay(bench.store, tenantId, id);
}

async function untilDryRun(id: string, ...states: DryRunState[]) {
  await bench.until(`dry run ${states.join()}`, async () =>
    states.includes((await viewDryRun(bench.store, tenantId, id))?.state ?? 'waiting'),
  );
  return viewDryRun(bench.store, tenantId, id);
}

/** Refused by the target at the first post, so that only a replay sends them again. */
async function refuseAll(count: number): Promise<void> {
  const records = documents(count);
  for (const { key } of records) bench.target.faults.set(key, ['refused']);
  await takeIn(records);
}

test('what stands still is told by cause, with what would free it', async () => {
  const refused = documents(3);
  for (const { key } of refused) bench.target.faults.set(key, ['refused']);
  await takeIn([
    ...refused,
    { key: '2000', name: "O'Brien", terms: 'Z030' },
    { key: '2001', name: '漢字', terms: 'Z060' },
    { key: '2002', name: 'Müller', terms: 'Z060' },
    { key: '2003', name: 'POISON' },
  ]);
  const { causes, examined, isComplete } = await causesOf(bench.store, { tenantId });
  expect([examined, isComplete]).toEqual([7, true]);
  expect(causes.map(({ code, records }) => `${code} ${records}`).toSorted()).toEqual(
    ['MAPPING_FAILED 1', expect.stringMatching(/ 3$/) as string, 'VALUE_MAP_MISSING 3'].toSorted(),
  );
  const missing = causes.find(({ code }) => code === 'VALUE_MAP_MISSING');
  expect(missing).toMatchObject({
    missing: {
      valueMapId: 'terms',
      codes: [
        { code: 'Z060', records: 2 },
        { code: 'Z030', records: 1 },
      ],
    },
    states: { blocked: 3 },
    frees: expect.stringContaining('entries in the value map terms') as string,
  });
  expect(missing?.examples).toHaveLength(3);
  expect(await causesOf(bench.store, { tenantId: 'ten_2' })).toMatchObject({ causes: [], examined: 0 });
});

test('a preview tells how many would pass now, and why the others would not; nothing is sent', async () => {
  await takeIn([...documents(2, { terms: 'Z030' }), { key: '2000', name: 'A', terms: 'Z999' }]);
  await bench.stop();
  const sent = bench.target.calls.length;
  const before = await previewReplay(deps(), tenantId, { filter: { states: ['blocked'] } }, never);
  expect(before).toMatchObject({ selected: 3, examined: 3, wouldPass: 0, stillBlocked: 3 });
  await addTerms();
  await bench.store.db.updateTable('record').set({ state: 'blocked' }).where('state', '=', 'pending').execute();
  const after = await previewReplay(deps(), tenantId, { filter: { states: ['blocked'] } }, never);
  expect(after).toMatchObject({
    wouldPass: 2,
    stillBlocked: 1,
    blockedBy: [{ code: 'VALUE_MAP_MISSING', message: 'no entry in the value map terms', records: 1 }],
  });
  expect(bench.target.calls).toHaveLength(sent);
});

test('a replay by cause goes out in growing steps, each record once', async () => {
  await refuseAll(15);
  const { causes } = await causesOf(bench.store, { tenantId });
  startTrials();
  const id = await startReplay(bench.store, bench.clock, { tenantId, selection: { causeId: causes[0]?.id ?? '' }, actor });
  const done = await untilReplay(id, 'done');
  expect(done).toMatchObject({ steps: 3, counts: { passed: 15, left: 0, sent: 0, surprise: 0, kept: 0 } });
  expect(bench.target.objects).toHaveLength(15);
  await bench.untilAll('succeeded');
});

test('the first surprise stops a replay and leaves the rest untouched, until a person goes on', async () => {
  await refuseAll(30);
  // In the second step, which takes the second to the eleventh.
  const sixth = (await bench.records()).toSorted((one, other) => (one.id < other.id ? -1 : 1))[5];
  bench.target.faults.set(sixth?.key ?? '', ['refused']);
  startTrials();
  const id = await startReplay(bench.store, bench.clock, { tenantId, selection: { filter: { states: ['blocked'] } }, actor });
  const stopped = await untilReplay(id, 'stopped');
  expect(stopped).toMatchObject({
    note: expect.stringContaining(`${sixth?.key} ${sixth?.label}`) as string,
    counts: { left: 19, surprise: 1 },
  });
  expect(stopped?.surprises).toHaveLength(1);
  expect((await bench.states()).filter((state) => state.endsWith('blocked'))).toHaveLength(20);
  expect(await continueReplay(bench.store, bench.clock, { tenantId: 'ten_2', replayId: id, actor })).toBe(false);
  expect(await continueReplay(bench.store, bench.clock, { tenantId, replayId: id, actor })).toBe(true);
  expect(await untilReplay(id, 'done')).toMatchObject({ counts: { passed: 29, surprise: 1, left: 0 } });
  expect(bench.target.objects).toHaveLength(29);
});

test('records that the mapping still blocks are kept, and told why', async () => {
  await takeIn([{ key: '2000', name: 'A', terms: 'Z999' }]);
  startTrials();
  const id = await startReplay(bench.store, bench.clock, { tenantId, selection: { filter: { states: ['blocked'] } }, actor });
  expect(await untilReplay(id, 'done')).toMatchObject({
    counts: { kept: 1, passed: 0 },
    kept: [{ outcome: { state: 'blocked', why: expect.stringContaining('no payment term for Z999') as string } }],
  });
  expect(await bench.states()).toEqual(['2000.1 blocked']);
});

test('a replay goes on where it was after the relay was killed', async () => {
  await refuseAll(15);
  const id = await startReplay(bench.store, bench.clock, { tenantId, selection: { filter: { states: ['blocked'] } }, actor });
  startTrials();
  await bench.until('the first step', async () => ((await viewReplay(bench.store, tenantId, id))?.steps ?? 0) > 0);
  await stopTrials();
  await bench.kill();
  bench.start();
  startTrials();
  expect(await untilReplay(id, 'done')).toMatchObject({ counts: { passed: 15, kept: 0 } });
  expect(bench.target.objects).toHaveLength(15);
});

test('a cancelled replay leaves what was not sent', async () => {
  await refuseAll(3);
  const id = await startReplay(bench.store, bench.clock, { tenantId, selection: { filter: { states: ['blocked'] } }, actor });
  expect(await cancelReplay(bench.store, bench.clock, { tenantId, replayId: id, actor })).toBe(true);
  expect(await cancelReplay(bench.store, bench.clock, { tenantId, replayId: id, actor })).toBe(false);
  expect(await viewReplay(bench.store, tenantId, id)).toMatchObject({ state: 'cancelled', counts: { left: 3 } });
});

test('a dry run tells what a run would do, and touches neither ledger nor cursor nor target', async () => {
  await addTerms();
  await takeIn([
    { key: '1', name: 'stays' },
    { key: '2', name: 'changes' },
    { key: '3', name: 'waits', terms: 'Z999' },
  ]);
  await bench.stop();
  bench.source.batches = [
    [
      { key: '1', name: 'stays' },
      { key: '2', name: 'has changed' },
      { key: '3', name: 'waits', terms: 'Z999' },
    ],
    [
      { key: '4', name: 'new', terms: 'Z030' },
      { key: '5', name: '-filtered' },
      { key: '6', name: 'unknown terms', terms: 'Z888' },
    ],
  ];
  const whole = async () => {
    const tables = ['record', 'attempt', 'event', 'link', 'run', 'integration_flow'] as const;
    return Promise.all(tables.map((table) => bench.store.db.selectFrom(table).selectAll().execute()));
  };
  const id = await requestDryRun(bench.store, bench.clock, { flow: flowRef, mode: 'full', actor });
  const [before, calls] = [await whole(), bench.target.calls.length];
  startTrials();
  const done = await untilDryRun(id ?? '', 'succeeded');
  expect(done).toMatchObject({
    report: {
      read: 6,
      counts: { created: 1, updated: 1, unchanged: 2, skipped: 1, blocked: 1 },
      blockedBy: [
        { code: 'VALUE_MAP_MISSING', message: 'no entry for Z888 in the value map terms', records: 1, example: 'unknown terms (6)' },
      ],
      calls: { 'RFC_READ_TABLE LFA1': 2 },
    },
  });
  const updated = done?.items.find(({ outcome }) => outcome === 'updated');
  expect(updated).toMatchObject({ key: '2', differences: [{ path: 'name', before: 'changes', after: 'has changed' }] });
  expect(done?.items.find(({ key }) => key === '4')).toMatchObject({ outcome: 'created', body: { name: 'new', term: '30 days' } });
  expect(await whole()).toEqual(before);
  expect(bench.target.calls).toHaveLength(calls);
});

test('one dry run of a flow at a time; one that is cancelled ends after its batch, and a failing source ends it', async () => {
  bench.source.batches = [documents(1), documents(1)];
  const reached = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  bench.source.beforeBatch = async (number) => {
    if (number === 0) return;
    reached.resolve();
    await goOn.promise;
  };
  startTrials();
  const first = (await requestDryRun(bench.store, bench.clock, { flow: flowRef, mode: 'full', actor })) ?? '';
  expect(await requestDryRun(bench.store, bench.clock, { flow: flowRef, mode: 'full', actor })).toBeUndefined();
  await reached.promise;
  expect(await cancelDryRun(bench.store, bench.clock, { tenantId, dryRunId: first })).toBe(true);
  goOn.resolve();
  expect(await untilDryRun(first, 'cancelled')).toMatchObject({ report: { read: 1 } });
  bench.source.failAfter = { batches: 1, error: new Error('the table is locked') };
  const second = (await requestDryRun(bench.store, bench.clock, { flow: flowRef, mode: 'full', actor })) ?? '';
  expect(await untilDryRun(second, 'failed')).toMatchObject({
    error: { message: expect.stringContaining('the table is locked') as string },
  });
});

test.each(['halted', 'in its blackout'])('a dry run leaves a source alone that is %s', async (how) => {
  const { db } = bench.store;
  const always = { cron: '* * * * *', forMinutes: 60, timeZone: 'UTC' };
  const halt = JSON.stringify({ code: 'WRONG_PASSWORD', message: 'the password was refused', at: 0, version: 1 });
  if (how === 'halted') await db.updateTable('connection').set({ halted_json: halt }).where('id', '=', 'con_source').execute();
  else
    await db
      .insertInto('blackout')
      .values({ connection_id: 'con_source', tenant_id: tenantId, windows_json: JSON.stringify([always]), changed_at: 0 })
      .execute();
  bench.source.batches = [documents(1)];
  startTrials();
  const id = (await requestDryRun(bench.store, bench.clock, { flow: flowRef, mode: 'full', actor })) ?? '';
  const code = how === 'halted' ? 'CONNECTION_HALTED' : 'CONNECTION_BLACKOUT';
  expect(await untilDryRun(id, 'failed')).toMatchObject({ error: { code } });
  expect(bench.source.extractions).toEqual([]);
});

test('a draft is compared with the live mapping on the newest records, and on what comes in', async () => {
  await takeIn([
    { key: '1', name: 'Ä' },
    { key: '2', name: 'B', terms: 'Z030' },
  ]);
  await bench.stop();
  const draft = {
    settings: { prefix: 'SAP ' },
    entries: { terms: { Z030: '30 days' } },
    overrides: [{ path: 'name', expression: '$uppercase(body.name)' }],
  };
  await shadowDraft({ store: bench.store, clock: bench.clock }, { ...flowRef, draft, live: true, actor });
  const recent = await compareRecent(deps(), flowRef, { records: 100, signal: never });
  expect(recent).toMatchObject({
    compared: 2,
    differing: 2,
    unblocked: { records: 1, examples: [{ key: '2', why: expect.stringContaining('no payment term for Z030') as string }] },
    fields: [{ field: 'name', records: 1, examples: [{ key: '1', live: 'Ä', draft: 'SAP Ä' }] }],
  });
  expect(await viewDraft(bench.store, flowRef)).toMatchObject({ live: true, report: { compared: 0 } });
  bench.source.batches = [[], [{ key: '3', name: 'neu' }]];
  startTrials();
  bench.start();
  await bench.store.db.updateTable('integration_flow').set({ next_run_at: 0 }).execute();
  bench.store.notify({ about: 'work' });
  await bench.untilRecord('3', 'succeeded');
  await bench.until('the comparison', async () => ((await viewDraft(bench.store, flowRef))?.report.compared ?? 0) > 0);
  expect(await viewDraft(bench.store, flowRef)).toMatchObject({
    report: { compared: 1, differing: 1, fields: [{ field: 'name', examples: [{ key: '3', live: 'neu', draft: 'SAP NEU' }] }] },
  });
  expect(bench.target.bodies.at(-1)).toMatchObject({ name: 'neu' });
  expect(await promoteDraft(bench.store, bench.clock, { ...flowRef, actor })).toBe(1);
  await bench.untilRecord('2', 'succeeded');
  expect(bench.target.bodies.at(-1)).toEqual({ name: 'SAP B', term: '30 days' });
  expect(await viewDraft(bench.store, flowRef)).toBeUndefined();
});

test('the engine posts what the overrides made, and blocks only the record that one of them fails for', async () => {
  const overrides = [{ path: 'name', expression: 'body.name = "bad" ? $error("no such name") : body.name & " (SAP)"' }];
  await saveOverrides(bench.store, bench.clock, { ...flowRef, overrides, note: '', actor });
  await takeIn([
    { key: '1', name: 'Ä' },
    { key: '2', name: 'bad' },
    { key: '3', name: "O'Brien" },
  ]);
  expect(await bench.states()).toEqual(['1.1 succeeded', '2.1 blocked', '3.1 succeeded']);
  expect(bench.target.bodies).toEqual(
    expect.arrayContaining([expect.objectContaining({ name: 'Ä (SAP)' }), expect.objectContaining({ name: "O'Brien (SAP)" })]),
  );
  const blocked = (await bench.records()).find(({ key }) => key === '2');
  expect(blocked?.reason_json).toContain('the override of name failed: no such name');
  expect(await bench.store.db.selectFrom('mapping_version').select('content_json').execute()).toHaveLength(1);
});

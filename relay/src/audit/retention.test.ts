import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beginPosting, dueRecords, settlePosting, startRun, traceCall } from '../ledger/index.ts';
import { flowRef, openLedgerStore, recordOf, takeIn } from '../ledger/testing/ledger-bench.ts';
import type { Store } from '../store/index.ts';
import { databaseKinds, openTestDatabase, type TestDatabase } from '../store/testing/index.ts';
import { openVault } from '../vault/index.ts';
import { anchorFileOf } from './anchor-file.ts';
import { dayMs } from './anchor.ts';
import { makeAnchor, type AnchorDeps } from './make-anchor.ts';
import { retentionOf, setRetention, type RetentionSettings } from './retention-settings.ts';
import { applyRetention } from './retention.ts';
import type { SetClock } from './testing/audited-store.ts';
import { verifyAudit } from './verify.ts';

const { tenantId } = flowRef;
describe.each(databaseKinds)('on %s', (kind) => {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    if (kind === 'PostgreSQL') database = await openTestDatabase(kind);
  });
  afterAll(() => database?.[Symbol.asyncDispose]());

  let folder: string;
  let deps: AnchorDeps & { clock: SetClock };
  let store: Store;
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'ml-relay-retention-'));
    const clock: SetClock = { at: Date.UTC(2026, 0, 5, 9), now: () => clock.at++, wait: () => Promise.resolve() };
    store = await openLedgerStore(clock, database?.settings);
    deps = { store, clock, vault: openVault({ file: path.join(folder, 'master.key') }), anchorFile: anchorFileOf(folder) };
  });
  afterEach(async () => {
    await store[Symbol.asyncDispose]();
    await database?.clear();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Posts whatever is due, with one call each. */
  async function post(): Promise<void> {
    for (const record of await dueRecords(store, flowRef, deps.clock.now(), 100)) {
      const attempt = await beginPosting(store, deps.clock, record, { mappingVersion: 'm1', body: { Name: record.label }, notes: ['cut'] });
      if (!attempt) throw new Error(`${record.key} was moved`);
      await traceCall(store, record, { at: deps.clock.now(), request: { body: record.label }, answer: { ID: record.key } } as {
        at: number;
      });
      const result = { targetId: `cin7-${record.key}`, targetLabel: record.label, action: 'created' };
      await settlePosting(store, deps.clock, { record, attempt }, { state: 'succeeded', result });
    }
  }

  const anchor = () => makeAnchor(deps, { tenantId, kind: 'now' });
  const keep = (settings: Partial<RetentionSettings>) =>
    setRetention(store, deps.clock, tenantId, { detailDays: null, eventDays: null, runDays: null, webhookDays: null, ...settings });
  const faults = async () => (await verifyAudit(deps)).faults;
  const versions = (key: string) => store.db.selectFrom('record').selectAll().where('key', '=', key).orderBy('version').execute();
  const trail = (id: string) => store.db.selectFrom('event').selectAll().where('subject_id', '=', id).orderBy('seq').execute();

  /** Müller in an old version and a newer one, O'Brien unfinished, 北京 young; all but the last 100 days old. */
  async function history(): Promise<void> {
    await takeIn(store, deps.clock, { '1': 'Müller & Söhne GmbH' });
    await post();
    await takeIn(store, deps.clock, { '1': 'Müller & Töchter GmbH' });
    await post();
    await takeIn(store, deps.clock, { '2': "O'Brien Imports" });
    deps.clock.at += dayMs;
    await anchor();
    deps.clock.at += 99 * dayMs;
    await store.db.updateTable('record').set({ state: 'blocked' }).where('key', '=', '2').execute();
    await takeIn(store, deps.clock, { '3': '北京进出口有限公司' });
    await post();
    await anchor();
  }

  test('details of finished records go, what is unfinished, newest or young stays, and the trail stays verifiable', async () => {
    await history();
    await keep({ detailDays: 30 });
    expect(await applyRetention(deps, tenantId)).toMatchObject({ details: 2, trails: 0, damaged: 0 });
    const [old, newest] = await versions('1');
    expect(old).toMatchObject({ payload_json: 'null', state: 'succeeded' });
    expect(newest?.payload_json).toContain('Töchter');
    for (const one of [old!, newest!]) {
      const attempts = await store.db.selectFrom('attempt').selectAll().where('record_id', '=', one.id).execute();
      expect(attempts).toMatchObject([{ body_json: 'null', notes_json: '[]', outcome: 'succeeded' }]);
      const call = (await trail(one.id)).find(({ kind }) => kind === 'call');
      expect(call?.data_json).toMatch(/^"sha256:[0-9a-f]{64}"$/);
    }
    const [blocked] = await versions('2');
    expect(blocked?.payload_json).toContain("O'Brien");
    const [young] = await versions('3');
    expect((await trail(young!.id)).find(({ kind }) => kind === 'call')?.data_json).toContain('北京');
    expect(await store.db.selectFrom('link').select('key').orderBy('key').execute()).toEqual([{ key: '1' }, { key: '3' }]);
    expect(await faults()).toEqual([]);
    expect((await retentionOf(store, tenantId)).last).toMatchObject({ details: 2 });
    expect((await trail(tenantId)).at(-1)).toMatchObject({ kind: 'retention.applied', actor: 'engine' });
  });

  test('old trails are replaced by a signed last hash; what still stands is as tamper-evident as before', async () => {
    await history();
    await keep({ eventDays: 30 });
    expect(await applyRetention(deps, tenantId)).toMatchObject({ trails: 1, details: 1 });
    const [old, newest] = await versions('1');
    expect(await trail(old!.id)).toEqual([]);
    expect((await trail(newest!.id)).every(({ data_json: data }) => data.startsWith('"sha256:'))).toBe(true);
    expect(await faults()).toEqual([]);
    await store.db.updateTable('event').set({ actor: 'user:x' }).where('subject_id', '=', newest!.id).where('seq', '=', 1).execute();
    expect(await faults()).toMatchObject([{ subjectId: newest!.id, seq: 1, fault: 'edited' }]);
  });

  test('what the retention removed does not hide that more was removed', async () => {
    await history();
    await keep({ eventDays: 30, detailDays: 30 });
    await applyRetention(deps, tenantId);
    const young = await recordOf(store, '3');
    await store.db.deleteFrom('event').where('subject_id', '=', young.id).execute();
    const [event] = await trail((await recordOf(store, '2')).id);
    await store.db
      .insertInto('event')
      .values({ ...event!, subject_id: (await versions('1'))[0]!.id })
      .execute();
    expect((await faults()).map(({ subjectId, fault }) => [subjectId, fault])).toEqual(
      expect.arrayContaining([
        [young.id, 'removed'],
        [(await versions('1'))[0]!.id, 'edited'],
      ]),
    );
  });

  test('a trail that was tampered with is not removed, it is evidence', async () => {
    await history();
    const [old] = await versions('1');
    await store.db.updateTable('event').set({ data_json: '{}' }).where('subject_id', '=', old!.id).where('seq', '=', 2).execute();
    await keep({ eventDays: 30 });
    expect(await applyRetention(deps, tenantId)).toMatchObject({ trails: 0, damaged: 1 });
    expect((await trail(old!.id)).length).toBeGreaterThan(3);
    expect(await faults()).toMatchObject([{ subjectId: old!.id, seq: 2, fault: 'edited' }]);
  });

  test('a removed trail may begin anew', async () => {
    await history();
    await keep({ eventDays: 30 });
    await applyRetention(deps, tenantId);
    const [old] = await versions('1');
    await traceCall(store, old!, { at: deps.clock.now() });
    deps.clock.at += dayMs;
    await anchor();
    expect(await faults()).toEqual([]);
    await store.db.deleteFrom('event').where('subject_id', '=', old!.id).execute();
    expect(await faults()).toMatchObject([{ subjectId: old!.id, fault: 'removed', seq: 1 }]);
  });

  test('runs that brought no record go with their trails, others stay', async () => {
    await history();
    const empty = await startRun(store, deps.clock, { flow: flowRef, mode: 'changes', trigger: 'schedule' });
    await traceCall(store, empty, { at: deps.clock.now() });
    await store.db.updateTable('run').set({ state: 'succeeded', ended_at: deps.clock.now() }).where('id', '=', empty.id).execute();
    const running = await startRun(store, deps.clock, { flow: flowRef, mode: 'changes', trigger: 'schedule' });
    deps.clock.at += 90 * dayMs;
    await anchor();
    await keep({ runDays: 30 });
    expect(await applyRetention(deps, tenantId)).toMatchObject({ runs: 1, trails: 0, details: 0 });
    const left = (await store.db.selectFrom('run').select('id').execute()).map(({ id }) => id);
    expect(left).toContain(running.id);
    expect(left).not.toContain(empty.id);
    expect(await faults()).toEqual([]);
  });

  test('a tenant without settings keeps everything, and a second round finds nothing more', async () => {
    await history();
    expect(await applyRetention(deps, tenantId)).toMatchObject({ details: 0, trails: 0, runs: 0 });
    await keep({ detailDays: 30, eventDays: 60 });
    await applyRetention(deps, tenantId);
    expect(await applyRetention(deps, tenantId)).toMatchObject({ details: 0, trails: 0, runs: 0 });
    expect(await faults()).toEqual([]);
  });
});

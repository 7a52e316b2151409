import { newId } from '../store/index.ts';
import { openTestDatabase } from '../store/testing/index.ts';
import { minuteMs, openAlerts, tenantId, type AlertBench } from './testing/alert-bench.ts';
import { weekdayMs } from './rules/weekdays.ts';
import { quietUntil, setAlertSettings } from './settings.ts';
import { rules } from './rules/index.ts';
import { setRule } from './rule-settings.ts';
import type { Finding } from './finding.ts';

let bench: AlertBench;
beforeEach(async () => {
  bench = await openAlerts();
});
afterEach(() => bench[Symbol.asyncDispose]());

const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** What a rule finds now, with its defaults. */
function find(id: string, settings: object = {}): Promise<Finding[]> {
  const rule = rules.find((one) => one.id === id)!;
  const startedAt = bench.clock.at - dayMs;
  return rule.find({ ...bench.deps, startedAt, tenantId, settings: rule.settings.parse(settings), timeZone: 'Europe/Berlin' });
}

async function addAgent(name: string, siteId: string, lastSeenAt: number): Promise<string> {
  const id = newId('agent', bench.clock.at);
  await bench.store.db
    .insertInto('site')
    .values({ id: siteId, tenant_id: tenantId, name: 'Werk Süd', created_at: 0 })
    .onConflict((one) => one.doNothing())
    .execute();
  const keys = { identity_key: id, sealing_key: id, version: '0.1.0', machine_json: '"SAP-GW (win32)"' };
  await bench.store.db
    .insertInto('agent')
    .values({ id, tenant_id: tenantId, site_id: siteId, name, ...keys, enrolled_at: 0, revoked_at: null, last_seen_at: lastSeenAt })
    .execute();
  return id;
}

async function addAttempt(recordId: string, at: number): Promise<void> {
  const row = { mapping_version: 'm1', body_json: '{}', notes_json: '[]', ended_at: at, outcome: 'uncertain', error_json: null };
  await bench.store.db
    .insertInto('attempt')
    .values({ id: newId('attempt', at), record_id: recordId, number: 1, started_at: at, ...row })
    .execute();
}

async function addRun(state: string, endedAt: number, newCount = 1): Promise<void> {
  const counts = { read_count: 1, new_count: newCount, unchanged_count: 0, superseded_count: 0, progress: '' };
  const error =
    state === 'failed'
      ? JSON.stringify({ code: 'NO_TUNNEL', verdict: 'retry', message: 'no agent is connected', fix: 'Start the agent.' })
      : null;
  const run = {
    tenant_id: tenantId,
    integration_id: 'int_1',
    flow_id: 'vendors',
    mode: 'changes',
    trigger: 'schedule',
    state,
    ...counts,
    error_json: error,
  };
  await bench.store.db
    .insertInto('run')
    .values({ id: newId('run', endedAt), ...run, started_at: endedAt, ended_at: endedAt })
    .execute();
}

test('uncertain records are told once they have been so for the time, whenever they were last looked up', async () => {
  const id = await bench.put('100', 'uncertain');
  await addAttempt(id, bench.clock.at);
  bench.clock.at += 29 * minuteMs;
  expect(await find('uncertain')).toEqual([]);
  bench.clock.at += 2 * minuteMs;
  await bench.store.db.updateTable('record').set({ changed_at: bench.clock.at }).execute();
  expect(await find('uncertain')).toMatchObject([
    { severity: 'critical', count: 1, title: expect.stringContaining('(31 minutes)') as unknown },
  ]);
});

test('a retry backlog is told with its oldest record', async () => {
  for (const key of ['100', '101']) await addAttempt(await bench.put(key, 'failed'), bench.clock.at);
  bench.clock.at += 3 * hourMs;
  await addAttempt(await bench.put('102', 'failed'), bench.clock.at);
  expect(await find('backlog')).toMatchObject([{ count: 2, example: expect.stringContaining('100') as unknown }]);
});

test('what waits for an approval is told at once, what waits for something else when it takes too long', async () => {
  await bench.put('100', 'waiting', { code: 'BUSINESS_AGE', message: 'its business day 2026-01-02 is 145 days old' });
  await bench.put('101', 'waiting', { code: 'CIN7_PERIOD_CLOSED', message: 'waits for an open period' });
  expect(await find('waiting')).toMatchObject([
    { count: 1, title: expect.stringContaining('wait for an approval: its business day 2026-01-02') as unknown },
  ]);
  bench.clock.at += 9 * dayMs;
  await bench.store.db.updateTable('record').set({ changed_at: bench.clock.at }).execute();
  expect((await find('waiting')).map(({ title }) => title)).toEqual([
    expect.stringContaining('for an approval'),
    expect.stringContaining('wait for too long: waits for an open period'),
  ]);
});

test('records that are ready and never sent are told: after a day, or a week where there is a posting schedule', async () => {
  await bench.put('100', 'pending');
  bench.clock.at += 25 * hourMs;
  expect(await find('waiting')).toEqual([]);
  bench.clock.at += 2 * hourMs;
  expect(await find('waiting')).toMatchObject([
    { count: 1, title: expect.stringContaining('waited for their turn (27 hours)') as unknown },
  ]);
  await bench.store.db
    .updateTable('integration_flow')
    .set({ posting_json: JSON.stringify({ cron: '0 22 * * 5' }) })
    .execute();
  expect(await find('waiting')).toEqual([]);
  bench.clock.at += 8 * dayMs;
  expect(await find('waiting')).toMatchObject([{ count: 1 }]);
});

async function addReconciliation(trigger: string, [first_day, last_day]: [string, string], differences: number | 'failed'): Promise<void> {
  const at = (bench.clock.at += minuteMs);
  const isFailed = differences === 'failed';
  const row = { tenant_id: tenantId, integration_id: 'int_1', flow_id: 'vendors', trigger, actor: 'engine', attempts: 1, progress: '' };
  const times = { requested_at: at, started_at: at, ended_at: at };
  const ends = {
    state: isFailed ? 'failed' : 'succeeded',
    difference_count: isFailed ? 0 : differences,
    error_json: isFailed ? JSON.stringify({ code: 'NO_TUNNEL', verdict: 'retry', message: 'no agent is connected' }) : null,
  };
  await bench.store.db
    .insertInto('reconciliation')
    .values({ id: newId('reconciliation', at), ...row, ...times, ...ends, first_day, last_day, slice_count: 1 })
    .execute();
}

test('differences stand until as many days are compared again: a glance at one day ends nothing', async () => {
  await addReconciliation('schedule', ['2026-04-01', '2026-05-27'], 3);
  await addReconciliation('manual', ['2026-05-27', '2026-05-27'], 0);
  expect(await find('reconciliation')).toMatchObject([{ count: 3 }]);
  await addReconciliation('manual', ['2026-01-01', '2026-01-31'], 2);
  expect((await find('reconciliation')).map(({ count }) => count)).toEqual([3, 2]);
  await addReconciliation('manual', ['2026-01-01', '2026-05-31'], 0);
  expect(await find('reconciliation')).toEqual([]);
  await addReconciliation('schedule', ['2026-04-01', '2026-05-28'], 1);
  expect(await find('reconciliation')).toMatchObject([{ count: 1 }]);
});

test('comparisons that keep failing are told: nobody knows then whether both sides hold the same', async () => {
  await addReconciliation('schedule', ['2026-04-01', '2026-05-27'], 0);
  await addReconciliation('schedule', ['2026-04-01', '2026-05-28'], 'failed');
  expect(await find('reconciliation')).toEqual([]);
  bench.clock.at += 27 * hourMs;
  await addReconciliation('schedule', ['2026-04-01', '2026-05-29'], 'failed');
  expect(await find('reconciliation')).toMatchObject([
    { count: null, title: expect.stringContaining('could not be compared for 27 hours: no agent is connected') as unknown },
  ]);
  await addReconciliation('schedule', ['2026-04-01', '2026-05-29'], 0);
  expect(await find('reconciliation')).toEqual([]);
});

test('a site is down when none of its agents is connected, for the time, and since this relay looks', async () => {
  await addAgent('SAP-GW 北京', 'sit_1', bench.clock.at);
  const second = await addAgent('SAP-GW 2', 'sit_1', bench.clock.at - hourMs);
  bench.clock.at += 9 * minuteMs;
  expect(await find('tunnel-down')).toEqual([]);
  bench.clock.at += 2 * minuteMs;
  expect(await find('tunnel-down')).toMatchObject([
    { cause: 'sit_1', since: bench.clock.at - 11 * minuteMs, title: 'no agent of site Werk Süd is connected (11 minutes)' },
  ]);
  bench.sessions.push({ agentId: second, siteId: 'sit_1' });
  expect(await find('tunnel-down')).toEqual([]);
  bench.sessions.pop();
  const rule = rules.find((one) => one.id === 'tunnel-down')!;
  const justStarted = { ...bench.deps, startedAt: bench.clock.at, tenantId, settings: rule.settings.parse({}), timeZone: 'UTC' };
  expect(await rule.find(justStarted)).toEqual([]);
});

test('a site whose agents are revoked is not down', async () => {
  await addAgent('SAP-GW', 'sit_1', 0);
  await bench.store.db.updateTable('agent').set({ revoked_at: 1 }).execute();
  bench.clock.at += dayMs;
  expect(await find('tunnel-down')).toEqual([]);
});

test('failing runs are told with the reason of the newest, from the third on', async () => {
  const set = (failures: number) => bench.store.db.updateTable('integration_flow').set({ failures }).execute();
  for (const hours of [3, 2, 1]) await addRun('failed', bench.clock.at - hours * hourMs);
  await set(2);
  expect(await find('run-failed')).toEqual([]);
  await set(3);
  expect(await find('run-failed')).toMatchObject([
    {
      since: bench.clock.at - 3 * hourMs,
      fix: 'Start the agent.',
      title: '3 runs of Vendors to suppliers (Vendors) failed in a row: no agent is connected',
    },
  ]);
});

test('a flow stands still when no run ended well for the time; weekends do not count, paused flows neither', async () => {
  await addRun('succeeded', bench.clock.at);
  bench.clock.at += 23 * hourMs;
  expect(await find('nothing-flowed')).toEqual([]);
  bench.clock.at += hourMs;
  expect(await find('nothing-flowed')).toHaveLength(1);
  bench.clock.at = Date.UTC(2026, 4, 29, 20); // Friday evening
  await addRun('succeeded', bench.clock.at);
  bench.clock.at += 2 * dayMs;
  expect(await find('nothing-flowed')).toEqual([]);
  expect(await find('nothing-flowed', { weekdaysOnly: false })).toHaveLength(1);
  await bench.store.db.updateTable('integration_flow').set({ paused: 1 }).execute();
  expect(await find('nothing-flowed', { weekdaysOnly: false })).toEqual([]);
});

test('a flow whose runs bring nothing new stands still where that is asked for', async () => {
  bench.clock.at += 2 * dayMs;
  await addRun('succeeded', bench.clock.at, 0);
  expect(await find('nothing-flowed')).toEqual([]);
  expect(await find('nothing-flowed', { newRecords: true })).toHaveLength(1);
});

test('a halted connection is told, one that was changed since is not', async () => {
  const halt = { code: 'CIN7_FORBIDDEN', message: 'the key was refused', fix: 'Enter a new key.', at: bench.clock.at, version: 1 };
  await bench.store.db
    .updateTable('connection')
    .set({ halted_json: JSON.stringify(halt) })
    .where('id', '=', 'con_2')
    .execute();
  expect(await find('connection-halted')).toMatchObject([
    { cause: 'con_2', title: 'connection Cin7 is halted: the key was refused', fix: 'Enter a new key.' },
  ]);
  await bench.store.db.updateTable('connection').set({ version: 2 }).where('id', '=', 'con_2').execute();
  expect(await find('connection-halted')).toEqual([]);
});

test('tokens and certificates that end soon are told; short-lived and revoked ones are not', async () => {
  const now = bench.clock.at;
  const token = (id: string, more: object) =>
    bench.store.db
      .insertInto('api_token')
      .values({
        id,
        tenant_id: tenantId,
        name: id,
        token_hash: id,
        role: 'viewer',
        created_at: now - 90 * dayMs,
        expires_at: now + 5 * dayMs,
        revoked_at: null,
        last_used_at: null,
        ...more,
      })
      .execute();
  await token('soon', {});
  await token('later', { expires_at: now + 50 * dayMs });
  await token('revoked', { revoked_at: 1 });
  await token('short', { created_at: now - hourMs, expires_at: now + hourMs });
  await addAgent('SAP-GW', 'sit_1', now);
  bench.deps.certificates = [{ name: 'the tunnel', expiresAt: now + dayMs, fix: 'Start the relay anew.' }];
  expect(await find('expiry')).toMatchObject([
    { cause: 'soon', severity: 'warning', title: 'API token soon expires on 2026-06-01' },
    { severity: 'critical', title: 'the certificate of the tunnel expires on 2026-05-28' },
  ]);
});

test('a damaged audit trail is told with the first fault', async () => {
  const fault = { tenantId, subjectId: 'rec_1', seq: 3, fault: 'edited', day: '2026-05-26', detail: 'what it says does not fit its hash' };
  const result_json = JSON.stringify({ report: { faultCount: 1, faults: [fault] } });
  await bench.store.db
    .insertInto('audit_check')
    .values({ tenant_id: tenantId, state: 'damaged', started_at: 1, ended_at: 2, events: 9, result_json })
    .execute();
  expect(await find('audit')).toMatchObject([{ severity: 'critical', example: expect.stringContaining('rec_1 3') as unknown }]);
});

test('every rule runs on a new tenant and finds nothing', async () => {
  for (const { id } of rules) expect([id, await find(id)]).toEqual([id, []]);
});

test('on PostgreSQL every rule runs as well, and an alert opens once, is told and is over', async () => {
  await using database = await openTestDatabase('PostgreSQL');
  await using other = await openAlerts({ loopback: true, privateNetworks: true }, database.settings);
  await other.addChannel('webhook', { url: 'http://127.0.0.1:9/', secret: 'ein-langes-geheimnis' });
  for (const [key, state] of Object.entries({ '100': 'blocked', '101': 'uncertain', '102': 'failed' }))
    await other.put(key, state, { code: 'A', message: 'a' });
  await other.round();
  await other.round();
  await other.store.db.updateTable('record').set({ state: 'succeeded' }).execute();
  await other.round();
  const deliveries = await other.store.db.selectFrom('alert_delivery').select(['kind', 'state']).orderBy('kind').execute();
  expect(deliveries).toEqual([
    { kind: 'opened', state: 'waiting' },
    { kind: 'over', state: 'waiting' },
  ]);
  const alerts = await other.store.db.selectFrom('alert').select(['rule', 'closed_at']).execute();
  expect(alerts).toEqual([{ rule: 'blocked', closed_at: expect.any(Number) as unknown }]);
});

test('what was blocked and over within the quiet hours is never told; what is still so is told at their end', async () => {
  const deliveries = () => bench.store.db.selectFrom('alert_delivery').select(['kind', 'state', 'next_attempt_at']).orderBy('id').execute();
  await bench.only('blocked');
  await bench.addChannel('webhook', { url: 'http://127.0.0.1:9/', secret: 'ein-langes-geheimnis' });
  await setAlertSettings(bench.store, bench.clock, tenantId, {
    timeZone: 'UTC',
    quietHours: { from: '08:00', to: '12:00' },
    reminderHours: null,
  });
  await bench.put('100', 'blocked', { code: 'A', message: 'a' });
  await bench.put('101', 'blocked', { code: 'B', message: 'b' });
  await bench.round();
  await bench.store.db.updateTable('record').set({ state: 'succeeded' }).where('key', '=', '100').execute();
  await bench.round();
  expect((await deliveries()).map(({ state }) => state).toSorted()).toEqual(['waiting', 'withdrawn']);
  expect((await deliveries()).find(({ state }) => state === 'waiting')).toEqual({
    kind: 'opened',
    state: 'waiting',
    next_attempt_at: Date.UTC(2026, 4, 27, 12),
  });
});

test('reminders come at their interval until somebody acknowledges; muted alerts are told when the mute ends', async () => {
  await bench.only('blocked');
  await bench.addChannel('webhook', { url: 'http://127.0.0.1:9/', secret: 'ein-langes-geheimnis' });
  await setAlertSettings(bench.store, bench.clock, tenantId, { timeZone: 'UTC', quietHours: null, reminderHours: 4 });
  const blocked = rules.find(({ id }) => id === 'blocked')!;
  const muted = { rule: blocked, enabled: true, settings: {}, channelIds: null, mutedUntil: bench.clock.at + hourMs };
  await setRule(bench.store, bench.clock, tenantId, muted);
  const kinds = async () =>
    (await bench.store.db.selectFrom('alert_delivery').select('kind').orderBy('id').execute()).map(({ kind }) => kind);
  await bench.put('100', 'blocked', { code: 'A', message: 'a' });
  await bench.round();
  expect(await kinds()).toEqual([]);
  bench.clock.at += hourMs;
  await bench.round();
  expect(await kinds()).toEqual(['opened']);
  bench.clock.at += 4 * hourMs;
  await bench.round();
  expect(await kinds()).toEqual(['opened', 'reminder']);
  await bench.store.db.updateTable('alert').set({ acknowledged_at: bench.clock.at }).execute();
  bench.clock.at += 4 * hourMs;
  await bench.round();
  expect(await kinds()).toEqual(['opened', 'reminder']);
});

test.each([
  ['before', '2026-05-27T19:59:00Z', '2026-05-27T19:59:00Z'],
  ['at their beginning', '2026-05-27T20:00:00Z', '2026-05-28T04:30:00Z'],
  ['after midnight there', '2026-05-27T23:10:30Z', '2026-05-28T04:30:00Z'],
  ['at their end', '2026-05-28T04:30:00Z', '2026-05-28T04:30:00Z'],
])('quiet hours over midnight in Berlin: %s', (_what, now, until) => {
  const settings = { timeZone: 'Europe/Berlin', quietHours: { from: '22:00', to: '06:30' } };
  expect(new Date(quietUntil(Date.parse(now), settings)).toISOString()).toBe(new Date(until).toISOString());
});

test('weekdays are those of the time zone', () => {
  const friday = Date.parse('2026-05-29T20:00:00Z');
  expect(weekdayMs(friday, friday + 4 * hourMs, 'UTC')).toBe(4 * hourMs);
  expect(weekdayMs(friday, friday + 4 * hourMs, 'Europe/Berlin')).toBe(2 * hourMs);
});

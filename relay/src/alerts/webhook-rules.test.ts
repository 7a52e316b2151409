import { minuteMs, openAlerts, tenantId, type AlertBench } from './testing/alert-bench.ts';
import { rules } from './rules/index.ts';
import type { Finding } from './finding.ts';

let bench: AlertBench;
let connectionId: string;
let integrationId: string;
beforeEach(async () => {
  bench = await openAlerts();
  const integration = await bench.store.db.selectFrom('integration').selectAll().executeTakeFirstOrThrow();
  connectionId = integration.source_connection_id;
  integrationId = integration.id;
});
afterEach(() => bench[Symbol.asyncDispose]());

function find(id: string, settings: object = {}): Promise<Finding[]> {
  const rule = rules.find((one) => one.id === id)!;
  return rule.find({ ...bench.deps, startedAt: 0, tenantId, settings: rule.settings.parse(settings), timeZone: 'UTC' });
}

async function count(outcome: string, amount: number, agoMinutes = 0): Promise<void> {
  const at = bench.clock.at - agoMinutes * minuteMs;
  const row = { connection_id: connectionId, bucket_at: at - (at % (5 * minuteMs)), outcome, count: amount };
  await bench.store.db.insertInto('webhook_count').values(row).execute();
}

test('refused webhooks are told from the threshold on, by connection, and are over when they stop', async () => {
  await count('genuine', 5000);
  await count('forged', 15);
  expect(await find('webhooks-refused')).toEqual([]);
  await count('wrong_header', 7);
  expect(await find('webhooks-refused')).toMatchObject([
    { cause: connectionId, severity: 'warning', title: expect.stringContaining('22 webhooks'), example: 'forged 15, wrong_header 7' },
  ]);
  expect(await find('webhooks-refused', { atLeast: 100 })).toEqual([]);
  bench.clock.at += 30 * minuteMs;
  expect(await find('webhooks-refused')).toEqual([]);
});

test('duplicates and deliveries that only the relay could not take are not refusals', async () => {
  await count('duplicate', 500);
  await count('unavailable', 500);
  expect(await find('webhooks-refused')).toEqual([]);
});

async function fail(verdict: string): Promise<void> {
  const row = { tenant_id: tenantId, key: 'k', secrets: '', mode: 'observe', mode_set_by: null, genuine_at: null, created_at: 0 };
  const kept = { rotated_at: null, last_event_at: null, kept_at: null, kept_json: null, kept_version: null, keep_at: 0, keep_failures: 1 };
  const error = { code: 'SCOPE', verdict, message: 'the token may not manage webhooks', fix: 'Make a token with that scope.' };
  await bench.store.db
    .insertInto('webhook_endpoint')
    .values({ connection_id: connectionId, ...row, ...kept, keep_failing_since: bench.clock.at, keep_error_json: JSON.stringify(error) })
    .execute();
}

test('a missing right is told at once, with what to do', async () => {
  await fail('halt');
  expect(await find('webhooks-broken')).toMatchObject([
    { cause: `subscriptions ${connectionId}`, title: expect.stringContaining('may not manage'), fix: 'Make a token with that scope.' },
  ]);
});

test('a system that does not answer is told after a while only', async () => {
  await fail('retry');
  expect(await find('webhooks-broken')).toEqual([]);
  bench.clock.at += 31 * minuteMs;
  expect(await find('webhooks-broken')).toHaveLength(1);
});

test('keys that were told of and cannot be read are told after hours, unless the flow is paused', async () => {
  const { flow_id } = await bench.store.db.selectFrom('integration_flow').select('flow_id').executeTakeFirstOrThrow();
  const key = { integration_id: integrationId, flow_id, tenant_id: tenantId, generation: 1, taken: null, run_id: null };
  const times = { first_at: bench.clock.at, due_at: bench.clock.at };
  const error_json = JSON.stringify({ code: 'REFUSED', verdict: 'refused', message: 'order 250 cannot be read' });
  await bench.store.db
    .insertInto('dirty_key')
    .values([
      { ...key, key: '250', ...times, failures: 9, error_json },
      { ...key, key: '251', ...times, failures: 0, error_json: null },
    ])
    .execute();
  expect(await find('webhooks-broken')).toEqual([]);
  bench.clock.at += 121 * minuteMs;
  expect(await find('webhooks-broken')).toMatchObject([
    { cause: `keys ${integrationId}/${flow_id}`, title: expect.stringMatching(/^1 keys of .* order 250 cannot be read$/), example: '250' },
  ]);
  await bench.store.db.updateTable('integration_flow').set({ paused: 1 }).execute();
  expect(await find('webhooks-broken')).toEqual([]);
});

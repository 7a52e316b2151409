import type { Finding } from './finding.ts';
import { updateAlerts } from './open-alerts.ts';
import { rules } from './rules/index.ts';
import type { TenantRule } from './rule-settings.ts';
import { openAlerts, tenantId, type AlertBench } from './testing/alert-bench.ts';

let bench: AlertBench;
beforeEach(async () => {
  bench = await openAlerts();
});
afterEach(() => bench[Symbol.asyncDispose]());

const finding: Finding = {
  cause: 'agent:agt_1',
  severity: 'critical',
  title: 'SAP-GW 北京 is not connected',
  since: 0,
  count: null,
  example: null,
  fix: 'Start the agent.',
  link: '',
};

test('an alert that opens, changes or is over is told to who watches; one that stays as it is is not', async () => {
  const rule = rules.find(({ id }) => id === 'tunnel-down');
  if (!rule) throw new Error('there is no such rule');
  const tenantRule: TenantRule = { rule, enabled: true, settings: {}, channelIds: [], mutedUntil: null };
  const told: string[] = [];
  using _listening = bench.store.listen((change) => void (change.about === 'alert' && told.push(`${change.tenantId} ${change.id}`)));
  const update = (findings: Finding[]): Promise<void> =>
    updateAlerts(bench.store, bench.clock, {
      tenant: { id: tenantId, name: "O'Brien Imports" },
      settings: { timeZone: 'UTC', quietHours: null, reminderHours: null },
      rule: tenantRule,
      findings,
    });
  const counts: number[] = [];
  for (const findings of [[finding], [finding], [{ ...finding, title: 'SAP-GW 北京 is not connected since noon' }], [], []]) {
    await update(findings);
    counts.push(told.length);
    bench.clock.at += 60_000;
  }
  expect(counts).toEqual([1, 1, 2, 3, 3]);
  const { id } = await bench.store.db.selectFrom('alert').select('id').executeTakeFirstOrThrow();
  expect(new Set(told)).toEqual(new Set([`${tenantId} ${id}`]));
});

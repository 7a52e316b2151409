import { sql } from 'kysely';
import { healthOfFlows, settledPerHour } from './flow-health.ts';
import { takeIn } from './testing/ledger-bench.ts';
import { onEachLedger } from './testing/on-each-ledger.ts';

const tenantId = 'ten_1';
const hourMs = 3_600_000;

onEachLedger((ledger) => {
  const { clock } = ledger;

  test('records count for the hour in which they came to rest; what is under way counts for none', async () => {
    await takeIn(ledger.store, clock, { 1: 'Größe AG', 2: "O'Brien Ltd", 3: '北京进出口有限公司' });
    await ledger.post('1');
    await ledger.post('2');
    const now = clock.now();
    const thisHour = now - (now % hourMs);
    await ledger.store.db
      .updateTable('record')
      .set({ changed_at: now - 2 * hourMs })
      .where('key', '=', '2')
      .execute();
    const none = { succeeded: 0, skipped: 0, blocked: 0 };
    expect(await settledPerHour(ledger.store, { tenantId, now, hours: 4 })).toEqual([
      { at: thisHour - 3 * hourMs, ...none },
      { at: thisHour - 2 * hourMs, ...none, succeeded: 1 },
      { at: thisHour - hourMs, ...none },
      { at: thisHour, ...none, succeeded: 1 },
    ]);
    expect(await settledPerHour(ledger.store, { tenantId: 'ten_2', now, hours: 1 })).toEqual([{ at: thisHour, ...none }]);
  });

  test('a flow tells what is not through, and its newest run', async () => {
    await takeIn(ledger.store, clock, { 1: 'Größe AG' });
    await takeIn(ledger.store, clock, { 2: "O'Brien Ltd", 3: '北京进出口有限公司' });
    await ledger.post('1');
    const [newest] = await ledger.store.db.selectFrom('run').select('id').orderBy('id', 'desc').execute();
    const health = await healthOfFlows(ledger.store, tenantId);
    expect(health).toMatchObject([{ flowId: 'vendors', unsettled: { pending: 2 }, newestRun: { id: newest?.id } }]);
    expect(await healthOfFlows(ledger.store, 'ten_2')).toEqual([]);
  });

  test.each([
    ['the throughput', 'record_settled', "changed_at >= 0 and changed_at < 9 and state in ('succeeded', 'skipped', 'blocked')"],
    [
      'what stands still',
      'record_standing',
      "state in ('blocked', 'failed', 'uncertain', 'waiting') group by integration_id, flow_id, state",
    ],
  ])('%s is read from its index alone, however many records there are', async (_what, index, condition) => {
    if (ledger.kind !== 'SQLite') return;
    const { rows } = await sql<{ detail: string }>`
      explain query plan select count(*) filter (where state = 'blocked') from record where tenant_id = ${tenantId} and ${sql.raw(condition)}
    `.execute(ledger.store.db);
    expect(rows.map(({ detail }) => detail)).toEqual([expect.stringContaining(`USING COVERING INDEX ${index}`)]);
  });
});

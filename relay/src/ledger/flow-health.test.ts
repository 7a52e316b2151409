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
    const hours = await settledPerHour(ledger.store, { tenantId, since: thisHour - 23 * hourMs });
    expect(hours.sort((one, other) => one.at - other.at)).toEqual([
      { at: thisHour - 2 * hourMs, state: 'succeeded', records: 1 },
      { at: thisHour, state: 'succeeded', records: 1 },
    ]);
    expect(await settledPerHour(ledger.store, { tenantId, since: now + 1000 })).toEqual([]);
    expect(await settledPerHour(ledger.store, { tenantId: 'ten_2', since: 0 })).toEqual([]);
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

  test('the throughput is read from its index alone, however many records there are', async () => {
    if (ledger.kind !== 'SQLite') return;
    const { rows } = await sql<{ detail: string }>`
      explain query plan select state, changed_at / 3600000, count(*) from record
      where tenant_id = ${tenantId} and changed_at >= ${0} and state in ('succeeded', 'skipped', 'blocked') group by 1, 2
    `.execute(ledger.store.db);
    expect(rows.map(({ detail }) => detail)).toContainEqual(expect.stringContaining('USING COVERING INDEX record_settled'));
  });
});

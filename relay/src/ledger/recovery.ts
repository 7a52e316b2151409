import type { Clock } from '@ml-connector/shared';
import type { Kysely } from 'kysely';
import type { Db, Store } from '../store/index.ts';
import { addEvent } from './events.ts';
import { interruptRequest } from './run-requests.ts';
import { move, type StateReason } from './states.ts';

/**
 * What a node had in hand that is gone: what was being sent may have been applied, so it is looked up; runs that were reading ended there
 * and go on from their stored cursor, sweeps begin anew. Answers the ids of the records.
 */
export function recoverInterrupted(store: Store, clock: Clock): Promise<string[]> {
  return store.transaction(async (transaction) => {
    const records = await recoverRecords(transaction, clock);
    await interruptRuns(transaction, clock);
    return records;
  });
}

async function recoverRecords(transaction: Kysely<Db>, clock: Clock): Promise<string[]> {
  const now = clock.now();
  const reasons: StateReason[] = [{ code: 'RELAY_STOPPED', message: 'the relay stopped while this record was being sent' }];
  const posting = await transaction
    .selectFrom('record')
    .select(['id', 'tenant_id'])
    .where('state', '=', 'posting')
    .where((one) => one.not(one.exists(one.selectFrom('node').select('node.id').whereRef('node.id', '=', 'record.node_id'))))
    .orderBy('id')
    .execute();
  const recovered: string[] = [];
  for (const { id, tenant_id: tenantId } of posting) {
    if (!(await move(transaction, clock, { id, reasons, nextAttemptAt: now }, 'posting', 'uncertain'))) continue;
    await transaction
      .updateTable('attempt')
      .set({ ended_at: now, outcome: 'uncertain', error_json: JSON.stringify({ ...reasons[0], verdict: 'uncertain' }) })
      .where('record_id', '=', id)
      .where('ended_at', 'is', null)
      .execute();
    await addEvent(transaction, { subjectId: id, tenantId, at: now, actor: 'engine', kind: 'uncertain', data: { reasons } });
    recovered.push(id);
  }
  return recovered;
}

async function interruptRuns(transaction: Kysely<Db>, clock: Clock): Promise<void> {
  const now = clock.now();
  const running = await transaction
    .selectFrom('run')
    .select(['id', 'integration_id', 'flow_id', 'mode'])
    .where('state', '=', 'running')
    .where((one) => one.not(one.exists(one.selectFrom('node').select('node.id').whereRef('node.id', '=', 'run.node_id'))))
    .orderBy('id')
    .execute();
  for (const run of running) {
    const { numUpdatedRows } = await transaction
      .updateTable('run')
      .set({ state: 'interrupted', ended_at: now })
      .where('id', '=', run.id)
      .where('state', '=', 'running')
      .executeTakeFirst();
    if (numUpdatedRows === 0n) continue;
    await interruptRequest(transaction, run, now);
    // A backfill waits for its request, the keys of events are still due.
    if (run.mode === 'backfill' || run.mode === 'events') continue;
    await transaction
      .updateTable('integration_flow')
      .set({ next_run_at: now, ...(run.mode === 'sweep' ? { next_sweep_at: now } : {}) })
      .where('integration_id', '=', run.integration_id)
      .where('flow_id', '=', run.flow_id)
      .execute();
  }
}

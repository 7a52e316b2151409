import type { Clock } from '@ml-connector/shared';
import type { Kysely, Selectable } from 'kysely';
import type { Db, RecordRow, Store } from '../store/index.ts';
import { addEvent } from './events.ts';
import { move } from './states.ts';

/** Blocked records that waited for one of these entries are pending again. To be called in the transaction that adds the entries. */
export async function wakeMissing(
  transaction: Kysely<Db>,
  clock: Clock,
  entries: { integrationId: string; valueMapId: string; codes: readonly string[] | 'all'; actor: string },
): Promise<number> {
  let query = transaction
    .selectFrom('record')
    .innerJoin('missing_entry', 'missing_entry.record_id', 'record.id')
    .select(['record.id', 'record.tenant_id'])
    .distinct()
    .where('missing_entry.integration_id', '=', entries.integrationId)
    .where('missing_entry.value_map_id', '=', entries.valueMapId)
    .where('record.state', '=', 'blocked');
  if (entries.codes !== 'all') query = query.where('missing_entry.code', 'in', entries.codes);
  return wake(transaction, clock, await query.execute(), { actor: entries.actor, why: `value map ${entries.valueMapId} changed` });
}

/** Blocked by the mapping, not by the target: after a change of the flow's settings they are mapped again. */
export async function wakeMapped(
  transaction: Kysely<Db>,
  clock: Clock,
  flow: { integrationId: string; flowId: string; actor: string },
): Promise<number> {
  const rows = await transaction
    .selectFrom('record')
    .select(['id', 'tenant_id'])
    .where('integration_id', '=', flow.integrationId)
    .where('flow_id', '=', flow.flowId)
    .where('state', '=', 'blocked')
    // Refused by the target means that there was an attempt with the present mapping.
    .where((condition) =>
      condition.not(
        condition.exists(
          condition
            .selectFrom('attempt')
            .select('attempt.id')
            .whereRef('attempt.record_id', '=', 'record.id')
            .whereRef('attempt.mapping_version', '=', 'record.mapping_version'),
        ),
      ),
    )
    .execute();
  return wake(transaction, clock, rows, { actor: flow.actor, why: 'the settings of the flow changed' });
}

/** Failed and uncertain records towards a connection, and extractions from it, are due now: it works again. */
export async function wakeConnections(store: Store, clock: Clock, connectionIds: readonly string[]): Promise<void> {
  if (connectionIds.length === 0) return;
  const now = clock.now();
  await store.transaction(async (transaction) => {
    const touching = transaction
      .selectFrom('integration')
      .select('id')
      .where((one) => one.or([one('source_connection_id', 'in', connectionIds), one('target_connection_id', 'in', connectionIds)]));
    await transaction
      .updateTable('record')
      .set({ next_attempt_at: now })
      .where('state', 'in', ['failed', 'uncertain', 'pending'])
      .where('next_attempt_at', '>', now)
      .where('integration_id', 'in', touching)
      .execute();
    await transaction
      .updateTable('integration_flow')
      .set({ next_run_at: now })
      .where('failures', '>', 0)
      .where('integration_id', 'in', touching)
      .execute();
    await transaction
      .updateTable('dirty_key')
      .set({ due_at: now })
      .where('failures', '>', 0)
      .where('due_at', '>', now)
      .where('integration_id', 'in', touching)
      .execute();
    await transaction
      .updateTable('run_request')
      .set({ not_before: now })
      .where('ended_at', 'is', null)
      .where('not_before', '>', now)
      .where('integration_id', 'in', touching)
      .execute();
  });
  for (const id of connectionIds) store.notify({ about: 'connection', id });
}

type Sleeping = Pick<Selectable<RecordRow>, 'id' | 'tenant_id'>;

async function wake(
  transaction: Kysely<Db>,
  clock: Clock,
  records: Sleeping[],
  { actor, why }: { actor: string; why: string },
): Promise<number> {
  let woken = 0;
  for (const { id, tenant_id: tenantId } of records) {
    if (!(await move(transaction, clock, { id }, 'blocked', 'pending'))) continue;
    await transaction.deleteFrom('missing_entry').where('record_id', '=', id).execute();
    await addEvent(transaction, { subjectId: id, tenantId, at: clock.now(), actor, kind: 'woken', data: { why } });
    woken++;
  }
  return woken;
}

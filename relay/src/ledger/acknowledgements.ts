import type { Clock, WireError } from '@ml-connector/shared';
import type { AcknowledgementRow, RecordRow, Sql, Steps, Store } from '../store/index.ts';
import { addEvent, appendEvent } from './events.ts';
import type { FlowRef } from './intake.ts';

/** What the source is still to be told of one record. */
export interface Acknowledgement {
  row: AcknowledgementRow;
  record: RecordRow;
  result: { targetId: string; targetLabel: string; action: string };
}

/** The source is to be told of this success; what it was not yet told of older versions of the key is out of date. */
export function* askToAcknowledge(sql: Sql, clock: Clock, record: RecordRow, result: Acknowledgement['result']): Steps<void> {
  const { id, tenant_id, integration_id, flow_id, key } = record;
  yield* sql.run('delete from acknowledgement where integration_id = ? and flow_id = ? and key = ?', integration_id, flow_id, key);
  yield* sql.run(
    `insert into acknowledgement (record_id, tenant_id, integration_id, flow_id, key, failures, next_attempt_at, result_json, created_at)
     values (?, ?, ?, ?, ?, 0, ?, ?, ?)`,
    id,
    tenant_id,
    integration_id,
    flow_id,
    key,
    clock.now(),
    JSON.stringify(result),
    clock.now(),
  );
}

/** Those that are due, longest first. */
export async function dueAcknowledgements(store: Store, flow: FlowRef, now: number, limit: number): Promise<Acknowledgement[]> {
  const rows = await store.db
    .selectFrom('acknowledgement')
    .selectAll()
    .where('integration_id', '=', flow.integrationId)
    .where('flow_id', '=', flow.flowId)
    .where('next_attempt_at', '<=', now)
    .orderBy('next_attempt_at')
    .limit(limit)
    .execute();
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.record_id);
  const records = await store.db.selectFrom('record').selectAll().where('id', 'in', ids).execute();
  return rows.flatMap((row) => {
    const record = records.find(({ id }) => id === row.record_id);
    return record ? [{ row, record, result: JSON.parse(row.result_json) as Acknowledgement['result'] }] : [];
  });
}

/** When the next one is due; undefined when none waits. */
export async function nextAcknowledgementAt(store: Store): Promise<number | undefined> {
  const row = await store.db
    .selectFrom('acknowledgement')
    .select('next_attempt_at')
    .where('next_attempt_at', 'is not', null)
    .orderBy('next_attempt_at')
    .limit(1)
    .executeTakeFirst();
  return row?.next_attempt_at ?? undefined;
}

export type AcknowledgementEnd =
  | { state: 'told' }
  /** To be tried again at that time. */
  | { state: 'failed'; error: WireError; nextAttemptAt: number }
  /** The source does not take it: only a person can say that it is tried again. */
  | { state: 'refused'; error: WireError };

/** What came of telling the source, with its line in the record's story. Nothing when a newer version took its place meanwhile. */
export async function endAcknowledgement(store: Store, clock: Clock, { record }: Acknowledgement, end: AcknowledgementEnd): Promise<void> {
  const about = { subjectId: record.id, tenantId: record.tenant_id, actor: 'engine' };
  await store.commit(function* (sql) {
    const { changes } =
      end.state === 'told'
        ? yield* sql.run('delete from acknowledgement where record_id = ?', record.id)
        : yield* sql.run(
            'update acknowledgement set failures = failures + 1, next_attempt_at = ?, error_json = ? where record_id = ?',
            end.state === 'failed' ? end.nextAttemptAt : null,
            JSON.stringify(end.error),
            record.id,
          );
    if (changes === 0) return;
    const kind = { told: 'acknowledged', failed: 'not acknowledged', refused: 'acknowledgement refused' }[end.state];
    const { state: _state, ...data } = end;
    yield* appendEvent(sql, { ...about, at: clock.now(), kind, data });
  });
  store.notify({ about: 'record', tenantId: record.tenant_id, id: record.id });
}

/** How telling the source of a record stands; undefined when it was told, or need not be. */
export function acknowledgementOf(store: Store, recordId: string): Promise<AcknowledgementRow | undefined> {
  return store.db.selectFrom('acknowledgement').selectAll().where('record_id', '=', recordId).executeTakeFirst();
}

/** A person wants the source to be told now. Answers false when nothing is to be told. */
export async function acknowledgeNow(
  store: Store,
  clock: Clock,
  { tenantId, recordId, actor }: { tenantId: string; recordId: string; actor: string },
): Promise<boolean> {
  const isWaiting = await store.transaction(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('acknowledgement')
      .set({ next_attempt_at: clock.now() })
      .where('record_id', '=', recordId)
      .where('tenant_id', '=', tenantId)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await addEvent(transaction, { subjectId: recordId, tenantId, at: clock.now(), actor, kind: 'acknowledgement asked for', data: {} });
    return true;
  });
  if (isWaiting) store.notify({ about: 'work', tenantId });
  return isWaiting;
}

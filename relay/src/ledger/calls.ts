import type { RecordRow, Sql, Steps, Store } from '../store/index.ts';
import { appendEvent, dataText, type NewEvent } from './events.ts';

/** A call to an outside system, as far as the ledger looks into it. */
export interface TracedCall {
  at: number;
  ms?: number;
}

/** One call that was made for a record or a run: a line of its story, on disk when this resolves. */
export async function traceCall(store: Store, subject: Pick<RecordRow, 'id' | 'tenant_id'>, call: TracedCall): Promise<void> {
  await store.commit((sql) => appendEvent(sql, callEvent(subject, call)));
}

/** Dated when the call ended, since a read of hours must not get into days whose anchor was made meanwhile; its data tell when it began. */
export function callEvent({ id, tenant_id }: Pick<RecordRow, 'id' | 'tenant_id'>, call: TracedCall): NewEvent {
  return { subjectId: id, tenantId: tenant_id, at: call.at + (call.ms ?? 0), actor: 'engine', kind: 'call', data: call };
}

/** Writes those of the calls that are not among the record's events yet. */
export function* tellMissing(sql: Sql, record: RecordRow, calls: readonly TracedCall[]): Steps<void> {
  const told = yield* sql.all<{ data_json: string }>(`select data_json from event where subject_id = ? and kind = 'call'`, record.id);
  for (const call of calls) {
    const event = callEvent(record, call);
    if (!told.some(({ data_json: text }) => text === dataText(event.data))) yield* appendEvent(sql, event);
  }
}

import type { Clock } from '@ml-connector/shared';
import type { RecordRow, Sql, Steps, Store } from '../store/index.ts';
import { appendEvent } from './events.ts';
import { forgetPredecessors, releaseSuccessors } from './predecessors.ts';
import { recordPages, type ReplaySelection } from './replay.ts';
import { moveNow, type RecordState, type StateReason } from './states.ts';
import { approvableReasons, skippedByHand } from './waiting.ts';

/** Which records a person's decision reached. */
export interface Decided {
  changed: string[];
  /** In a state in which the decision says nothing. */
  untouched: string[];
}

export interface Decision {
  /** `user:…`, `token:…`. */
  actor: string;
  /** Why, in the person's words. */
  reason: string;
}

/** States out of which a person may take a record for good: surely not applied, and not in somebody's hands. */
export const skippableStates = ['pending', 'failed', 'waiting', 'blocked'] as const satisfies readonly RecordState[];

/** A person says that these records are not to be posted: they were entered by hand, or are not wanted. */
export function skipRecords(store: Store, clock: Clock, selection: ReplaySelection, decision: Decision): Promise<Decided> {
  return decide(store, selection, (sql, record) => skip(sql, clock, record, decision));
}

/** A person lets records go that wait for a yes; the same reason does not hold them again. */
export function approveRecords(store: Store, clock: Clock, selection: ReplaySelection, decision: Decision): Promise<Decided> {
  return decide(store, selection, (sql, record) => approve(sql, clock, record, decision));
}

type DecideOne = (sql: Sql, record: RecordRow) => Steps<boolean>;

async function decide(store: Store, selection: ReplaySelection, one: DecideOne): Promise<Decided> {
  const decided: Decided = { changed: [], untouched: [] };
  for await (const records of recordPages(store, selection)) {
    const outcomes = await store.commit(function* (sql) {
      const changed: boolean[] = [];
      for (const record of records) changed.push(yield* one(sql, record));
      return changed;
    });
    for (const [place, { id, tenant_id: tenantId }] of records.entries()) {
      decided[outcomes[place] ? 'changed' : 'untouched'].push(id);
      if (outcomes[place]) store.notify({ about: 'record', tenantId, id });
    }
  }
  store.notify({ about: 'work' });
  return decided;
}

function* skip(sql: Sql, clock: Clock, record: RecordRow, { actor, reason }: Decision): Steps<boolean> {
  // Looked at again: the one skipped before it may have released it.
  const present = yield* sql.get<{ state: string }>('select state from record where id = ?', record.id);
  const from = skippableStates.find((state) => state === present?.state);
  if (!from) return false;
  const { id, tenant_id: tenantId, integration_id: integrationId, flow_id: flowId, key } = record;
  if (!(yield* moveNow(sql, clock, { id, reasons: [{ code: skippedByHand, message: reason }] }, from, 'skipped'))) return false;
  yield* sql.run('delete from missing_entry where record_id = ?', id);
  yield* forgetPredecessors(sql, [id]);
  yield* appendEvent(sql, { subjectId: id, tenantId, at: clock.now(), actor, kind: 'skipped', data: { reason, was: from } });
  yield* releaseSuccessors(sql, clock, { tenantId, integrationId, flowId }, [key]);
  return true;
}

function* approve(sql: Sql, clock: Clock, record: RecordRow, { actor, reason }: Decision): Steps<boolean> {
  if (record.state !== 'waiting' || record.reason_json === null) return false;
  const reasons = JSON.parse(record.reason_json) as StateReason[];
  const codes = approvableReasons.filter((code) => reasons.some((one) => one.code === code));
  if (codes.length === 0) return false;
  const { id, tenant_id: tenantId } = record;
  if (!(yield* moveNow(sql, clock, { id }, 'waiting', 'pending'))) return false;
  const at = clock.now();
  yield* sql.insertEach(
    'insert into approval (record_id, code, tenant_id, actor, approved_at) values (?, ?, ?, ?, ?) on conflict do nothing',
    codes.map((code) => [id, code, tenantId, actor, at]),
  );
  yield* appendEvent(sql, { subjectId: id, tenantId, at, actor, kind: 'approved', data: { codes, reason } });
  return true;
}

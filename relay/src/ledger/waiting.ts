import type { Clock } from '@ml-connector/shared';
import type { Kysely } from 'kysely';
import type { Db, RecordRow, Store } from '../store/index.ts';
import { addEvent, appendEvent } from './events.ts';
import type { FlowRef } from './intake.ts';
import { move, moveNow, type StateReason } from './states.ts';

/** What a person can let a record pass. */
export const approvableReasons = ['BUSINESS_AGE', 'PERIOD_CLOSED', 'SKIPPED_BEFORE'] as const;
export type ApprovableReason = (typeof approvableReasons)[number];

/** Of the rules and calendars that a record was checked against: nothing is held when they were changed since. */
export interface RulesStamp {
  postingJson: string | null;
  calendars: string;
}

export interface HeldRecord {
  reasons: readonly StateReason[];
  stamp: RulesStamp;
}

/** Tells one state of a tenant's calendars from another. */
export function calendarStamp(calendars: readonly { id: string; changed_at: number | string }[]): string {
  return calendars
    .map(({ id, changed_at: at }) => `${id} ${at}`)
    .toSorted()
    .join(', ');
}

/**
 * A pending record that waits for a person. Answers false, and leaves it pending, when it was moved or when the rules that hold it were
 * changed since.
 */
export async function holdRecord(store: Store, clock: Clock, record: RecordRow, { reasons, stamp }: HeldRecord): Promise<boolean> {
  const isHeld = await store.commit(function* (sql) {
    // Who changes rules or calendars touches these rows first: either the change is seen here, or this record is seen by the change.
    const flow = yield* sql.get<{ posting_json: string | null }>(
      `select posting_json from integration_flow where integration_id = ? and flow_id = ?${sql.forShare}`,
      record.integration_id,
      record.flow_id,
    );
    const calendars = yield* sql.all<{ id: string; changed_at: number }>(
      'select id, changed_at from close_calendar where tenant_id = ?',
      record.tenant_id,
    );
    if (flow?.posting_json !== stamp.postingJson || calendarStamp(calendars) !== stamp.calendars) return false;
    if (!(yield* moveNow(sql, clock, { id: record.id, reasons: [...reasons] }, 'pending', 'waiting'))) return false;
    const event = {
      subjectId: record.id,
      tenantId: record.tenant_id,
      at: clock.now(),
      actor: 'engine',
      kind: 'waiting',
      data: { reasons },
    };
    yield* appendEvent(sql, event);
    return true;
  });
  if (isHeld) store.notify({ about: 'record', tenantId: record.tenant_id, id: record.id });
  return isHeld;
}

/** What people let a record pass. */
export async function approvalsOf(store: Store, recordId: string): Promise<string[]> {
  const rows = await store.db.selectFrom('approval').select('code').where('record_id', '=', recordId).execute();
  return rows.map(({ code }) => code);
}

/** Reason of a record that a person took out for good. */
export const skippedByHand = 'SKIPPED_BY_HAND';

/**
 * Why a person took out the version before this one, in that person's words; undefined where nobody did. Versions that were superseded or
 * filtered decided nothing, so they are left aside.
 */
export async function takenOutByHand(store: Store, record: RecordRow): Promise<string | undefined> {
  if (record.version === 1) return undefined;
  const before = await store.db
    .selectFrom('record')
    .select(['state', 'reason_json'])
    .where('integration_id', '=', record.integration_id)
    .where('flow_id', '=', record.flow_id)
    .where('key', '=', record.key)
    .where('version', '<', record.version)
    .where('superseded_by', 'is', null)
    .where((one) => one.or([one('reason_json', 'is', null), one('reason_json', 'not like', '%"code":"FILTERED"%')]))
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (before?.state !== 'skipped' || before.reason_json === null) return undefined;
  return (JSON.parse(before.reason_json) as StateReason[]).find(({ code }) => code === skippedByHand)?.message;
}

/** To be called first in a transaction that changes what records are held by. */
export async function lockFlows(transaction: Kysely<Db>, tenantId: string): Promise<void> {
  await transaction
    .updateTable('integration_flow')
    .set((row) => ({ paused: row.ref('paused') }))
    .where('tenant_id', '=', tenantId)
    .execute();
}

export interface Woken {
  tenantId: string;
  integrationId?: string;
  flowId?: string;
  codes: readonly ApprovableReason[];
  actor: string;
  why: string;
}

/** What waits for these reasons is looked at anew. To be called in the transaction that changes the rules, after the change. */
export async function wakeHeld(
  transaction: Kysely<Db>,
  clock: Clock,
  { tenantId, integrationId, flowId, codes, actor, why }: Woken,
): Promise<number> {
  let query = transaction.selectFrom('record').select('id').where('tenant_id', '=', tenantId).where('state', '=', 'waiting');
  if (integrationId !== undefined) query = query.where('integration_id', '=', integrationId);
  if (flowId !== undefined) query = query.where('flow_id', '=', flowId);
  const rows = await query.where((one) => one.or(codes.map((code) => one('reason_json', 'like', `%"code":"${code}"%`)))).execute();
  let woken = 0;
  for (const { id } of rows) {
    if (!(await move(transaction, clock, { id }, 'waiting', 'pending'))) continue;
    await addEvent(transaction, { subjectId: id, tenantId, at: clock.now(), actor, kind: 'woken', data: { why } });
    woken++;
  }
  return woken;
}

/** How many records of a flow wait, by the code of the reason. */
export async function waitingByReason(store: Store, { tenantId, integrationId, flowId }: FlowRef): Promise<Record<string, number>> {
  const rows = await store.db
    .selectFrom('record')
    .select(({ fn }) => ['reason_json', fn.countAll<number | string>().as('count')])
    .where('tenant_id', '=', tenantId)
    .where('state', '=', 'waiting')
    .where('integration_id', '=', integrationId)
    .where('flow_id', '=', flowId)
    .groupBy('reason_json')
    .execute();
  const counts: Record<string, number> = {};
  for (const { reason_json: json, count } of rows) {
    const [reason] = json === null ? [] : (JSON.parse(json) as StateReason[]);
    const code = reason?.code ?? 'UNKNOWN';
    counts[code] = (counts[code] ?? 0) + Number(count);
  }
  return counts;
}

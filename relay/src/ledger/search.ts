import { sql } from 'kysely';
import type { AcknowledgementRow, AttemptRow, EventRow, LinkRow, RecordRow, Store } from '../store/index.ts';
import { acknowledgementOf } from './acknowledgements.ts';
import { linkOf } from './links.ts';
import type { RecordState } from './states.ts';

export interface RecordFilter {
  tenantId: string;
  integrationId?: string | undefined;
  flowId?: string | undefined;
  states?: readonly RecordState[] | undefined;
  runId?: string | undefined;
  key?: string | undefined;
  /** Code of a state's reason: `VALUE_MAP_MISSING`. */
  reasonCode?: string | undefined;
  /** Any id, key (leading zeros may be left out) or target id, or a part of a label. */
  text?: string | undefined;
}

export interface Page {
  /** Last id of the page before; records come newest first. */
  before?: string | undefined;
  /** Default 50. */
  limit?: number | undefined;
}

export interface RecordPage {
  records: RecordRow[];
  /** `before` of the next page, or null at the end. */
  next: string | null;
}

export async function searchRecords(store: Store, filter: RecordFilter, { before, limit = 50 }: Page = {}): Promise<RecordPage> {
  let query = filtered(store, filter).selectAll();
  if (before) query = query.where('id', '<', before);
  const rows = await query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const records = rows.slice(0, limit);
  return { records, next: rows.length > limit ? (records.at(-1)?.id ?? null) : null };
}

/** How many records are in each state; states without any are left out. */
export async function countRecords(store: Store, filter: RecordFilter): Promise<Partial<Record<RecordState, number>>> {
  const rows = await filtered(store, filter)
    .select(({ fn }) => ['state', fn.countAll<number | string>().as('count')])
    .groupBy('state')
    .execute();
  return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]));
}

/** The same, but no more than `mostRecords` are looked at: for filters that no index serves. */
export async function countSome(
  store: Store,
  filter: RecordFilter,
  mostRecords: number,
): Promise<{ states: Partial<Record<RecordState, number>>; isComplete: boolean }> {
  const rows = await store.db
    .selectFrom(
      filtered(store, filter)
        .select('state')
        .limit(mostRecords + 1)
        .as('some'),
    )
    .select(({ fn }) => ['some.state', fn.countAll<number | string>().as('count')])
    .groupBy('some.state')
    .execute();
  const states = Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]));
  return { states, isComplete: rows.reduce((sum, { count }) => sum + Number(count), 0) <= mostRecords };
}

export interface RecordStory {
  record: RecordRow;
  attempts: AttemptRow[];
  events: EventRow[];
  link: LinkRow | undefined;
  /** What its source is still to be told. */
  acknowledgement: AcknowledgementRow | undefined;
  /** All versions of the same key, newest first. */
  versions: Pick<RecordRow, 'id' | 'version' | 'state' | 'created_at'>[];
}

/** Everything known about one record; undefined when the tenant has no such record. */
export async function recordStory(store: Store, tenantId: string, recordId: string): Promise<RecordStory | undefined> {
  const { db } = store;
  const record = await db.selectFrom('record').selectAll().where('tenant_id', '=', tenantId).where('id', '=', recordId).executeTakeFirst();
  if (!record) return undefined;
  const flow = { tenantId, integrationId: record.integration_id, flowId: record.flow_id };
  const [attempts, events, link, acknowledgement, versions] = await Promise.all([
    db.selectFrom('attempt').selectAll().where('record_id', '=', recordId).orderBy('number').execute(),
    db.selectFrom('event').selectAll().where('subject_id', '=', recordId).orderBy('seq').execute(),
    linkOf(store, flow, record.key),
    acknowledgementOf(store, recordId),
    db
      .selectFrom('record')
      .select(['id', 'version', 'state', 'created_at'])
      .where('integration_id', '=', flow.integrationId)
      .where('flow_id', '=', flow.flowId)
      .where('key', '=', record.key)
      .orderBy('version', 'desc')
      .execute(),
  ]);
  return { record, attempts, events, link, acknowledgement, versions };
}

function filtered(store: Store, filter: RecordFilter) {
  let query = store.db.selectFrom('record').where('tenant_id', '=', filter.tenantId);
  if (filter.integrationId) query = query.where('integration_id', '=', filter.integrationId);
  if (filter.flowId) query = query.where('flow_id', '=', filter.flowId);
  if (filter.states) query = query.where('state', 'in', filter.states);
  if (filter.runId) query = query.where('run_id', '=', filter.runId);
  if (filter.key) query = query.where('key', '=', filter.key);
  if (filter.reasonCode) query = query.where('reason_json', 'like', `%"code":${JSON.stringify(filter.reasonCode)}%`);
  const text = filter.text?.trim();
  if (!text) return query;
  return query.where((one) =>
    one.or([
      one('id', '=', text),
      one('run_id', '=', text),
      one('target_id', '=', text),
      one('key', '=', text),
      ...(/^\d+$/.test(text) ? [sql<boolean>`ltrim(key, '0') = ${text.replace(/^0+/, '')}`] : []),
      sql<boolean>`fold(label) like ${likePart(text)} escape '\\'`,
      sql<boolean>`fold(target_label) like ${likePart(text)} escape '\\'`,
    ]),
  );
}

function likePart(text: string): string {
  return `%${text.toLowerCase().replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}

import { canonicalHash } from '@ml-connector/shared';
import { mapRecord, type ExtractedRecord, type Flow, type MapOutcome } from '../flows/index.ts';
import type { FlowRef } from '../ledger/index.ts';
import type { LoadedMapping } from '../mapping/index.ts';
import type { LinkRow, RecordRow, Store } from '../store/index.ts';
import { differencesOf } from './differences.ts';
import type { DryRunItem, DryRunOutcome } from './dry-runs.ts';

export interface Judged {
  item: DryRunItem;
  /** Codes and messages of what blocks it. */
  reasons: { code: string; message: string; missing?: { valueMapId: string; code: string } | undefined }[];
  /** Nothing would be sent, although the mapping gives another body now. */
  isStale: boolean;
}

export interface Judging {
  store: Store;
  ref: FlowRef;
  flow: Flow;
  mapping: LoadedMapping;
}

/** What would become of records that were just read, had this been a run: against the newest versions, the links and the last posted bodies. */
export async function judgeBatch(judging: Judging, records: readonly ExtractedRecord<unknown>[]): Promise<Judged[]> {
  const keys = [...new Set(records.map(({ key }) => key))];
  const [links, newest] = await Promise.all([linksOf(judging, keys), newestVersions(judging, keys)]);
  const judged: Judged[] = [];
  for (const record of records) {
    const mapped = await mapRecord(judging.flow, judging.mapping, record);
    judged.push(await judge(judging, { record, mapped, link: links.get(record.key), newest: newest.get(record.key) }));
  }
  return judged;
}

interface ToJudge {
  record: ExtractedRecord<unknown>;
  mapped: MapOutcome<unknown>;
  link: LinkRow | undefined;
  newest: Newest | undefined;
}

type Newest = Pick<RecordRow, 'key' | 'version' | 'payload_hash' | 'state' | 'reason_json' | 'mapping_version'>;

async function judge({ store, mapping }: Judging, { record, mapped, link, newest }: ToJudge): Promise<Judged> {
  const item = (outcome: DryRunOutcome, more: Partial<DryRunItem> = {}): DryRunItem => {
    return { outcome, key: record.key, label: record.label, why: '', body: null, differences: [], ...more };
  };
  const body = mapped.outcome === 'mapped' ? mapped.body : undefined;
  const isAsPosted = body !== undefined && link !== undefined && link.target_hash === canonicalHash(body);
  if (newest && isKnown(newest, record.payload, mapping.version) && newest.state !== 'pending') {
    const why = newest.state === 'blocked' ? 'is known, and blocked already' : 'was read before';
    return { item: item('unchanged', { why }), reasons: [], isStale: body !== undefined && link !== undefined && !isAsPosted };
  }
  if (mapped.outcome === 'skipped') return { item: item('skipped', { why: mapped.reason }), reasons: [], isStale: false };
  if (mapped.outcome === 'blocked') {
    const why = mapped.reasons.map(({ message }) => message).join('; ');
    return { item: item('blocked', { why }), reasons: mapped.reasons, isStale: false };
  }
  if (!link) return { item: item('created', { body }), reasons: [], isStale: false };
  if (isAsPosted) return { item: item('unchanged', { why: 'the target was given just this', body }), reasons: [], isStale: false };
  const before = await lastBody(store, link.record_id);
  return {
    item: item('updated', { body, differences: before === undefined ? [] : differencesOf(before, body) }),
    reasons: [],
    isStale: false,
  };
}

// As the intake decides it: only what is new, or was filtered by another mapping, becomes a record.
function isKnown(newest: Newest, payload: unknown, mappingVersion: string): boolean {
  if (newest.payload_hash !== canonicalHash(payload)) return false;
  const wasFiltered = newest.state === 'skipped' && newest.reason_json?.includes('"FILTERED"') === true;
  return !wasFiltered || newest.mapping_version === mappingVersion;
}

async function linksOf({ store, ref }: Judging, keys: readonly string[]): Promise<Map<string, LinkRow>> {
  const links = new Map<string, LinkRow>();
  for (let from = 0; from < keys.length; from += 500) {
    const rows = await store.db
      .selectFrom('link')
      .selectAll()
      .where('integration_id', '=', ref.integrationId)
      .where('flow_id', '=', ref.flowId)
      .where('key', 'in', keys.slice(from, from + 500))
      .execute();
    for (const row of rows) links.set(row.key, row);
  }
  return links;
}

async function newestVersions({ store, ref }: Judging, keys: readonly string[]): Promise<Map<string, Newest>> {
  const newest = new Map<string, Newest>();
  for (let from = 0; from < keys.length; from += 500) {
    const rows = await store.db
      .selectFrom('record')
      .select(['key', 'version', 'payload_hash', 'state', 'reason_json', 'mapping_version'])
      .where('integration_id', '=', ref.integrationId)
      .where('flow_id', '=', ref.flowId)
      .where('key', 'in', keys.slice(from, from + 500))
      .orderBy('version')
      .execute();
    for (const row of rows) newest.set(row.key, row);
  }
  return newest;
}

async function lastBody(store: Store, recordId: string): Promise<unknown> {
  const row = await store.db
    .selectFrom('attempt')
    .select('body_json')
    .where('record_id', '=', recordId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && (JSON.parse(row.body_json) as unknown);
}

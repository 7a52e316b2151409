import type { Clock, Log } from '@ml-connector/shared';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Flow } from '../flows/index.ts';
import type { FlowRef } from '../ledger/index.ts';
import { draftMapping, findDraft, loadMapping, saveDraft, type MappingDraft } from '../mapping/index.ts';
import type { MappingDraftRow, RecordRow, Store } from '../store/index.ts';
import { compareRecord, emptyReport, type ComparisonReport } from './compare-mappings.ts';
import { flowRefOf } from './mappers.ts';

interface Deps {
  store: Store;
  flows: readonly Flow[];
}

export interface ShadowDraft {
  draft: MappingDraft;
  /** Whether what comes in is mapped by both. */
  live: boolean;
  /** Of the live comparison, since the draft was saved or switched on. */
  report: ComparisonReport;
  changedBy: string;
  changedAt: number;
}

/** Puts a draft beside the live mapping of a flow; with `live`, records that come in from now on are mapped by both. */
export async function shadowDraft(
  { store, clock }: { store: Store; clock: Clock },
  { draft, live, actor, ...flow }: FlowRef & { draft: MappingDraft; live: boolean; actor: string },
): Promise<void> {
  const newest = await store.db.selectFrom('record').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  await saveDraft(store, clock, { ...flow, draft, live, actor, report: emptyReport(), seenId: newest?.id ?? '' });
}

export async function viewDraft(store: Store, flow: FlowRef): Promise<ShadowDraft | undefined> {
  const row = await findDraft(store, flow);
  return row && show(row);
}

function show(row: MappingDraftRow): ShadowDraft {
  return {
    draft: JSON.parse(row.draft_json) as MappingDraft,
    live: row.live === 1,
    report: JSON.parse(row.report_json) as ComparisonReport,
    changedBy: row.changed_by,
    changedAt: row.changed_at,
  };
}

/** Maps the newest records of the flow by both, now; nothing is stored or sent. Undefined without a draft. */
export async function compareRecent(
  { store, flows }: Deps,
  flowRef: FlowRef,
  { records: wanted, signal }: { records: number; signal: AbortSignal },
): Promise<ComparisonReport | undefined> {
  const row = await findDraft(store, flowRef);
  const both = row && (await bothMappings({ store, flows }, row));
  if (!both) return undefined;
  const report = emptyReport();
  for (let before: string | undefined; report.compared < wanted;) {
    let query = recordsOfFlow(store, flowRef)
      .selectAll()
      .orderBy('id', 'desc')
      .limit(Math.min(200, wanted - report.compared));
    if (before !== undefined) query = query.where('id', '<', before);
    const page = await query.execute();
    for (const record of page) await compareRecord(report, both, record);
    before = page.at(-1)?.id;
    if (before === undefined) break;
    signal.throwIfAborted();
    await nextTurn();
  }
  return report;
}

const batch = 200;

/** Compares what came in since the last look, for every draft that is live; answers whether there may be more at once. */
export async function advanceShadows({ store, flows, log }: Deps & { log: Log }, signal: AbortSignal): Promise<boolean> {
  const drafts = await store.db.selectFrom('mapping_draft').selectAll().where('live', '=', 1).execute();
  let mayHaveMore = false;
  for (const row of drafts) {
    if (signal.aborted) return false;
    try {
      mayHaveMore = (await advance({ store, flows }, row)) || mayHaveMore;
    } catch (error) {
      log.warn({ err: error, flowId: row.flow_id }, 'a draft mapping could not be compared; next try at the next round');
    }
  }
  return mayHaveMore;
}

async function advance(deps: Deps, row: MappingDraftRow): Promise<boolean> {
  const { store } = deps;
  const records: RecordRow[] = await recordsOfFlow(store, flowRefOf(row))
    .selectAll()
    .where('id', '>', row.seen_id)
    .orderBy('id')
    .limit(batch)
    .execute();
  const last = records.at(-1);
  const both = last && (await bothMappings(deps, row));
  if (!both) return false;
  const report = JSON.parse(row.report_json) as ComparisonReport;
  for (const record of records) await compareRecord(report, both, record);
  // A draft that was saved anew meanwhile has begun a report of its own.
  await store.db
    .updateTable('mapping_draft')
    .set({ seen_id: last.id, report_json: JSON.stringify(report) })
    .where('integration_id', '=', row.integration_id)
    .where('flow_id', '=', row.flow_id)
    .where('changed_at', '=', row.changed_at)
    .where('seen_id', '=', row.seen_id)
    .execute();
  return records.length === batch;
}

async function bothMappings({ store, flows }: Deps, row: MappingDraftRow) {
  const flow = flows.find(({ id }) => id === row.flow_id);
  if (!flow) return undefined;
  const live = await loadMapping(store, flowRefOf(row), flow);
  return { flow, live, draft: draftMapping(live, JSON.parse(row.draft_json) as MappingDraft, flow) };
}

// Along the ids, which are in the order of time. As plain columns they would make SQLite read and sort all records of the flow.
function recordsOfFlow(store: Store, { tenantId, integrationId, flowId }: FlowRef) {
  return store.db
    .selectFrom('record')
    .where(sql<boolean>`tenant_id || '' = ${tenantId}`)
    .where(sql<boolean>`integration_id || '' = ${integrationId}`)
    .where(sql<boolean>`flow_id || '' = ${flowId}`);
}

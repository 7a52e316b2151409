import type { Clock } from '@ml-connector/shared';
import type { DayRange, ExtractMode } from '../flows/index.ts';
import { addEvent, type FlowRef } from '../ledger/index.ts';
import { newId, type DryRunItemRow, type DryRunRow, type Store } from '../store/index.ts';

/** A run that sends nothing: what would be created, updated, blocked, if it were run for real now. */
export interface DryRun {
  id: string;
  integrationId: string;
  flowId: string;
  mode: ExtractMode;
  range: DayRange | null;
  state: DryRunState;
  actor: string;
  progress: string;
  report: DryRunReport;
  error: { code: string; message: string; fix?: string } | null;
  requestedAt: number;
  startedAt: number | null;
  endedAt: number | null;
}

/** `interrupted`: the relay stopped meanwhile; it is not taken up again. */
export type DryRunState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'interrupted';

export const dryRunOutcomes = ['created', 'updated', 'unchanged', 'skipped', 'blocked'] as const;
export type DryRunOutcome = (typeof dryRunOutcomes)[number];

export interface DryRunReport {
  read: number;
  counts: Record<DryRunOutcome, number>;
  /** Of the unchanged: today's mapping gives another body than was posted; only a replay would send it. */
  unchangedButMappedDifferently: number;
  /** Why records would be blocked, most records first. */
  blockedBy: { code: string; message: string; records: number; example: string }[];
  /** Reads that the run made, by what was called. */
  calls: Record<string, number>;
}

export interface DryRunItem {
  outcome: DryRunOutcome;
  key: string;
  label: string;
  /** Why it would be blocked or skipped. */
  why: string;
  /** What would be sent; for blocked and skipped ones null. */
  body: unknown;
  /** Against what was posted last: fields with both values. */
  differences: { path: string; before: unknown; after: unknown }[];
}

export function emptyDryRunReport(): DryRunReport {
  const counts = Object.fromEntries(dryRunOutcomes.map((outcome) => [outcome, 0])) as Record<DryRunOutcome, number>;
  return { read: 0, counts, unchangedButMappedDifferently: 0, blockedBy: [], calls: {} };
}

/** Per tenant; older ones go when a new one is asked for. */
const mostKept = 50;

/** Asks for a dry run; it begins at the next round. Undefined when one of this flow is waiting or under way. */
export async function requestDryRun(
  store: Store,
  clock: Clock,
  { flow, mode, range, actor }: { flow: FlowRef; mode: ExtractMode; range?: DayRange | undefined; actor: string },
): Promise<string | undefined> {
  const now = clock.now();
  const id = newId('dryRun', now);
  const isNew = await store.transaction(
    async (transaction) => {
      const open = await transaction
        .selectFrom('dry_run')
        .select('id')
        .where('integration_id', '=', flow.integrationId)
        .where('flow_id', '=', flow.flowId)
        .where('ended_at', 'is', null)
        .executeTakeFirst();
      if (open) return false;
      const of = { tenant_id: flow.tenantId, integration_id: flow.integrationId, flow_id: flow.flowId };
      const what = { mode, range_json: range ? JSON.stringify(range) : null, state: 'waiting', actor, progress: '', node_name: null };
      const times = { requested_at: now, started_at: null, ended_at: null };
      await transaction
        .insertInto('dry_run')
        .values({ id, ...of, ...what, ...times, report_json: JSON.stringify(emptyDryRunReport()), error_json: null })
        .execute();
      const data = { dryRunId: id, flowId: flow.flowId, mode, range };
      const event = { subjectId: flow.integrationId, tenantId: flow.tenantId, at: now, actor, kind: 'dry run asked for', data };
      await addEvent(transaction, event);
      const old = await transaction
        .selectFrom('dry_run')
        .select('id')
        .where('tenant_id', '=', flow.tenantId)
        .where('ended_at', 'is not', null)
        .orderBy('id', 'desc')
        .offset(mostKept)
        .limit(100)
        .execute();
      const oldIds = old.map((row) => row.id);
      if (oldIds.length > 0) {
        await transaction.deleteFrom('dry_run_item').where('dry_run_id', 'in', oldIds).execute();
        await transaction.deleteFrom('dry_run').where('id', 'in', oldIds).execute();
      }
      return true;
    },
    { alone: true },
  );
  if (!isNew) return undefined;
  store.notify({ about: 'work', tenantId: flow.tenantId });
  return id;
}

/** Ends a dry run, after its present batch where it is under way; answers false when it has ended. */
export async function cancelDryRun(
  store: Store,
  clock: Clock,
  { tenantId, dryRunId }: { tenantId: string; dryRunId: string },
): Promise<boolean> {
  const { numUpdatedRows } = await store.db
    .updateTable('dry_run')
    .set({ state: 'cancelled', ended_at: clock.now() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', dryRunId)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  store.notify({ about: 'cancel', tenantId, id: dryRunId });
  return true;
}

/** Newest first. */
export async function listDryRuns(
  store: Store,
  tenantId: string,
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<DryRun[]> {
  let query = store.db.selectFrom('dry_run').selectAll().where('tenant_id', '=', tenantId);
  if (before !== undefined) query = query.where('id', '<', before);
  return (await query.orderBy('id', 'desc').limit(limit).execute()).map(show);
}

/** One dry run with the first records of each outcome; undefined when the tenant has none of that id. */
export async function viewDryRun(
  store: Store,
  tenantId: string,
  dryRunId: string,
): Promise<(DryRun & { items: DryRunItem[] }) | undefined> {
  const row = await store.db
    .selectFrom('dry_run')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('id', '=', dryRunId)
    .executeTakeFirst();
  if (!row) return undefined;
  const items = await store.db.selectFrom('dry_run_item').selectAll().where('dry_run_id', '=', dryRunId).orderBy('number').execute();
  return { ...show(row), items: items.map(showItem) };
}

function show(row: DryRunRow): DryRun {
  return {
    id: row.id,
    integrationId: row.integration_id,
    flowId: row.flow_id,
    mode: row.mode as ExtractMode,
    range: row.range_json === null ? null : (JSON.parse(row.range_json) as DayRange),
    state: row.state as DryRunState,
    actor: row.actor,
    progress: row.progress,
    report: JSON.parse(row.report_json) as DryRunReport,
    error: row.error_json === null ? null : (JSON.parse(row.error_json) as DryRun['error']),
    requestedAt: row.requested_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}

function showItem({ outcome, key, label, item_json }: DryRunItemRow): DryRunItem {
  const rest = JSON.parse(item_json) as Pick<DryRunItem, 'why' | 'body' | 'differences'>;
  return { outcome: outcome as DryRunOutcome, key, label, ...rest };
}

import type { Clock } from '@ml-connector/shared';
import { addEvent, wakeMapped, wakeMissing, type FlowRef } from '../ledger/index.ts';
import type { MappingDraftRow, Store } from '../store/index.ts';
import { changeMapping } from './change-mapping.ts';
import { assembleMapping, type LoadedMapping, type MappedFlow } from './load.ts';
import { insertOverrideSet } from './override-sets.ts';
import type { FieldOverride } from './overrides/index.ts';

/** What a draft has in place of the live mapping; what it leaves out is as it is live. */
export interface MappingDraft {
  settings?: Record<string, unknown> | undefined;
  overrides?: FieldOverride[] | undefined;
  /** Entries that are added, replaced, or (with `null`) taken away, by value map and code. */
  entries?: Record<string, Record<string, string | null>> | undefined;
}

/** Puts a draft beside the live mapping, in place of the one before; `report` is what a comparison begins with. */
export async function saveDraft(
  store: Store,
  clock: Clock,
  {
    draft,
    live,
    report,
    seenId,
    actor,
    ...flow
  }: FlowRef & { draft: MappingDraft; live: boolean; report: unknown; seenId: string; actor: string },
): Promise<void> {
  const at = clock.now();
  const news = {
    draft_json: JSON.stringify(draft),
    live: live ? 1 : 0,
    seen_id: seenId,
    report_json: JSON.stringify(report),
    changed_by: actor,
    changed_at: at,
  };
  await store.transaction(async (transaction) => {
    await transaction
      .insertInto('mapping_draft')
      .values({ integration_id: flow.integrationId, flow_id: flow.flowId, tenant_id: flow.tenantId, created_at: at, ...news })
      .onConflict((conflict) => conflict.columns(['integration_id', 'flow_id']).doUpdateSet(news))
      .execute();
    const about = { subjectId: flow.integrationId, tenantId: flow.tenantId, at, actor };
    await addEvent(transaction, { ...about, kind: 'mapping draft saved', data: { flowId: flow.flowId, draft, live } });
  });
  store.notify({ about: 'work', tenantId: flow.tenantId });
}

export async function findDraft(store: Store, flow: FlowRef): Promise<MappingDraftRow | undefined> {
  return store.db
    .selectFrom('mapping_draft')
    .selectAll()
    .where('tenant_id', '=', flow.tenantId)
    .where('integration_id', '=', flow.integrationId)
    .where('flow_id', '=', flow.flowId)
    .executeTakeFirst();
}

/** Drops a draft; answers false when there is none. */
export function dropDraft(store: Store, clock: Clock, { actor, ...flow }: FlowRef & { actor: string }): Promise<boolean> {
  return store.transaction(async (transaction) => {
    const { numDeletedRows } = await transaction
      .deleteFrom('mapping_draft')
      .where('tenant_id', '=', flow.tenantId)
      .where('integration_id', '=', flow.integrationId)
      .where('flow_id', '=', flow.flowId)
      .executeTakeFirst();
    if (numDeletedRows === 0n) return false;
    const about = { subjectId: flow.integrationId, tenantId: flow.tenantId, at: clock.now(), actor };
    await addEvent(transaction, { ...about, kind: 'mapping draft dropped', data: { flowId: flow.flowId } });
    return true;
  });
}

/** The mapping as it would be with the draft. Throws when the draft's settings do not fit the flow. */
export function draftMapping(live: LoadedMapping, draft: MappingDraft, spec: MappedFlow): Omit<LoadedMapping, 'stamp'> {
  const { settings, tables, overrides } = live.parts;
  const parts = {
    settings: draft.settings === undefined ? settings : spec.settings.parse(draft.settings),
    overrides: draft.overrides ?? overrides,
    tables: tables.map((table) => {
      const changes = Object.entries(draft.entries?.[table.id] ?? {});
      if (changes.length === 0) return table;
      const entries = new Map(Object.entries(table.entries));
      for (const [code, to] of changes) {
        if (to === null) entries.delete(code);
        else entries.set(code, to);
      }
      return { ...table, entries: Object.fromEntries(entries) };
    }),
  };
  return assembleMapping(parts, live.tenantId);
}

/** The draft becomes the live mapping, in one transaction; resolves with how many records are mapped again, or undefined without a draft. */
export async function promoteDraft(
  store: Store,
  clock: Clock,
  { actor, ...flow }: FlowRef & { actor: string },
): Promise<number | undefined> {
  const { integrationId, flowId } = flow;
  const found = await findDraft(store, flow);
  if (!found) return undefined;
  const draft = JSON.parse(found.draft_json) as MappingDraft;
  const change = { integrationId, actor, kind: 'mapping draft promoted', data: { flowId, draft } };
  return changeMapping(store, clock, change, async (transaction) => {
    const at = clock.now();
    if (draft.settings !== undefined)
      await transaction
        .updateTable('integration_flow')
        .set({ settings_json: JSON.stringify(draft.settings) })
        .where('integration_id', '=', integrationId)
        .where('flow_id', '=', flowId)
        .execute();
    if (draft.overrides !== undefined)
      await insertOverrideSet(transaction, { ...flow, overrides: draft.overrides, note: 'promoted from a draft', actor, at });
    let released = 0;
    for (const [valueMapId, codes] of Object.entries(draft.entries ?? {})) {
      for (const [from, to] of Object.entries(codes)) {
        const entry = { integration_id: integrationId, value_map_id: valueMapId, from_code: from };
        await transaction
          .deleteFrom('value_map_entry')
          .where('integration_id', '=', integrationId)
          .where('value_map_id', '=', valueMapId)
          .where('from_code', '=', from)
          .execute();
        if (to === null) continue;
        await transaction
          .insertInto('value_map_entry')
          .values({ ...entry, to_code: to, changed_at: at, changed_by: actor })
          .execute();
      }
      const added = Object.entries(codes).flatMap(([from, to]) => (to === null ? [] : [from]));
      if (added.length > 0) released += await wakeMissing(transaction, clock, { integrationId, valueMapId, codes: added, actor });
    }
    if (draft.settings !== undefined || draft.overrides !== undefined) released += await wakeMapped(transaction, clock, { ...flow, actor });
    await transaction.deleteFrom('mapping_draft').where('integration_id', '=', integrationId).where('flow_id', '=', flowId).execute();
    return released;
  });
}

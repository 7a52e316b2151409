import type { Clock } from '@ml-connector/shared';
import { wakeMapped, wakeMissing, type FlowRef } from '../ledger/index.ts';
import type { Store } from '../store/index.ts';
import { changeMapping } from './change-mapping.ts';
import type { MissingPolicy } from './types.ts';

export interface ValueMapRef {
  integrationId: string;
  valueMapId: string;
}

/** Adds or replaces entries; blocked records that waited for them go out. Resolves with how many those were. */
export function setEntries(
  store: Store,
  clock: Clock,
  change: ValueMapRef & { entries: readonly { from: string; to: string }[]; actor: string },
): Promise<number> {
  const { integrationId, valueMapId, entries, actor } = change;
  return changeMapping(
    store,
    clock,
    { integrationId, actor, kind: 'value map entries set', data: { valueMapId, entries } },
    async (transaction) => {
      for (const { from, to } of entries) {
        const row = { integration_id: integrationId, value_map_id: valueMapId, from_code: from, to_code: to };
        const news = { to_code: to, changed_at: clock.now(), changed_by: actor };
        await transaction
          .insertInto('value_map_entry')
          .values({ ...row, ...news })
          .onConflict((conflict) => conflict.columns(['integration_id', 'value_map_id', 'from_code']).doUpdateSet(news))
          .execute();
      }
      const codes = entries.map(({ from }) => from);
      return codes.length === 0 ? 0 : wakeMissing(transaction, clock, { integrationId, valueMapId, codes, actor });
    },
  );
}

/** Removes an entry; records mapped from now on miss it. Resolves with false when there was none. */
export function deleteEntry(store: Store, clock: Clock, change: ValueMapRef & { from: string; actor: string }): Promise<boolean> {
  const { integrationId, valueMapId, from, actor } = change;
  return changeMapping(
    store,
    clock,
    { integrationId, actor, kind: 'value map entry deleted', data: { valueMapId, from } },
    async (transaction) => {
      const { numDeletedRows } = await transaction
        .deleteFrom('value_map_entry')
        .where('integration_id', '=', integrationId)
        .where('value_map_id', '=', valueMapId)
        .where('from_code', '=', from)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  );
}

/** Decides what happens to codes without entry; records that waited are mapped again. Resolves with how many those were. */
export async function setPolicy(
  store: Store,
  clock: Clock,
  change: ValueMapRef & { missing: MissingPolicy; defaultCode: string | null; actor: string },
): Promise<number> {
  const { integrationId, valueMapId, missing, defaultCode, actor } = change;
  if (missing === 'default' && !defaultCode) throw new Error(`value map ${valueMapId}: the policy "default" needs a default code`);
  const data = { valueMapId, missing, defaultCode };
  return changeMapping(store, clock, { integrationId, actor, kind: 'value map policy set', data }, async (transaction) => {
    const news = { missing, default_code: defaultCode, changed_at: clock.now() };
    await transaction
      .insertInto('value_map')
      .values({ integration_id: integrationId, value_map_id: valueMapId, ...news })
      .onConflict((conflict) => conflict.columns(['integration_id', 'value_map_id']).doUpdateSet(news))
      .execute();
    return missing === 'block' ? 0 : wakeMissing(transaction, clock, { integrationId, valueMapId, codes: 'all', actor });
  });
}

/** Stores a flow's settings, already checked against its schema; records that the old mapping blocked are mapped again. */
export function setFlowSettings(
  store: Store,
  clock: Clock,
  { integrationId, flowId, settings, actor }: FlowRef & { settings: unknown; actor: string },
): Promise<number> {
  const data = { flowId, settings };
  return changeMapping(store, clock, { integrationId, actor, kind: 'flow settings set', data }, async (transaction) => {
    await transaction
      .updateTable('integration_flow')
      .set({ settings_json: JSON.stringify(settings) })
      .where('integration_id', '=', integrationId)
      .where('flow_id', '=', flowId)
      .execute();
    return wakeMapped(transaction, clock, { integrationId, flowId, actor });
  });
}

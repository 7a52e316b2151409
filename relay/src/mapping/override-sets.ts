import type { Clock } from '@ml-connector/shared';
import type { Kysely } from 'kysely';
import { wakeMapped, type FlowRef } from '../ledger/index.ts';
import type { Db, OverrideSetRow, Store } from '../store/index.ts';
import { changeMapping } from './change-mapping.ts';
import type { FieldOverride } from './overrides/index.ts';

/** The overrides of a flow as somebody saved them; the highest number is in force. */
export interface OverrideSet {
  number: number;
  overrides: FieldOverride[];
  note: string;
  savedBy: string;
  savedAt: number;
}

export async function currentOverrides(db: Kysely<Db>, flow: FlowRef): Promise<FieldOverride[]> {
  const [newest] = await setsOf(db, flow).limit(1).execute();
  return newest ? read(newest).overrides : [];
}

/** Everything that was ever in force, newest first. */
export async function listOverrideSets(store: Store, flow: FlowRef, limit = 100): Promise<OverrideSet[]> {
  return (await setsOf(store.db, flow).limit(limit).execute()).map(read);
}

/** Puts a list of overrides, already checked, in force in place of the one before, which stays listed. Resolves with how many records are mapped again. */
export function saveOverrides(
  store: Store,
  clock: Clock,
  { overrides, note, actor, ...flow }: FlowRef & { overrides: readonly FieldOverride[]; note: string; actor: string },
): Promise<number> {
  const data = { flowId: flow.flowId, overrides, note };
  const change = { integrationId: flow.integrationId, actor, kind: 'field overrides saved', data };
  return changeMapping(store, clock, change, async (transaction) => {
    await insertOverrideSet(transaction, { ...flow, overrides, note, actor, at: clock.now() });
    return wakeMapped(transaction, clock, { ...flow, actor });
  });
}

export async function insertOverrideSet(
  transaction: Kysely<Db>,
  set: FlowRef & { overrides: readonly FieldOverride[]; note: string; actor: string; at: number },
): Promise<void> {
  const [newest] = await setsOf(transaction, set).limit(1).execute();
  await transaction
    .insertInto('override_set')
    .values({
      integration_id: set.integrationId,
      flow_id: set.flowId,
      number: (newest?.number ?? 0) + 1,
      overrides_json: JSON.stringify(set.overrides.map(({ path, expression }) => ({ path, expression }))),
      note: set.note,
      saved_by: set.actor,
      saved_at: set.at,
    })
    .execute();
}

function setsOf(db: Kysely<Db>, { integrationId, flowId }: FlowRef) {
  return db
    .selectFrom('override_set')
    .selectAll()
    .where('integration_id', '=', integrationId)
    .where('flow_id', '=', flowId)
    .orderBy('number', 'desc');
}

function read(row: OverrideSetRow): OverrideSet {
  const overrides = JSON.parse(row.overrides_json) as FieldOverride[];
  return { number: row.number, overrides, note: row.note, savedBy: row.saved_by, savedAt: row.saved_at };
}

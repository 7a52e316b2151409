import type { RecordState } from '../ledger/index.ts';
import type { Store } from '../store/index.ts';
import type { ValueMapRef } from './change.ts';

/** What became of the records that changes of a value map have released since a moment: how many are in which state now. */
export async function releasedRecords(
  { db }: Pick<Store, 'db'>,
  { tenantId, integrationId, valueMapId, since }: ValueMapRef & { tenantId: string; since: number },
): Promise<Partial<Record<RecordState, number>>> {
  const woken = db
    .selectFrom('event')
    .select('subject_id')
    .distinct()
    .where('tenant_id', '=', tenantId)
    .where('at', '>=', since)
    .where('kind', '=', 'woken')
    .where('data_json', 'like', `%value map ${valueMapId} changed%`);
  const rows = await db
    .selectFrom('record')
    .select(({ fn }) => ['state', fn.countAll<number | string>().as('count')])
    .where('id', 'in', woken)
    .where('integration_id', '=', integrationId)
    .groupBy('state')
    .execute();
  return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]));
}

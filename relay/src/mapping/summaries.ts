import type { Store } from '../store/index.ts';

/** How full a value map is, and what it holds up. */
export interface ValueMapCounts {
  entries: number;
  /** Codes without entry that records wait for. */
  missingCodes: number;
  waitingRecords: number;
}

/** Of every value map of a tenant that has entries or is waited for, by `countsKey`. */
export async function countValueMaps({ db }: Pick<Store, 'db'>, tenantId: string): Promise<Map<string, ValueMapCounts>> {
  const entries = await db
    .selectFrom('value_map_entry')
    .innerJoin('integration', 'integration.id', 'value_map_entry.integration_id')
    .select(({ fn }) => ['integration_id', 'value_map_id', fn.countAll<number | string>().as('entries')])
    .where('integration.tenant_id', '=', tenantId)
    .groupBy(['integration_id', 'value_map_id'])
    .execute();
  const missing = await db
    .selectFrom('missing_entry')
    .innerJoin('record', 'record.id', 'missing_entry.record_id')
    .select(({ fn }) => [
      'missing_entry.integration_id',
      'missing_entry.value_map_id',
      fn.count<number | string>('missing_entry.code').distinct().as('codes'),
      fn.count<number | string>('record.id').distinct().as('records'),
    ])
    .where('record.tenant_id', '=', tenantId)
    .where('record.state', '=', 'blocked')
    .groupBy(['missing_entry.integration_id', 'missing_entry.value_map_id'])
    .execute();
  const counts = new Map<string, ValueMapCounts>();
  const of = (row: { integration_id: string; value_map_id: string }): ValueMapCounts => {
    const key = countsKey(row.integration_id, row.value_map_id);
    const found = counts.get(key) ?? { entries: 0, missingCodes: 0, waitingRecords: 0 };
    counts.set(key, found);
    return found;
  };
  for (const row of entries) of(row).entries = Number(row.entries);
  for (const row of missing) Object.assign(of(row), { missingCodes: Number(row.codes), waitingRecords: Number(row.records) });
  return counts;
}

export function countsKey(integrationId: string, valueMapId: string): string {
  return `${integrationId} ${valueMapId}`;
}

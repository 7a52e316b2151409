import type { Clock } from '@ml-connector/shared';
import { sql, type Kysely } from 'kysely';
import { addEvent } from '../ledger/index.ts';
import type { Db, Store } from '../store/index.ts';

export interface MappingChange {
  integrationId: string;
  actor: string;
  /** Of the event on the integration's audit trail. */
  kind: string;
  data: unknown;
}

/** Changes a mapping in one transaction with its audit event; records mapped with the one before are mapped again where it matters. */
export async function changeMapping<Result>(
  store: Store,
  clock: Clock,
  { integrationId, actor, kind, data }: MappingChange,
  change: (transaction: Kysely<Db>) => Promise<Result>,
): Promise<Result> {
  const now = clock.now();
  const { tenantId, result } = await store.transaction(async (transaction) => {
    const integration = transaction.selectFrom('integration').select('tenant_id').where('id', '=', integrationId);
    const { tenant_id: tenantId } = await integration.executeTakeFirstOrThrow();
    // Two changes within a millisecond must differ: a record is only blocked when the stamp is still the one it was mapped with.
    await transaction
      .updateTable('integration_flow')
      .set({ changed_at: sql<number>`case when changed_at >= ${now} then changed_at + 1 else ${now} end` })
      .where('integration_id', '=', integrationId)
      .execute();
    const result = await change(transaction);
    await addEvent(transaction, { subjectId: integrationId, tenantId, at: now, actor, kind, data });
    return { tenantId, result };
  });
  store.notify({ about: 'work', tenantId });
  return result;
}

import type { Clock } from '@ml-connector/shared';
import type { RetentionRow, Store } from '../store/index.ts';

/** Days after which things of a tenant are removed; null keeps them for ever, as a new tenant does. */
export interface RetentionSettings {
  /** Payloads of versions that a newer one followed, bodies of attempts, and what calls sent and were answered. Of finished records and runs. */
  detailDays: number | null;
  /** Whole trails of versions that a newer one followed; of newest versions the content of their events. Of finished records only. */
  eventDays: number | null;
  /** Runs that brought no record. */
  runDays: number | null;
  /** Webhook events that were looked at; 30 for a new tenant. */
  webhookDays: number | null;
}

/** What the last round of the retention did. */
export interface RetentionResult {
  at: number;
  /** Records and runs whose details were dropped. */
  details: number;
  /** Trails that were removed. */
  trails: number;
  runs: number;
  /** Trails left alone because they are not as they were written; verification names them. */
  damaged: number;
}

export const keepAll: RetentionSettings = { detailDays: null, eventDays: null, runDays: null, webhookDays: 30 };

export async function retentionOf(
  store: Store,
  tenantId: string,
): Promise<{ settings: RetentionSettings; last: RetentionResult | undefined }> {
  const row = await store.db.selectFrom('retention').selectAll().where('tenant_id', '=', tenantId).executeTakeFirst();
  return {
    settings: row
      ? { detailDays: row.detail_days, eventDays: row.event_days, runDays: row.run_days, webhookDays: row.webhook_days }
      : keepAll,
    last: row?.last_json ? (JSON.parse(row.last_json) as RetentionResult) : undefined,
  };
}

export async function setRetention(store: Store, clock: Clock, tenantId: string, settings: RetentionSettings): Promise<void> {
  const days = {
    detail_days: settings.detailDays,
    event_days: settings.eventDays,
    run_days: settings.runDays,
    webhook_days: settings.webhookDays,
    changed_at: clock.now(),
  };
  const row: RetentionRow = { tenant_id: tenantId, ...days, last_at: null, last_json: null };
  await store.db
    .insertInto('retention')
    .values(row)
    .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet({ ...days, last_at: null }))
    .execute();
}

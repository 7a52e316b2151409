import type { Clock } from '@ml-connector/shared';
import type { Store } from '../store/index.ts';
import { rules, type Rule } from './rules/index.ts';

/** A rule as it is for one tenant. */
export interface TenantRule {
  rule: Rule;
  enabled: boolean;
  settings: Record<string, unknown>;
  /** Ids of the channels that are told; null: all. */
  channelIds: string[] | null;
  mutedUntil: number | null;
}

export async function tenantRules(store: Store, tenantId: string): Promise<TenantRule[]> {
  const rows = await store.db.selectFrom('alert_rule').selectAll().where('tenant_id', '=', tenantId).execute();
  const changed = new Map(rows.map((row) => [row.rule, row]));
  return rules.map((rule) => {
    const row = changed.get(rule.id);
    // A setting that this build does not know any more must not switch the rule off.
    const stored = rule.settings.safeParse(row ? JSON.parse(row.settings_json) : {});
    return {
      rule,
      enabled: row ? row.enabled === 1 : true,
      settings: stored.success ? stored.data : rule.settings.parse({}),
      channelIds: row?.channels_json ? (JSON.parse(row.channels_json) as string[]) : null,
      mutedUntil: row?.muted_until ?? null,
    };
  });
}

export async function setRule(store: Store, clock: Clock, tenantId: string, { rule, ...news }: TenantRule): Promise<void> {
  const values = {
    enabled: news.enabled ? 1 : 0,
    settings_json: JSON.stringify(news.settings),
    channels_json: news.channelIds && JSON.stringify(news.channelIds),
    muted_until: news.mutedUntil,
    changed_at: clock.now(),
  };
  await store.db
    .insertInto('alert_rule')
    .values({ tenant_id: tenantId, rule: rule.id, ...values })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'rule']).doUpdateSet(values))
    .execute();
}

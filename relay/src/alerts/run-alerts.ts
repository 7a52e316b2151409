import { Deliveries, type DeliverDeps } from './deliver.ts';
import { updateAlerts } from './open-alerts.ts';
import { tenantRules } from './rule-settings.ts';
import type { RuleDeps } from './rules/index.ts';
import { alertSettingsOf } from './settings.ts';

export interface AlertDeps extends DeliverDeps, Omit<RuleDeps, 'startedAt'> {
  /** Default 30 seconds. */
  everyMs?: number;
}

/**
 * Looks at the rules of all tenants, round by round, and sends what follows; until the signal aborts and what is being sent is through. A
 * rule, a tenant or a channel that fails holds up nobody else.
 */
export async function runAlerts(deps: AlertDeps, signal: AbortSignal): Promise<void> {
  const { clock, log, everyMs = 30_000 } = deps;
  const startedAt = clock.now();
  const deliveries = new Deliveries(deps);
  while (!signal.aborted) {
    await evaluateAlerts({ ...deps, startedAt }, signal).catch((error: unknown) =>
      log.error({ err: error }, 'looking for what is to be alerted failed; next try at the next round'),
    );
    await deliveries.start().catch((error: unknown) => log.error({ err: error }, 'reading the outbox failed; next try at the next round'));
    await clock.wait(everyMs, signal).catch(() => undefined);
  }
  await deliveries.idle();
}

/** One look at all rules of all tenants. */
export async function evaluateAlerts(deps: AlertDeps & { startedAt: number }, signal?: AbortSignal): Promise<void> {
  const { store, clock, log } = deps;
  const tenants = await store.db.selectFrom('tenant').select(['id', 'name']).execute();
  for (const tenant of tenants) {
    const settings = await alertSettingsOf(store, tenant.id);
    for (const rule of await tenantRules(store, tenant.id)) {
      if (signal?.aborted) return;
      try {
        const input = { ...deps, tenantId: tenant.id, settings: rule.settings as never, timeZone: settings.timeZone };
        const findings = rule.enabled ? await rule.rule.find(input) : [];
        await updateAlerts(store, clock, { tenant, settings, rule, findings });
      } catch (error) {
        log.error({ err: error, tenantId: tenant.id, rule: rule.rule.id }, 'an alert rule failed; its alerts stay as they are');
      }
    }
  }
}

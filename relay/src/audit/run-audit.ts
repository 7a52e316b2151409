import type { Log } from '@ml-connector/shared';
import { removeWebhookEvents } from '../ledger/index.ts';
import { dayMs, relayTrail, type AnchorExport } from './anchor.ts';
import { runCheck } from './checks.ts';
import { makeAnchor, type AnchorDeps } from './make-anchor.ts';
import { applyRetention } from './retention.ts';
import { retentionOf } from './retention-settings.ts';

export interface AuditDeps extends AnchorDeps {
  log: Log;
  /** A day was anchored: to be sent where people keep it outside. */
  onAnchor?: (anchor: AnchorExport) => Promise<void>;
  /** Default 15 minutes. */
  everyMs?: number;
}

const checkEveryMs = 7 * dayMs;

/** Anchors each day once it is over, applies the retention daily and verifies weekly, tenant by tenant; until the signal aborts. */
export async function runAudit(deps: AuditDeps, signal: AbortSignal): Promise<void> {
  const { clock, everyMs = 15 * 60_000 } = deps;
  while (!signal.aborted) {
    await auditRound(deps, signal);
    await clock.wait(everyMs, signal).catch(() => undefined);
  }
}

/** One look at everything. What fails is logged and tried again at the next one; it holds up no other tenant. */
export async function auditRound(deps: AuditDeps, signal: AbortSignal): Promise<void> {
  const { store, log } = deps;
  const tenants = await store.db
    .selectFrom('tenant')
    .select('id')
    .execute()
    .catch(() => []);
  for (const tenantId of [relayTrail, ...tenants.map(({ id }) => id)]) {
    if (signal.aborted) return;
    const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        if (!signal.aborted) log.error({ err: error, tenantId }, `${what} failed; next try at the next round`);
      }
    };
    await attempt('anchoring the audit trail', () => anchorDay(deps, tenantId));
    await attempt('the retention', () => retainDaily(deps, tenantId, signal));
    await attempt('removing webhook events', () => forgetWebhookEvents(deps, tenantId, signal));
    await attempt('verifying the audit trail', () => checkWeekly(deps, tenantId, signal));
  }
}

async function anchorDay(deps: AuditDeps, tenantId: string): Promise<void> {
  const anchor = await makeAnchor(deps, { tenantId, kind: 'day' });
  if (anchor) await deps.onAnchor?.(anchor);
}

async function retainDaily(deps: AuditDeps, tenantId: string, signal: AbortSignal): Promise<void> {
  const row = await deps.store.db.selectFrom('retention').selectAll().where('tenant_id', '=', tenantId).executeTakeFirst();
  if (!row || (row.detail_days ?? row.event_days ?? row.run_days) === null) return;
  if (row.last_at !== null && deps.clock.now() - row.last_at < dayMs) return;
  const { details, trails, runs } = await applyRetention(deps, tenantId, signal);
  if (details + trails + runs > 0) deps.log.info({ tenantId, details, trails, runs }, 'the retention removed what is kept no longer');
}

/** In small steps; what nobody has looked at yet stays. */
async function forgetWebhookEvents({ store, clock }: AuditDeps, tenantId: string, signal: AbortSignal): Promise<void> {
  const { webhookDays } = (await retentionOf(store, tenantId)).settings;
  if (webhookDays === null) return;
  const before = clock.now() - webhookDays * dayMs;
  while (!signal.aborted && (await removeWebhookEvents(store, { tenantId, before })) > 0);
}

async function checkWeekly(deps: AuditDeps, tenantId: string, signal: AbortSignal): Promise<void> {
  const row = await deps.store.db
    .selectFrom('audit_check')
    .select(['started_at', 'ended_at'])
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst();
  if (row?.ended_at && deps.clock.now() - row.started_at < checkEveryMs) return;
  if (await runCheck(deps, tenantId, signal)) {
    const check = await deps.store.db.selectFrom('audit_check').select('state').where('tenant_id', '=', tenantId).executeTakeFirst();
    if (check?.state === 'damaged')
      deps.log.error({ tenantId }, 'the audit trail is not as it was written; ml-relay verify-audit names what');
  }
}

import { relayTrail } from './anchor.ts';
import type { AnchorDeps } from './make-anchor.ts';
import { verifyAudit, type AuditReport } from './verify.ts';

export type CheckState = 'running' | 'intact' | 'damaged' | 'failed';

export interface AuditCheck {
  state: CheckState;
  startedAt: number;
  endedAt: number | undefined;
  /** Looked at so far. */
  events: number;
  report: AuditReport | undefined;
  /** Why it could not be verified. */
  problem: string | undefined;
}

/** The last verification of a tenant's trail, or the one under way. */
export async function lastCheck({ store }: Pick<AnchorDeps, 'store'>, tenantId: string): Promise<AuditCheck | undefined> {
  const row = await store.db.selectFrom('audit_check').selectAll().where('tenant_id', '=', tenantId).executeTakeFirst();
  if (!row) return undefined;
  const result = row.result_json === null ? {} : (JSON.parse(row.result_json) as { report?: AuditReport; problem?: string });
  return {
    state: row.state as CheckState,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    events: row.events,
    report: result.report,
    problem: result.problem,
  };
}

// A check that shows no progress for that long died with its relay.
const deadMs = 10 * 60_000;

/**
 * Verifies a tenant's trail and keeps the outcome, with progress meanwhile. Answers false at once when that is under way already; otherwise
 * resolves at its end. Never rejects because of what it finds.
 */
export async function runCheck(deps: AnchorDeps, tenantId: string, signal?: AbortSignal): Promise<boolean> {
  const { store, clock } = deps;
  const startedAt = clock.now();
  const running = await store.db.selectFrom('audit_check').selectAll().where('tenant_id', '=', tenantId).executeTakeFirst();
  if (running?.state === 'running' && startedAt - running.started_at < deadMs) return false;
  await write({ state: 'running', events: 0, result: null, endedAt: null });
  try {
    const onProgress = (events: number): void => {
      write({ state: 'running', events, result: null, endedAt: null }).catch(() => undefined); // the next one, or the end, tells again
    };
    const ofTenant = tenantId === relayTrail ? relayTrail : tenantId;
    const report = await verifyAudit({ ...deps, tenantId: ofTenant, signal, onProgress });
    const state = report.faultCount === 0 ? 'intact' : 'damaged';
    await write({ state, events: report.events, result: { report }, endedAt: clock.now() });
  } catch (error) {
    const problem = error instanceof Object && 'message' in error ? String(error.message) : String(error);
    await write({ state: 'failed', events: 0, result: { problem }, endedAt: clock.now() });
  }
  return true;

  async function write(now: { state: CheckState; events: number; result: object | null; endedAt: number | null }): Promise<void> {
    const row = {
      state: now.state,
      started_at: startedAt,
      ended_at: now.endedAt,
      events: now.events,
      result_json: now.result && JSON.stringify(now.result),
    };
    await store.db
      .insertInto('audit_check')
      .values({ tenant_id: tenantId, ...row })
      .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(row))
      .execute();
  }
}

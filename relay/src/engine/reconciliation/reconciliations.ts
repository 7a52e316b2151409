import {
  openReconciliations,
  reconciliationPlans,
  requestReconciliation,
  saveReconciliationPlan,
  type ReconciliationEnd,
} from '../../ledger/index.ts';
import type { ReconciliationPlanRow, ReconciliationRow } from '../../store/index.ts';
import type { ActiveFlow } from '../active-flow.ts';
import type { EngineParts } from '../parts.ts';
import { reconcile } from './reconcile.ts';
import { ensurePlan, nextReconciliation, plannedRange, planSettings } from './plan.ts';

interface UnderWay {
  stop: AbortController;
  done: Promise<void>;
}

/** A comparison reads a lot: one that failed waits so long, then longer. */
const retryMs = 10 * 60_000;
const longestRetryMs = 60 * 60_000;

/** The comparisons under way, one per flow; asks for those that are due by plan. */
export class Reconciliations {
  readonly #parts: EngineParts;
  readonly #running = new Map<string, UnderWay>();

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** Starts what waits and is `ready`: both connections answer. Stops those of flows that are not in `active` any more. */
  async start(ready: readonly ActiveFlow[], active: readonly ActiveFlow[]): Promise<void> {
    const names = new Set(active.map(({ name }) => name));
    for (const [name, { stop }] of this.#running) if (!names.has(name)) stop.abort(new Error('the flow was paused'));
    const able = ready.filter(({ flow, name }) => flow.reconcile && !this.#running.has(name));
    if (able.length === 0) return;
    const { store, clock } = this.#parts;
    const plans = await reconciliationPlans(store);
    const open = await openReconciliations(store);
    for (const one of able) {
      const plan = await ensurePlan(store, clock, one.ref, plans);
      const standing = open.find((row) => row.integration_id === one.ref.integrationId && row.flow_id === one.ref.flowId);
      // One that is marked as running and is not running here was left behind by a relay that died.
      const waiting = standing ?? (await this.#askedByPlan(one, plan));
      if (waiting) this.#startOne(one, waiting);
    }
  }

  async stop(): Promise<void> {
    for (const { stop } of this.#running.values()) stop.abort(new Error('the relay stops'));
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  async #askedByPlan({ ref }: ActiveFlow, plan: ReconciliationPlanRow): Promise<ReconciliationRow | undefined> {
    const { store, clock } = this.#parts;
    const settings = planSettings(plan);
    const now = clock.now();
    if (!settings.enabled || plan.next_at > now) return undefined;
    const { row } = await requestReconciliation(store, clock, {
      flow: ref,
      range: plannedRange(settings, now),
      trigger: 'schedule',
      actor: 'engine',
    });
    await saveReconciliationPlan(store, { ...plan, next_at: nextReconciliation(settings, now) });
    return row;
  }

  #startOne(active: ActiveFlow, waiting: ReconciliationRow): void {
    const stop = new AbortController();
    const done = this.#reconcile(active, waiting, stop.signal)
      .catch((error: unknown) =>
        this.#parts.log.error({ err: error, flowId: active.flow.id }, 'a reconciliation could not be written down'),
      )
      .finally(() => this.#running.delete(active.name));
    this.#running.set(active.name, { stop, done });
  }

  async #reconcile(active: ActiveFlow, waiting: ReconciliationRow, signal: AbortSignal): Promise<void> {
    const end = await reconcile(this.#parts, active, waiting, signal);
    if (end && waiting.trigger === 'schedule' && end.state !== 'waiting') await this.#planAfter(active, end);
  }

  // Only what passes by itself is repeated before its regular time.
  async #planAfter({ ref }: ActiveFlow, end: Exclude<ReconciliationEnd, { state: 'waiting' }>): Promise<void> {
    const { store, clock } = this.#parts;
    const plan = await ensurePlan(store, clock, ref, await reconciliationPlans(store));
    const now = clock.now();
    const failures = end.state === 'failed' ? plan.failures + 1 : 0;
    const isRepeated = end.state === 'failed' && end.error.verdict === 'retry';
    const next_at = isRepeated ? Math.min(plan.next_at, now + Math.min(failures * retryMs, longestRetryMs)) : plan.next_at;
    await saveReconciliationPlan(store, { ...plan, failures, next_at });
  }
}

import { toSystemError, toWireError } from '@ml-connector/shared';
import {
  addSlice,
  endReconciliation,
  newestEntries,
  reportReconciliation,
  startReconciliation,
  type ReconciliationEnd,
} from '../../ledger/index.ts';
import type { ReconciliationRow } from '../../store/index.ts';
import type { ActiveFlow } from '../active-flow.ts';
import { traceScope } from '../call-scope.ts';
import { durably } from '../durably.ts';
import { mappingOf } from '../extraction/index.ts';
import type { EngineParts } from '../parts.ts';

const progressEveryMs = 500;

/**
 * Compares source, ledger and target of a flow over the days of `waiting`, and stores what differs. Never rejects for what the systems do:
 * the reconciliation says how it went. Answers how it ended, or undefined when somebody else had taken it up.
 */
export async function reconcile(
  parts: EngineParts,
  active: ActiveFlow,
  waiting: ReconciliationRow,
  signal: AbortSignal,
): Promise<ReconciliationEnd | undefined> {
  const { store, clock, log } = parts;
  const run = await startReconciliation(store, clock, waiting);
  if (!run) return undefined;
  const end = await compare(parts, active, run, signal);
  await durably(parts, 'storing the end of a reconciliation', () => endReconciliation(store, clock, run, end));
  if (end.state === 'failed') {
    const { code, message, verdict } = end.error;
    log.warn(
      { tenantId: run.tenant_id, flowId: run.flow_id, reconciliationId: run.id, code, verdict },
      `reconciliation failed: ${message}`,
    );
  }
  return end;
}

async function compare(parts: EngineParts, active: ActiveFlow, run: ReconciliationRow, signal: AbortSignal): Promise<ReconciliationEnd> {
  const { store, clock, sessions } = parts;
  const { flow, ref, sourceConnectionId, targetConnectionId } = active;
  const traced = traceScope(parts, run, { signal, context: { flowId: flow.id } }, ({ answer: _answer, ...exchange }) => exchange);
  let saidAt = -Infinity;
  const progress = (message: string): void => {
    if (clock.now() - saidAt < progressEveryMs) return;
    saidAt = clock.now();
    reportReconciliation(store, run, message).catch((error: unknown) => parts.log.warn({ err: error }, 'progress not stored'));
  };
  try {
    const { settings, mapping, parts: made } = await mappingOf(parts, active);
    await sessions.use(sourceConnectionId, (source) =>
      sessions.use(targetConnectionId, async (target) => {
        const slices = flow.reconcile?.({
          range: { first: run.first_day, last: run.last_day },
          settings,
          mapping,
          source: source.session,
          target: target.session,
          scope: traced.scope,
          progress,
          ledger: (keys) => newestEntries(store, ref, keys),
          entries: (valueMapId) =>
            Object.entries(made.tables.find(({ id }) => id === valueMapId)?.entries ?? {}).map(([from, to]) => ({ from, to })),
        });
        for await (const slice of slices ?? []) {
          signal.throwIfAborted();
          await addSlice(store, run, slice);
        }
      }),
    );
    await traced.written();
    return { state: 'succeeded' };
  } catch (error) {
    if (signal.aborted) return { state: 'waiting' };
    return { state: 'failed', error: toWireError(toSystemError(error, `comparing both sides of ${flow.id}`)) };
  } finally {
    await traced.written().catch((error: unknown) => parts.log.warn({ err: error }, 'audit trail of a reconciliation not stored'));
  }
}

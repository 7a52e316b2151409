import { advanceReplays } from './advance-replay.ts';
import { runDry, type DryRunDeps } from './run-dry.ts';
import { advanceShadows } from './shadow.ts';

export interface TrialDeps extends DryRunDeps {
  /** Longest time until something that nobody announced is noticed. Default one second. */
  pollMs?: number;
}

/**
 * What is done beside the moving of records: replays in steps, dry runs, live comparison of draft mappings. Resolves when the signal aborts
 * and the work in hand is finished.
 */
export async function runTrials(deps: TrialDeps, signal: AbortSignal): Promise<void> {
  const { store, clock, log, pollMs = 1000 } = deps;
  await interruptOwn(deps);
  const dryRuns = new Map<string, { stop: AbortController; done: Promise<void> }>();
  let isWoken = false;
  let waiting: AbortController | undefined;
  using _listening = store.listen((change) => {
    if (change.about === 'cancel' && change.id) dryRuns.get(change.id)?.stop.abort(new Error('the dry run was cancelled'));
    if (change.about !== 'work') return;
    isWoken = true;
    waiting?.abort();
  });
  while (!signal.aborted) {
    isWoken = false;
    const hasMore = await round().catch((error: unknown) => {
      log.error({ err: error }, 'a round of replays and dry runs failed; next try at the next round');
      return false;
    });
    if (hasMore || isWoken) await clock.wait(Math.min(pollMs, 250), signal).catch(() => undefined);
    else {
      waiting = new AbortController();
      await clock.wait(pollMs, AbortSignal.any([waiting.signal, signal])).catch(() => undefined);
    }
  }
  for (const { stop } of dryRuns.values()) stop.abort(new Error('the relay stops'));
  await Promise.all([...dryRuns.values()].map(({ done }) => done));

  async function round(): Promise<boolean> {
    await startDryRuns();
    await advanceReplays(deps, signal);
    return advanceShadows(deps, signal);
  }

  async function startDryRuns(): Promise<void> {
    const due = await store.db.selectFrom('dry_run').selectAll().where('ended_at', 'is', null).where('state', '=', 'waiting').execute();
    for (const row of due) {
      if (dryRuns.has(row.id)) continue;
      const stop = new AbortController();
      const done = runDry(deps, row, stop.signal)
        .catch((error: unknown) => log.error({ err: error, flowId: row.flow_id }, 'a dry run could not be written down'))
        .finally(() => dryRuns.delete(row.id));
      dryRuns.set(row.id, { stop, done });
    }
  }
}

/** After a start: what this node had under way ended there. */
async function interruptOwn({ store, clock, nodeName }: TrialDeps): Promise<void> {
  const ended = store.db.updateTable('dry_run').set({ state: 'interrupted', ended_at: clock.now() }).where('state', '=', 'running');
  await (nodeName === undefined ? ended : ended.where('node_name', '=', nodeName)).execute();
}

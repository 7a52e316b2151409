import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { keepEvidence } from './evidence.ts';
import { perform, type Experiment, type Outcome } from './experiment.ts';
import { openLane, type Lane } from './lane.ts';
import type { ChaosFlow, FlowInLane } from './flows/flow.ts';
import { hasFailed, type Finished } from './matrix.ts';

export interface CampaignRequest {
  experiments: readonly Experiment[];
  bundles: { agent: string; relay: string };
  /** Landscapes beside each other; most of an experiment is waiting. */
  lanes: number;
  /** No experiment begins after this. */
  durationMs: number;
  /** Folders of failures go here. */
  evidence: string;
  report: (finished: Finished) => void;
  /** Ends everything at once, in the middle of whatever is going on. */
  signal?: AbortSignal;
}

/** A landscape is left after so many experiments: what it holds only grows. */
const mostPerLandscape = 40;

/** Performs the experiments, each in the first lane that is free. A lane in which one failed gets a new landscape. */
export async function runCampaign(request: CampaignRequest): Promise<Finished[]> {
  const { experiments, bundles, lanes, durationMs, evidence, report, signal } = request;
  const folder = mkdtempSync(path.join(tmpdir(), 'ml-chaos-'));
  const endAt = performance.now() + durationMs;
  const left = [...experiments];
  const finished: Finished[] = [];
  let opened = 0;
  const open = new Set<Lane>();
  const stopped = new Promise<never>((_resolve, reject) => {
    signal?.addEventListener('abort', () => {
      left.length = 0;
      void Promise.allSettled([...open].map((lane) => lane[Symbol.asyncDispose]())).then(() => reject(new Error('stopped by a signal')));
    });
  });

  async function work(): Promise<void> {
    while (left.length > 0 && performance.now() < endAt) {
      const laneFolder = path.join(folder, `lane-${++opened}`);
      mkdirSync(laneFolder);
      await using lane = await openLane(laneFolder, bundles);
      open.add(lane);
      await inLandscape(lane);
      open.delete(lane);
    }
  }

  async function inLandscape(lane: Lane): Promise<void> {
    const flows = new Map<ChaosFlow, FlowInLane>();
    for (let done = 1; ; done++) {
      const experiment = left.shift();
      if (!experiment) return;
      const flow = flows.get(experiment.flow) ?? (await experiment.flow.begin(lane));
      flows.set(experiment.flow, flow);
      const one: Finished = { experiment, outcome: await perform(lane, flow, experiment) };
      const isLast = done === mostPerLandscape || left.length === 0 || performance.now() >= endAt;
      if (isLast && !hasFailed(one)) one.outcome = { ...one.outcome, ...(await afterwards(flows)) };
      finished.push(one);
      if (signal?.aborted) return;
      if (hasFailed(one))
        one.kept = await keepEvidence(evidence, lane, { experiment, outcome: one.outcome, more: await flow.evidence?.() });
      report(one);
      if (isLast || hasFailed(one)) return;
    }
  }

  try {
    await Promise.race([Promise.all(Array.from({ length: Math.min(lanes, experiments.length) }, work)), stopped]);
    return finished;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What comes late, after everything was right already. Before that, each experiment looks at what those before it left. */
async function afterwards(flows: ReadonlyMap<ChaosFlow, FlowInLane>): Promise<Pick<Outcome, 'deviations'>> {
  await delay(2000);
  const all = await Promise.all([...flows.values()].map((flow) => flow.compare()));
  return {
    deviations: {
      duplicates: all.flatMap(({ duplicates }) => duplicates),
      losses: all.flatMap(({ losses }) => losses),
      wrong: all.flatMap(({ wrong }) => wrong),
    },
  };
}

import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '../sandbox/sap/seed/random.ts';
import { countOf, type Deviations } from './deviations.ts';
import type { FaultKind } from './faults.ts';
import type { ChaosFlow, FlowInLane } from './flows/flow.ts';
import type { Lane } from './lane.ts';
import { untilReady, untilRest, type Stuck } from './rest.ts';
import type { Step } from './steps.ts';

/** One cell of the matrix, once. */
export interface Experiment {
  /** Its place in the plan; with the seed it says everything that is chosen. */
  number: number;
  seed: number;
  flow: ChaosFlow;
  step: Step;
  kind: FaultKind;
}

export interface Outcome {
  /** What exactly happened: `relay killed + tunnel cut`. */
  fault: string;
  deviations: Deviations;
  /** Why it did not come to rest, or was not even reached. */
  stuck?: string;
  /** From the end of the fault until source, ledger and target agreed. */
  recoveryMs: number;
}

const restMs = 60_000;
const stepMs = 60_000;

/** New work, a run, the fault at its step, the end of the fault; then everything must come right by itself. */
export async function perform(lane: Lane, flow: FlowInLane, { number, seed, step, kind }: Experiment): Promise<Outcome> {
  const random = new Random(seed * 1_000_003 + number * 7919);
  const fault = kind.choose(random);
  const nowhere: Deviations = { duplicates: [], losses: [], wrong: [] };
  const recovering = new AbortController();
  let endedAt = performance.now();
  lane.saas = flow.saas ?? lane.cin7;
  try {
    await untilReady(lane);
    if (!step.isIdle) await flow.makeWork(random);
    const reached = await reach(lane, { flow, step, random });
    await fault.strike(lane, reached, random);
    // While records are posted nobody reads: the fault would meet no call.
    if (fault.breaks === 'jde' && !reached.ais && !step.isIdle) await flow.run().catch(() => undefined);
    reached.release();
    await delay(random.between(0, 150));
    await fault.end(lane, random);
    endedAt = performance.now();
    void fault.person?.(lane, recovering.signal).catch(() => undefined);
    if (step.isIdle) {
      await flow.makeWork(random);
      await flow.run();
    }
    await untilRest(lane, () => flow.compare(), restMs);
    return { fault: fault.name, deviations: nowhere, recoveryMs: performance.now() - endedAt };
  } catch (error) {
    const { message, deviations = nowhere } = error as Partial<Stuck> & Error;
    const recoveryMs = performance.now() - endedAt;
    // What was compared and differs says more than that the waiting was in vain.
    return countOf(deviations) > 0
      ? { fault: fault.name, deviations, recoveryMs }
      : { fault: fault.name, deviations, stuck: message, recoveryMs };
  } finally {
    recovering.abort();
    for (const wire of [lane.target, lane.sap, lane.ais, lane.webhooks]) wire.clear();
  }
}

async function reach(lane: Lane, { flow, step, random }: { flow: FlowInLane; step: Step; random: Random }) {
  const tooLate = new AbortController();
  const timer = setTimeout(() => tooLate.abort(new Error(`the step "${step.name}" did not come within ${stepMs / 1000} s`)), stepMs);
  try {
    const reached = step.arm(lane, random, tooLate.signal);
    if (step.isIdle) return await reached;
    reached.catch(() => undefined); // its end is awaited below, unless the run cannot even be asked for
    await flow.run();
    return await reached;
  } finally {
    clearTimeout(timer);
  }
}

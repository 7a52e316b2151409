import type { Random } from '../../sandbox/sap/seed/random.ts';
import type { Deviations } from '../deviations.ts';
import type { Lane } from '../lane.ts';
import type { Step } from '../steps.ts';

/** What chaos has to know about a flow. */
export interface ChaosFlow {
  readonly id: string;
  /** The moments at which a fault can hit it. */
  readonly steps: readonly Step[];
  /** Switches it on and waits for its first load. */
  begin(lane: Lane): Promise<void>;
  /** New work in the source system: created, changed, by the seed. */
  makeWork(lane: Lane, random: Random): Promise<void>;
  /** Asks the relay for a run. */
  run(lane: Lane): Promise<void>;
  /** Everything in the source against everything in the target and in the ledger, from their own tables. */
  compare(lane: Lane): Promise<Deviations>;
}

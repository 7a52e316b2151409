import type { Random } from '../../sandbox/sap/seed/random.ts';
import type { Deviations } from '../deviations.ts';
import type { Lane, SaasAccess } from '../lane.ts';
import type { Step } from '../steps.ts';

/** What chaos has to know about a flow. */
export interface ChaosFlow {
  readonly id: string;
  /** Which system on the customer's side it reads or writes; default: SAP. Faults of another one are not tried. */
  readonly erp?: 'sap' | 'jde';
  /** The moments at which a fault can hit it. */
  readonly steps: readonly Step[];
  /** Switches it on in a landscape and waits for its first load. */
  begin(lane: Lane): Promise<FlowInLane>;
}

/** A flow that runs in a landscape. */
export interface FlowInLane {
  /** Where faults of the target strike; default: Cin7. */
  readonly saas?: SaasAccess;
  /** New work in the source system: created, changed, by the seed. Where the source tells of it by itself, it is only thought of. */
  makeWork(random: Random): Promise<void>;
  /** Asks the relay for a run, or lets the source tell. */
  run(): Promise<void>;
  /** Everything in the source against everything in the target and in the ledger, from their own tables. */
  compare(): Promise<Deviations>;
  /** What else helps to understand a failure; written as JSON. */
  evidence?(): Promise<unknown>;
}

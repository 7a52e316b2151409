import type { Random } from '../sandbox/sap/seed/random.ts';
import type { Lane } from './lane.ts';
import type { Reached } from './steps.ts';

export interface Fault {
  readonly name: string;
  /** What it breaks; two at once never break the same. */
  readonly breaks: 'agent' | 'relay' | 'tunnel' | 'sap' | 'jde' | 'target' | 'relay clock' | 'agent clock';
  /** Breaks it at this moment; resolves when it is broken. What waits in a wire goes on afterwards. */
  strike(lane: Lane, reached: Reached, random: Random): Promise<void> | void;
  /** Takes the cause away, as the machine's operator would; everything else is the product's business. */
  end(lane: Lane, random: Random): Promise<void> | void;
  /** What only a person can do, for as long as the product recovers. */
  person?(lane: Lane, signal: AbortSignal): Promise<void>;
}

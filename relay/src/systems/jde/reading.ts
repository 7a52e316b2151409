import type { Clock } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import type { JdeSession } from './types.ts';

/** What the readers of this folder share: `readSuppliers`, `readPurchaseOrders`, `readAccounts`. */
export interface JdeReading {
  session: JdeSession;
  scope: CallScope;
  clock: Clock;
  /** `changes` loads everything at first, then what changed; `sweep` reads every key beside the cursor; `full` starts anew. */
  mode: 'changes' | 'sweep' | 'full';
  cursor: unknown;
  progress(message: string): void;
  /** Keys that a target holds; a sweep reports those that JD Edwards no longer has. */
  linkedKeys?: (() => Promise<string[]>) | undefined;
}

/** A cursor may be stored as soon as its items are; a reading that breaks goes on from there and leaves nothing out. */
export interface JdeBatch<Item> {
  items: Item[];
  /** Keys that a target holds and JD Edwards does not: purged or moved to history. */
  gone: string[];
  /** Undefined leaves the stored one. */
  cursor?: unknown;
}

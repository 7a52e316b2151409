import type { Debounce } from '../ledger/index.ts';
import type { NodeSettings } from './membership.ts';

export interface EngineSettings {
  /** Records being posted at once towards one connection. */
  concurrency: number;
  /** Longest time a post may take before it counts as uncertain. */
  postTimeoutMs: number;
  /** How long work in hand may go on after a stop. */
  drainMs: number;
  /** Longest time until something that nobody announced is noticed. */
  pollMs: number;
  retry: Waits;
  extractionRetry: Waits;
  /**
   * Looks at the target after a lost answer. `marginMs`: only after that time is "not there" believed. `personAfterMs`: after that time
   * without a certain answer a person is asked; the looks go on.
   */
  lookup: Waits & { marginMs: number; personAfterMs: number };
  /** After so many `retry` verdicts in a row nothing but single trials goes to the connection. */
  breaker: Waits & { after: number };
  nodes: NodeSettings;
  /** `debounce`: when keys are read that events named. */
  webhooks: { debounce: Debounce; keysPerRun: number };
}

/** Bounds of a backoff with full jitter. */
export interface Waits {
  firstMs: number;
  capMs: number;
  /** Uniform in [0, 1); tests hand in their own. */
  random?: () => number;
}

export const defaultEngineSettings: EngineSettings = {
  concurrency: 4,
  postTimeoutMs: 5 * 60_000,
  drainMs: 10_000,
  pollMs: 1000,
  retry: { firstMs: 5000, capMs: 15 * 60_000 },
  extractionRetry: { firstMs: 5000, capMs: 5 * 60_000 },
  lookup: { firstMs: 2000, capMs: 15 * 60_000, marginMs: 60_000, personAfterMs: 30 * 60_000 },
  breaker: { after: 5, firstMs: 5000, capMs: 5 * 60_000 },
  nodes: { beatMs: 5000, deadAfterMs: 30_000 },
  webhooks: { debounce: { afterMs: 10_000, latestMs: 60_000 }, keysPerRun: 500 },
};

export interface BackoffSettings {
  /** Upper bound of the first wait. */
  firstMs: number;
  /** Upper bound of every wait. */
  capMs: number;
  /** Uniform in [0, 1); tests hand in their own. */
  random?: () => number;
}

/** Wait before attempt `attempt` (1 is the first retry): exponential with full jitter, capped, never ending. */
export function backoffMs(attempt: number, { firstMs, capMs, random = Math.random }: BackoffSettings): number {
  const bound = Math.min(capMs, firstMs * 2 ** Math.min(attempt - 1, 40));
  return Math.floor(random() * bound);
}

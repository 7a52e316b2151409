/** What is not as it must be, in words. */
export interface Deviations {
  /** In the target more than once. */
  duplicates: string[];
  /** In the source, not in the target; or in the target, unknown to the ledger. */
  losses: string[];
  /** There once, with another content. */
  wrong: string[];
}

export function countOf({ duplicates, losses, wrong }: Deviations): number {
  return duplicates.length + losses.length + wrong.length;
}

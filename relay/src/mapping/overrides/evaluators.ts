import { openEvaluator, type Evaluator } from './evaluator.ts';

/** Each with a process of its own, which begins with the tenant's first override and ends when there is nothing to do for it. */
const evaluators = new Map<string, Evaluator>();

/** The evaluator of a tenant's overrides: what runs away there is stopped without a loss to the others. */
export function evaluatorOf(tenantId: string): Evaluator {
  const known = evaluators.get(tenantId);
  if (known) return known;
  const opened = openEvaluator();
  evaluators.set(tenantId, opened);
  return opened;
}

/** Ends the processes of all overrides. */
export async function closeOverrides(): Promise<void> {
  const open = [...evaluators.values()];
  evaluators.clear();
  await Promise.all(open.map((evaluator) => evaluator[Symbol.asyncDispose]()));
}

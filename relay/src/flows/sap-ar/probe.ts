import type { ProbeOutcome } from '../flow.ts';
import { resultOf, settingsOf, type ArPost } from './post.ts';
import { documentsOf, isDone, lookUpStanding } from './standing.ts';

/**
 * After a lost answer: does SAP hold what the body says? `absent` is believed only when SAP surely works on it no more. Documents that were
 * posted or reversed half-way count as absent: posting looks again, and goes on from there. So does one that somebody keyed in: ours may
 * still come beside it.
 */
export async function probeArDocuments(input: ArPost): Promise<ProbeOutcome> {
  const { body, target, scope } = input;
  const standing = await lookUpStanding(target, body, scope);
  const isOurs = standing.parts.every((one) => one?.content !== 'byHand');
  if (isOurs && isDone(body, standing)) return { outcome: 'applied', result: resultOf(body, documentsOf(standing), 'created') };
  return { outcome: 'absent', marginMs: settingsOf(input).outcomeMarginSeconds * 1000 };
}

import type { ProbeOutcome } from '../flow.ts';
import { isDone, lookForJournals, resultOf, type JournalPost } from './holdings.ts';

/**
 * After a lost answer: is the document in Cin7 Core's ledger as it was sent, found by its narration? `absent` also for a draft, which moves
 * no balance, and for a journal that holds something else: posting looks again, goes on with the draft, and never adds a second journal.
 */
export async function probeDocument(input: JournalPost): Promise<ProbeOutcome> {
  const holdings = await lookForJournals(input);
  if (!isDone(holdings, input)) return { outcome: 'absent' };
  const journals = holdings.parts.flatMap(({ stored }) => stored ?? []);
  return { outcome: 'applied', result: { ...resultOf(journals), action: 'created' } };
}

import type { Cin7Journal } from '../../systems/cin7-core/index.ts';
import type { PostWait } from '../flow.ts';
import { inTheWay, isThereToo, journalsAbout, named, refuse, type Holding, type JournalPost } from './holdings.ts';

/** A part of a document with its journal, ready to be posted. */
export interface Drafted {
  part: Holding;
  draft: Cin7Journal;
}

/**
 * Nobody else has begun the same document since it was looked for: another integration, a second relay, one that was thought dead. Each
 * has its draft there before it looks, so that of two at least one sees the other. Answers what is there now. A search that does not see
 * its own drafts does not see others either, nor would it find the journal after a lost answer: then nothing is posted.
 */
export async function assertAlone(input: JournalPost, drafts: readonly Drafted[]): Promise<ReadonlyMap<string, Cin7Journal> | PostWait> {
  const found = await journalsAbout(input);
  const own = new Set(drafts.map(({ draft }) => draft.TaskID));
  const obstacles = found.filter(({ TaskID, Status }) => Status !== 'VOIDED' && !own.has(TaskID)).map(isThereToo);
  if (obstacles.length > 0) throw inTheWay(input, obstacles);
  const present = new Map(found.map((journal) => [journal.TaskID, journal]));
  const unseen = drafts.filter(({ draft }) => !present.has(draft.TaskID)).map(({ draft }) => named(draft));
  return unseen.length > 0 ? unseenYet(input, unseen) : present;
}

const mostUnseen = 5;

function unseenYet({ body, record }: JournalPost, unseen: readonly string[]): PostWait {
  const what = `the search of Cin7 Core does not find ${unseen.join(', ')} by the narration`;
  if (record.attempt > mostUnseen)
    throw refuse('CIN7_SEARCH_BLIND', `posting document ${body.key}: ${what}, so nobody could tell whether it is there already`, {
      fix: 'Search for the narration in Cin7 Core. When its search finds journals again, void all drafts of this document but one and replay the record.',
    });
  return {
    action: 'waiting',
    reason: { code: 'CIN7_SEARCH_BEHIND', message: `document ${body.key} is a draft and not posted yet: ${what}` },
    checkAfterMs: 10_000 * 2 ** (record.attempt - 1),
  };
}

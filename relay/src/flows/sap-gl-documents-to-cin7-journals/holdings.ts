import { SystemError } from '@ml-connector/shared';
import type { Cin7Journal, Cin7JournalBody, Cin7Journals, Cin7Session } from '../../systems/cin7-core/index.ts';
import type { SapDocument, SapSession } from '../../systems/sap-ecc/index.ts';
import type { PostInput } from '../flow.ts';
import { differencesFrom } from './compare.ts';
import { narrationStem } from './document-key.ts';
import { wantedJournals, type JournalsBody } from './payload.ts';
import { glFlowSettings } from './settings.ts';

export type JournalPost = PostInput<SapDocument, JournalsBody, SapSession, Cin7Session & { readonly journals: Cin7Journals }>;

/** One wanted journal and what Cin7 Core has of it. */
export interface Holding {
  wanted: Cin7JournalBody;
  stored: Cin7Journal | undefined;
  /** How the stored one differs, a sentence each. */
  differences: string[];
}

/** A journal that is in the way, and why, as a sentence. */
export interface Obstacle {
  journal: Cin7Journal;
  why: string;
}

export interface Holdings {
  parts: Holding[];
  /** What speaks against posting; empty when it may go on. */
  obstacles: Obstacle[];
  voided: Cin7Journal[];
}

/** Every journal that names this document in its narration. */
export async function journalsAbout({ body, target, scope }: Pick<JournalPost, 'body' | 'target' | 'scope'>): Promise<Cin7Journal[]> {
  const found = await target.journals.search(narrationStem(body.key), scope);
  return found.filter(({ Narration }) => isAbout(Narration, body.key));
}

/** What Cin7 Core holds of this document, found by the narrations. Looked at before the first post and after every lost answer. */
export async function lookForJournals({ body, target, scope }: JournalPost): Promise<Holdings> {
  const found = await journalsAbout({ body, target, scope });
  const live = found.filter(({ Status }) => Status !== 'VOIDED');
  const parts = wantedJournals(body).map((wanted): Holding => {
    const stored = live.find(({ Narration }) => Narration.trim() === wanted.Narration);
    return { wanted, stored, differences: stored ? differencesFrom(wanted, stored) : [] };
  });
  const known = new Set(parts.map(({ stored }) => stored?.TaskID));
  const obstacles = [
    ...live.filter(({ TaskID }) => !known.has(TaskID)).map(isThereToo),
    ...parts.flatMap(({ stored, differences }) =>
      stored?.Status === 'COMPLETED' && differences.length > 0
        ? [{ journal: stored, why: `${named(stored)} holds something else: ${differences.join('; ')}` }]
        : [],
    ),
  ];
  return { parts, obstacles, voided: found.filter(({ Status }) => Status === 'VOIDED') };
}

/** Whether all of it is there as wanted: posted, or at least drafted where drafts are what is wanted. */
export function isDone({ parts, obstacles }: Holdings, { settings }: Pick<JournalPost, 'settings'>): boolean {
  const draftsDo = glFlowSettings.parse(settings).journalStatus === 'draft';
  const isThere = ({ stored, differences }: Holding): boolean =>
    stored !== undefined && differences.length === 0 && (draftsDo || stored.Status === 'COMPLETED');
  return obstacles.length === 0 && parts.every(isThere);
}

/** One id and the numbers of all journals. */
export function resultOf(journals: readonly Cin7Journal[]): { targetId: string; targetLabel: string } {
  return {
    targetId: journals[0]?.TaskID ?? '',
    targetLabel: journals.map(({ JournalNumber, TaskID }) => JournalNumber || TaskID).join(', '),
  };
}

export function isThereToo(journal: Cin7Journal): Obstacle {
  return { journal, why: `${named(journal)} with narration "${journal.Narration}" is there too` };
}

export function inTheWay({ body }: JournalPost, present: readonly Obstacle[]): SystemError {
  const obstacles = present.map(({ why }) => why);
  return refuse('JOURNAL_DIFFERS', `posting document ${body.key}: ${obstacles.join('; ')}`, {
    fix: 'Compare the journal with the document. If the journal is wrong, void it in Cin7 Core and replay this record. If it is right, nothing needs to be done.',
    facts: { obstacles, ...toldOf(present.map(({ journal }) => journal.TaskID)) },
  });
}

/** Facts of a refusal that a person answers by voiding these journals, or by posting them anew. */
export function toldOf(journals: readonly string[]): { journals: readonly string[] } {
  return { journals };
}

/** Journals that earlier refusals of this record named. */
export async function toldBefore({ earlierErrors }: Pick<JournalPost, 'earlierErrors'>): Promise<Set<unknown>> {
  return new Set((await earlierErrors()).flatMap(({ facts }) => facts?.['journals'] ?? []));
}

export function named({ JournalNumber, TaskID, Status }: Cin7Journal): string {
  return `journal ${JournalNumber || TaskID} (${Status.toLowerCase()})`;
}

export function refuse(code: string, message: string, { fix, facts }: { fix: string; facts?: Record<string, unknown> }): SystemError {
  return new SystemError(code, 'refused', message, { fix, ...(facts ? { facts } : {}) });
}

// People add words to narrations; the number must not go on, though.
function isAbout(narration: string, key: string): boolean {
  const at = narration.indexOf(narrationStem(key));
  return at >= 0 && !/^[\p{L}\p{N}]/u.test(narration.slice(at + narrationStem(key).length));
}

import { isSystemError, SystemError } from '@ml-connector/shared';
import type { Cin7Journal } from '../../systems/cin7-core/index.ts';
import type { PostResult, PostWait } from '../flow.ts';
import { assertAlone, type Drafted } from './alone.ts';
import { differencesFrom, laterMark } from './compare.ts';
import {
  isDone,
  inTheWay,
  lookForJournals,
  named,
  refuse,
  resultOf,
  toldBefore,
  toldOf,
  type Holding,
  type Holdings,
  type JournalPost,
} from './holdings.ts';
import { glFlowSettings } from './settings.ts';

/**
 * Brings one document into Cin7 Core's ledger. Looks first what is there by its narration: what is complete is left alone, a draft of an
 * earlier attempt is gone on with, anything else that carries the document's name stops it. Then all drafts; then a second look, each draft
 * compared with what was sent, and only then each is posted: a document that Cin7 Core refuses in part has moved no balance.
 */
export async function postDocument(input: JournalPost): Promise<PostResult | PostWait> {
  const holdings = await lookForJournals(input);
  if (isDone(holdings, input)) return { ...resultOf(storedIn(holdings)), action: 'unchanged' };
  assertNothingInTheWay(input, holdings);
  await assertNotVoided(input, holdings);
  await assertPostable(input);
  const dated = await openDay(input);
  if ('action' in dated) return dated;
  const remarks = [...dated.remarks, ...(await aboutReversal(input))];
  const journals: Cin7Journal[] = [];
  try {
    const drafts: Drafted[] = [];
    for (const part of holdings.parts) {
      const wanted = { ...part.wanted, EffectiveDate: dated.day, Notes: [part.wanted.Notes, ...remarks].join('\n') };
      drafts.push({ part: { ...part, wanted }, draft: await drafted(input, { ...part, wanted }) });
    }
    const present = await assertAlone(input, drafts);
    if ('action' in present) return present;
    for (const [index, { part, draft }] of drafts.entries())
      // What was read for the first is minutes old when it is the turn of the hundredth.
      journals.push(await finished(input, part, { draft, read: index === 0 ? present.get(draft.TaskID) : undefined }));
    return { ...resultOf(journals), action: 'created' };
  } catch (error) {
    const fault = isSystemError(error) ? withPosted(error, holdings, journals) : error;
    // The lock date was moved since it was read.
    if (isSystemError(fault) && fault.code === 'CIN7_PERIOD_CLOSED') return closed(input, fault.message);
    throw fault;
  }
}

/** Who reads that a document was refused must know that a part of it is in the ledger already. */
function withPosted(error: SystemError, { parts }: Holdings, journals: readonly Cin7Journal[]): SystemError {
  const all = [...parts.flatMap(({ stored }) => stored ?? []), ...journals].filter(({ Status }) => Status === 'COMPLETED');
  const posted = [...new Map(all.map((journal) => [journal.TaskID, journal])).values()];
  if (posted.length === 0 || posted.length === parts.length) return error;
  const numbers = posted.map(({ JournalNumber, TaskID }) => JournalNumber || TaskID).join(', ');
  const { code, verdict, message, fix, facts, retryAfterMs } = error;
  return new SystemError(
    code,
    verdict,
    `${message}; ${posted.length} of its ${parts.length} journals ${posted.length === 1 ? 'is' : 'are'} posted already: ${numbers}`,
    { cause: error, ...(fix && { fix }), ...(facts && { facts }), ...(retryAfterMs !== undefined && { retryAfterMs }) },
  );
}

function storedIn({ parts }: Holdings): Cin7Journal[] {
  return parts.flatMap(({ stored }) => stored ?? []);
}

function assertNothingInTheWay(input: JournalPost, { obstacles }: Holdings): void {
  if (obstacles.length > 0) throw inTheWay(input, obstacles);
}

/**
 * A journal that somebody voided is not posted again behind that person's back. It is told first; when the record comes again, somebody has
 * read that and replayed it. What was voided since then is told as well.
 */
async function assertNotVoided(input: JournalPost, { parts, voided }: Holdings): Promise<void> {
  const { body, link, target, scope } = input;
  const gone = [...voided.map(({ TaskID }) => TaskID), ...(link ? [link.targetId] : [])];
  if (parts.every(({ stored }) => stored) || gone.length === 0) return;
  const told = await toldBefore(input);
  if (gone.every((id) => told.has(id))) return;
  const journal = voided.find(({ TaskID }) => !told.has(TaskID)) ?? (link && (await target.journals.get(link.targetId, scope)));
  const what = !journal
    ? `journal ${link?.targetId ?? ''} is not in Cin7 Core any more`
    : journal.Status === 'VOIDED'
      ? `${named(journal)} was voided in Cin7 Core`
      : `${named(journal)} has the narration "${journal.Narration}" now`;
  throw refuse('JOURNAL_VOIDED', `posting document ${body.key}: ${what}`, {
    fix: 'If the document shall be posted anew, replay this record; otherwise nothing needs to be done.',
    facts: toldOf(gone),
  });
}

/** The company's currency and accounts, before anything is sent; all problems at once. */
async function assertPostable({ body, settings, target, scope }: JournalPost): Promise<void> {
  const { Currency, Company } = await target.me(scope);
  if (Currency.toUpperCase() !== body.baseCurrency.toUpperCase())
    throw refuse(
      'BASE_CURRENCY_DIFFERS',
      `posting document ${body.key}: its local currency is ${body.baseCurrency}, ${Company} keeps its books in ${Currency}`,
      {
        fix: 'Transfer this company code to a Cin7 Core company with its currency, and leave it out here (setting companyCodes). No rate is made up.',
      },
    );
  const { allowedControlAccounts: allowed, refusedAccounts: refused } = glFlowSettings.parse(settings);
  const codes = body.journals.flatMap(({ Lines }) => Lines.flatMap(({ Debit, Credit }) => [Debit, Credit]));
  const problems = await target.journals.accountProblems({ codes, allowed, refused }, scope);
  if (problems.length > 0)
    throw refuse('CIN7_ACCOUNTS_UNUSABLE', `posting document ${body.key}: ${problems.join('; ')}`, {
      fix: 'Map the SAP account to another account, a clearing account in place of one that Cin7 Core keeps itself; or allow it in the setting allowedControlAccounts. Then replay.',
      facts: { problems },
    });
}

type OpenDay = { day: string; remarks: string[] };

/** The posting date, or the first open day after the lock date, or a wait for the period to open. */
async function openDay(input: JournalPost): Promise<OpenDay | PostWait> {
  const { body, settings, target, scope } = input;
  const { EffectiveDate: postingDate } = body.header;
  const locked = /^\d{4}-\d{2}-\d{2}/.exec((await target.me(scope)).LockDate ?? '')?.[0];
  if (locked === undefined || postingDate > locked) return { day: postingDate, remarks: [] };
  if (glFlowSettings.parse(settings).postingDateRule === 'keep')
    return closed(input, `${postingDate} is not after the lock date ${locked} of Cin7 Core`);
  const day = dayAfter(locked);
  return { day, remarks: [`${postingDate} ${laterMark} ${day}`] };
}

function closed({ body, settings }: JournalPost, why: string): PostWait {
  const { lockCheckMinutes } = glFlowSettings.parse(settings);
  return {
    action: 'waiting',
    reason: { code: 'CIN7_PERIOD_CLOSED', message: `document ${body.key} waits for an open period: ${why}` },
    checkAfterMs: lockCheckMinutes * 60_000,
  };
}

async function aboutReversal(input: JournalPost): Promise<string[]> {
  const { body, settings } = input;
  if (body.reverses === undefined) return [];
  const original = await input.linkOf(body.reverses);
  if (!original && glFlowSettings.parse(settings).reversalWithoutOriginal === 'block')
    throw refuse('REVERSED_NOT_POSTED', `posting document ${body.key}: it reverses ${body.reverses}, which is no journal of this flow`, {
      fix: 'Post the reversed document first (backfill its days), or set reversalWithoutOriginal to post; then replay.',
    });
  return [`Reverses document ${body.reverses}${original ? `, journal ${original.targetLabel}` : ', which is no journal of this flow'}`];
}

/** The draft of an earlier attempt, corrected where the mapping changed since, or a new one. */
async function drafted({ target, scope }: JournalPost, { wanted, stored, differences }: Holding): Promise<Cin7Journal> {
  if (!stored) return target.journals.createDraft(wanted, scope);
  const isCurrent = differences.length === 0 && stored.EffectiveDate === wanted.EffectiveDate;
  return stored.Status === 'DRAFT' && !isCurrent ? target.journals.updateDraft(stored.TaskID, wanted, scope) : stored;
}

/** A journal that was posted already was compared when it was looked for; every other one is, as Cin7 Core holds it. */
async function finished(
  input: JournalPost,
  { wanted, stored: before }: Holding,
  { draft, read }: { draft: Cin7Journal; read: Cin7Journal | undefined },
): Promise<Cin7Journal> {
  const { body, settings, target, scope } = input;
  if (before?.Status === 'COMPLETED') return before;
  const check = (stored: Cin7Journal): void => {
    const differences = differencesFrom(wanted, stored);
    if (differences.length > 0) throw storedOtherwise(body.key, stored, differences);
  };
  if (glFlowSettings.parse(settings).journalStatus === 'completed') {
    const journal = await target.journals.complete(draft.TaskID, scope, check, read);
    check(journal);
    return journal;
  }
  const stored = read ?? (await target.journals.get(draft.TaskID, scope));
  if (!stored)
    throw refuse('JOURNAL_DIFFERS', `posting document ${body.key}: the draft ${draft.JournalNumber} cannot be read back`, {
      fix: 'Somebody removed it in Cin7 Core; replay the record to make it anew.',
      facts: toldOf([draft.TaskID]),
    });
  check(stored);
  return stored;
}

function storedOtherwise(key: string, stored: Cin7Journal, differences: string[]): SystemError {
  return refuse(
    'JOURNAL_STORED_DIFFERENTLY',
    `posting document ${key}: Cin7 Core stored ${named(stored)} otherwise than sent: ${differences.join('; ')}`,
    {
      fix:
        stored.Status === 'DRAFT'
          ? 'The journal was left a draft. Look at it in Cin7 Core; a replay corrects the draft and tries again.'
          : 'The journal is posted. Correct or void it in Cin7 Core.',
      facts: { differences, ...toldOf([stored.TaskID]) },
    },
  );
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

import { backoffMs, compareAmounts, isAmount, isSystemError, jsonNumber, SystemError, type Clock } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import { isValidation, type Cin7Client } from './client.ts';
import { unreadable } from './judge.ts';
import { journalAccountProblems } from './journal-accounts.ts';
import { readAll } from './pages.ts';
import type { Cin7Reference } from './reference.ts';
import { rowsOf, toJournal, toTransaction, type Row } from './rows.ts';
import type { Cin7Company, Cin7Journal, Cin7JournalBody, Cin7JournalLine, Cin7Journals } from './types.ts';

interface JournalParts {
  client: Cin7Client;
  clock: Clock;
  reference: Pick<Cin7Reference, 'me' | 'accounts' | 'invalidate'>;
  random?: () => number;
}

const mostRounds = 3;
const longestNarration = 256;

export function openJournals(parts: JournalParts): Cin7Journals {
  const { client, reference } = parts;
  return {
    get: (taskId, scope) => readJournal(client, taskId, scope),

    async findByNarration(narration, scope) {
      const found = await search(client, narration, scope);
      return found.filter((journal) => journal.Narration.trim() === narration.trim() && journal.Status !== 'VOIDED');
    },

    search: (words, scope) => search(client, words, scope),

    async createDraft(body, scope) {
      const doing = `creating journal ${body.Narration}`;
      checkJournal(body, doing);
      checkLockDate(body, await reference.me(scope), doing);
      const answer = await client({ method: 'POST', path: 'journal', body: wireBody(body, 'DRAFT'), doing }, scope);
      return journalIn(answer, doing);
    },

    async updateDraft(taskId, body, scope) {
      const doing = `correcting draft ${taskId} of journal ${body.Narration}`;
      checkJournal(body, doing);
      checkLockDate(body, await reference.me(scope), doing);
      const answer = await client({ method: 'PUT', path: 'journal', body: { TaskID: taskId, ...wireBody(body, 'DRAFT') }, doing }, scope);
      return journalIn(answer, doing);
    },

    complete: (taskId, scope, check, read) => complete(parts, { taskId, check, read }, scope),

    accountProblems: (rules, scope) => journalAccountProblems(reference, rules, scope),

    async transactions({ first, last, account }, scope) {
      const doing = `reading transactions from ${first} to ${last}`;
      // The API leaves out the days it is given.
      const query = { FromDate: dayAfter(first, -1), ToDate: dayAfter(last, 1), ...(account ? { Account: account } : {}) };
      return (await readPages(client, { path: 'transactions', key: 'Transactions', query, doing }, scope)).map(toTransaction);
    },
  };
}

async function search(client: Cin7Client, words: string, scope: CallScope): Promise<Cin7Journal[]> {
  const doing = `looking for journal ${words}`;
  const list = { path: 'journal', key: 'Journals', id: 'TaskID', query: { Search: words }, limit: 100, doing };
  return (await readAll(client, list, scope)).map(toJournal);
}

interface Completing {
  taskId: string;
  check: ((stored: Cin7Journal) => void) | undefined;
  read: Cin7Journal | undefined;
}

/** Looks after a lost answer whether the journal is through already. */
async function complete(
  { client, clock, random }: JournalParts,
  { taskId, check, read }: Completing,
  scope: CallScope,
): Promise<Cin7Journal> {
  const doing = `completing journal ${taskId}`;
  let lost: SystemError | undefined;
  for (let round = 1; ; round += 1) {
    const known = round === 1 ? read : undefined;
    const journal =
      known ??
      (await readJournal(client, taskId, scope).catch((error: unknown) => {
        // What was sent before may have been applied: that the look failed does not make it safe.
        throw lost ?? error;
      }));
    if (!journal || journal.Status === 'VOIDED')
      throw new SystemError('CIN7_JOURNAL_GONE', 'refused', `${doing}: it was ${journal ? 'voided' : 'removed'} in Cin7 Core`, {
        fix: 'Replay the record, if it shall be posted again.',
      });
    if (journal.Status === 'COMPLETED') return journal;
    check?.(journal);
    try {
      const body = { TaskID: journal.TaskID, ...wireBody(journal, 'COMPLETED') };
      return journalIn(await client({ method: 'PUT', path: 'journal', body, doing }, scope), doing);
    } catch (error) {
      if (!isSystemError(error) || error.verdict !== 'uncertain' || round >= mostRounds || scope.signal.aborted) throw error;
      lost = error;
      await clock.wait(backoffMs(round, { firstMs: 1000, capMs: 10_000, ...(random ? { random } : {}) }), scope.signal);
    }
  }
}

async function readJournal(client: Cin7Client, taskId: string, scope: CallScope): Promise<Cin7Journal | undefined> {
  const doing = `reading journal ${taskId}`;
  try {
    const answer = await client({ method: 'GET', path: 'journal', query: { TaskID: taskId }, doing }, scope);
    const rows = rowsOf(answer, 'Journals');
    if (!rows) throw unreadable({ writes: false, doing }, 'the answer holds no Journals');
    return rows.map(toJournal).find(({ TaskID }) => TaskID === taskId.toLowerCase());
  } catch (error) {
    if (isValidation(error) && /not found/i.test(error.message)) return undefined;
    throw error;
  }
}

function journalIn(answer: unknown, doing: string): Cin7Journal {
  const row = rowsOf(answer, 'Journals')?.[0];
  const journal = row && toJournal(row);
  if (!journal?.TaskID) throw unreadable({ writes: true, doing }, 'the answer holds no journal');
  return journal;
}

/** Transactions have no ID of their own and two may be equal, so pages are put together as they come. */
async function readPages(
  client: Cin7Client,
  { path, key, query, doing }: { path: string; key: string; query: Record<string, string>; doing: string },
  scope: CallScope,
): Promise<Row[]> {
  const limit = 1000;
  const rows: Row[] = [];
  for (let page = 1; ; page += 1) {
    const answer = await client({ method: 'GET', path, doing, query: { ...query, Page: String(page), Limit: String(limit) } }, scope);
    const found = rowsOf(answer, key);
    if (!found) throw unreadable({ writes: false, doing }, `the answer holds no ${key}`);
    rows.push(...found);
    if (found.length < limit) return rows;
  }
}

function checkJournal({ Narration, EffectiveDate, Currency, CurrencyConversionRate, Lines }: Cin7JournalBody, doing: string): void {
  const problems = [
    ...(Narration.trim() === '' ? ['Narration is empty'] : []),
    ...(Narration.length > longestNarration ? [`Narration has ${Narration.length} characters, ${longestNarration} are allowed`] : []),
    ...(/^\d{4}-\d{2}-\d{2}$/.test(EffectiveDate) ? [] : [`EffectiveDate ${EffectiveDate} is no date`]),
    ...(/^[A-Za-z]{3}$/.test(Currency) ? [] : [`Currency ${Currency} is no currency code`]),
    ...(isPositive(CurrencyConversionRate) ? [] : [`CurrencyConversionRate ${CurrencyConversionRate} must be above zero`]),
    ...(Lines.length === 0 ? ['there are no lines'] : []),
    ...Lines.flatMap(lineProblems),
  ];
  if (problems.length === 0) return;
  throw new SystemError('CIN7_FIELD_INVALID', 'refused', `${doing}: ${problems.join('; ')}`, {
    fix: 'Correct the document in the source, or the mapping.',
    facts: { problems },
  });
}

function lineProblems({ Debit, Credit, Amount, BaseAmount }: Cin7JournalLine, index: number): string[] {
  const name = `line ${index + 1}`;
  return [
    ...(Debit === '' || Credit === '' || Debit === Credit ? [`${name} needs two different accounts`] : []),
    ...[Amount, BaseAmount].flatMap((amount) =>
      isPositive(amount) && /^\d+(\.\d{1,2})?$/.test(amount) ? [] : [`${name}: ${amount} must be above zero with at most two decimals`],
    ),
  ];
}

function isPositive(amount: string): boolean {
  return isAmount(amount) && compareAmounts(amount, '0') > 0;
}

function checkLockDate({ EffectiveDate }: Cin7JournalBody, { LockDate }: Cin7Company, doing: string): void {
  const locked = /^\d{4}-\d{2}-\d{2}/.exec(LockDate ?? '')?.[0];
  if (locked === undefined || EffectiveDate > locked) return;
  throw new SystemError('CIN7_PERIOD_CLOSED', 'refused', `${doing}: ${EffectiveDate} is not after the lock date ${locked} of Cin7 Core`, {
    fix: 'Move the lock date in Cin7 Core (Settings > General), or post the document by hand in an open period.',
  });
}

/** Amounts go out as JSON numbers with the digits they have. */
function wireBody(body: Cin7JournalBody, Status: Cin7Journal['Status']): Row {
  const { Currency, CurrencyConversionRate, EffectiveDate, Narration, Notes, Lines } = body;
  return {
    Status,
    Currency,
    CurrencyConversionRate: jsonNumber(CurrencyConversionRate),
    EffectiveDate: `${EffectiveDate}T00:00:00`,
    Narration,
    Notes,
    Lines: Lines.map((line) => ({ ...line, Amount: jsonNumber(line.Amount), BaseAmount: jsonNumber(line.BaseAmount) })),
  };
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

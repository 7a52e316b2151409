import { addAmounts, compareAmounts, multiplyAmounts, subtractAmounts } from '@ml-connector/shared';
import { envelope, exactDecimal, failure, invalid, newId, ok, text, type Answer } from './answers.ts';
import { sameText } from './reference.ts';
import type { ApiRequest } from './request.ts';
import type { Cin7State, JournalLineRow, JournalRow } from './state.ts';

export interface JournalOutcome {
  answer: Answer;
  row?: JournalRow;
}

/** Search is contained in number, status, narration or notes; the lines' references are not searched. */
export function getJournals(state: Cin7State, request: ApiRequest): Answer {
  const [taskId, status, search] = ['TaskID', 'Status', 'Search'].map((name) => request.param(name)?.toLowerCase());
  const rows = [...state.journals.values()].filter(
    (row) =>
      (!taskId || row.TaskID === taskId) &&
      (!status || sameText(row.Status, status)) &&
      (!search || [row.JournalNumber, row.Status, row.Narration, row.Notes].some((value) => value.toLowerCase().includes(search))),
  );
  return envelope('Journals', rows, request.paging(), shown);
}

export function createJournal(state: Cin7State, body: Record<string, unknown>): JournalOutcome {
  const number = `JR-${String(state.journals.size + 1).padStart(5, '0')}`;
  return written(state, { ...emptyJournal, TaskID: newId(), JournalNumber: number }, body);
}

/** Overwrites a draft; a completed or voided journal cannot be changed. */
export function updateJournal(state: Cin7State, body: Record<string, unknown>): JournalOutcome {
  const current = state.journals.get(text(body['TaskID']).toLowerCase());
  if (!current) return { answer: failure(400, 'Journal Task with specified ID not found') };
  if (current.Status !== 'DRAFT') return { answer: failure(400, `Journal in status ${current.Status} can not be changed`) };
  return written(state, current, body);
}

/** Undo by default: a completed journal is a draft again. With `Void=true` it is voided. */
export function deleteJournal(state: Cin7State, request: ApiRequest): JournalOutcome {
  const current = state.journals.get(request.param('ID')?.toLowerCase() ?? '');
  if (!current) return { answer: failure(400, 'Journal Task with specified ID not found') };
  const locked = lockedProblem(state, current.EffectiveDate);
  if (locked.length > 0) return { answer: invalid(locked) };
  const Status = request.param('Void')?.toLowerCase() === 'true' ? 'VOIDED' : 'DRAFT';
  return { row: { ...current, Status }, answer: ok({ Success: true }) };
}

/** One row for each line of a completed journal, in base currency. The dates are exclusive. */
export function getTransactions(state: Cin7State, request: ApiRequest): Answer {
  const [from, to] = ['FromDate', 'ToDate'].map((name) => Date.parse(request.param(name) ?? ''));
  const account = request.param('Account');
  const rows = [...state.journals.values()]
    .filter(({ Status }) => Status === 'COMPLETED')
    .flatMap((journal) => journal.Lines.map((line) => ({ journal, line, at: Date.parse(journal.EffectiveDate) })))
    .filter(({ at }) => !(at <= (from ?? Number.NaN)) && !(at >= (to ?? Number.NaN)))
    .filter(({ line }) => account === undefined || [line.Debit, line.Credit].some((code) => sameText(code, account)));
  return envelope('Transactions', rows, request.paging(), ({ journal, line }) => ({
    TaskID: journal.TaskID.toUpperCase(),
    DebitAccountCode: line.Debit,
    CreditAccountCode: line.Credit,
    Amount: exactDecimal(line.BaseAmount, 4),
    EffectiveDate: journal.EffectiveDate,
    Reference: line.Reference,
    Transaction: journal.JournalNumber,
    Type: 'Journal',
  }));
}

const emptyJournal: JournalRow = {
  TaskID: '',
  JournalNumber: '',
  Status: 'DRAFT',
  Currency: '',
  CurrencyConversionRate: '1',
  EffectiveDate: '',
  Narration: '',
  Notes: '',
  Lines: [],
};

function written(state: Cin7State, current: JournalRow, body: Record<string, unknown>): JournalOutcome {
  const problems = journalProblems(state, body);
  if (problems.length > 0) return { answer: invalid(problems) };
  const given = (name: keyof JournalRow): string => (name in body ? text(body[name]) : (current[name] as string));
  const row: JournalRow = {
    ...current,
    Status: given('Status').toUpperCase(),
    Currency: given('Currency').toUpperCase(),
    CurrencyConversionRate: given('CurrencyConversionRate'),
    EffectiveDate: `${given('EffectiveDate').slice(0, 10)}T00:00:00`,
    Narration: given('Narration'),
    Notes: given('Notes'),
    Lines: 'Lines' in body ? linesOf(body) : current.Lines,
  };
  return { row, answer: envelope('Journals', [row], { page: 1, limit: 100 }, shown) };
}

function linesOf(body: Record<string, unknown>): JournalLineRow[] {
  const lines = (Array.isArray(body['Lines']) ? body['Lines'] : []) as Record<string, unknown>[];
  return lines.map((line) => ({
    Debit: text(line['Debit']),
    Credit: text(line['Credit']),
    Reference: text(line['Reference']),
    Amount: text(line['Amount']),
    BaseAmount: text(line['BaseAmount']),
  }));
}

function journalProblems(state: Cin7State, body: Record<string, unknown>): string[] {
  const missing = ['Status', 'Currency', 'CurrencyConversionRate', 'EffectiveDate'].filter((name) => text(body[name]) === '');
  if (missing.length > 0) return missing.map((name) => `Required attribute ${name} is not provided.`);
  if (!['DRAFT', 'COMPLETED', 'VOIDED'].includes(text(body['Status']).toUpperCase())) return ['Status is invalid'];
  const lines = linesOf(body);
  if (lines.length === 0 && text(body['Status']).toUpperCase() === 'COMPLETED') return ['Lines is invalid'];
  return [
    ...lockedProblem(state, text(body['EffectiveDate'])),
    ...lines.flatMap((line) => lineProblems(state, line, text(body['CurrencyConversionRate']))),
  ];
}

function lockedProblem({ me }: Cin7State, date: string): string[] {
  const isLocked = me.LockDate !== null && date.slice(0, 10) <= me.LockDate.slice(0, 10);
  return isLocked ? [`EffectiveDate must be after the Lock Date ${me.LockDate?.slice(0, 10) ?? ''}`] : [];
}

function lineProblems({ accounts }: Cin7State, line: JournalLineRow, rate: string): string[] {
  const isUsable = (code: string): boolean => accounts.some((one) => sameText(one.Code, code) && one.Status === 'ACTIVE');
  if (![line.Debit, line.Credit].every(isUsable)) return ['Account with specified ID not found'];
  if (sameText(line.Debit, line.Credit)) return ['Debit and Credit accounts must be different'];
  const numbers = [line.Amount, line.BaseAmount, rate];
  if (!numbers.every((number) => /^\d+(\.\d+)?$/.test(number)) || compareAmounts(line.Amount, '0') <= 0)
    return ['Amount must be greater than 0'];
  const difference = subtractAmounts(line.BaseAmount, multiplyAmounts(line.Amount, rate)).replace('-', '');
  return compareAmounts(difference, '0.01') > 0 ? [`BaseAmount doesn't match Amount and CurrencyConversionRate`] : [];
}

function shown(row: JournalRow): unknown {
  return {
    ...row,
    TaskID: row.TaskID.toUpperCase(),
    CurrencyConversionRate: exactDecimal(row.CurrencyConversionRate, 10),
    Lines: row.Lines.map((line) => ({ ...line, Amount: exactDecimal(line.Amount, 2), BaseAmount: exactDecimal(line.BaseAmount, 4) })),
    Attachments: [],
  };
}

/** Debit minus credit of an account over all completed journals, in base currency: what a test of a ledger looks at. */
export function balanceOf(state: Cin7State, code: string): string {
  const signed = [...state.journals.values()]
    .filter(({ Status }) => Status === 'COMPLETED')
    .flatMap(({ Lines }) => Lines)
    .flatMap(({ Debit, Credit, BaseAmount }) => [...(Debit === code ? [BaseAmount] : []), ...(Credit === code ? [`-${BaseAmount}`] : [])]);
  return addAmounts('0', ...signed);
}

import type { Cin7Journals, Cin7Session } from '../../systems/cin7-core/index.ts';
import type { JdeAccount, JdeSession } from '../../systems/jde/index.ts';
import type { Difference, LedgerEntry, ReconcileInput, ReconciledSlice } from '../flow.ts';
import { accountMap, codesOf, lookupOrder, shownCode } from './account-codes.ts';
import { accountIn, changesOf } from './changes.ts';
import { targetOf } from './map.ts';
import { readAllAccounts } from './read-all.ts';
import { accountFlowSettings, type AccountFlowSettings } from './settings.ts';
import { whyClosed, whyNotLookedAfter } from './standing.ts';

type Input = ReconcileInput<JdeSession, Cin7Session & { readonly journals: Cin7Journals }>;

/**
 * The whole picture, per company: accounts that are new, renamed, moved or closed since they were linked, without an entry, or with one that
 * names an account which Cin7 Core does not take; then entries that no open account of JD Edwards uses. Days do not matter: it is as it is now.
 * Counts are the open accounts, those linked, and those whose account in Cin7 Core can be posted to.
 */
export async function* reconcileAccounts(input: Input): AsyncGenerator<ReconciledSlice, void, void> {
  const settings = accountFlowSettings.parse(input.settings);
  const { source, scope } = input;
  const { companies } = settings;
  const all = await readAllAccounts(source, { companies, scope, progress: (message) => input.progress(message) });
  const accounts = all.filter((account) => !whyNotLookedAfter(account, settings));
  const entries = await readLedger(input, accounts);
  const problems = await readProblems(input, accounts, settings);
  const byCompany = Map.groupBy(accounts, ({ company }) => company);
  for (const company of [...byCompany.keys()].toSorted())
    yield ofCompany({ company, accounts: byCompany.get(company) ?? [], entries, problems, settings, input });
  yield ofValueMap(input, { accounts, settings });
}

async function readLedger(input: Input, accounts: readonly JdeAccount[]): Promise<Map<string, LedgerEntry>> {
  const found = await input.ledger(accounts.map(({ id }) => id));
  return new Map(found.map((entry) => [entry.key, entry]));
}

/** By account of Cin7 Core, those that an entry names and that cannot be posted to. */
async function readProblems(
  { mapping, target, scope }: Input,
  accounts: readonly JdeAccount[],
  settings: AccountFlowSettings,
): Promise<Map<string, string>> {
  const { allowedControlAccounts: allowed } = settings;
  const open = accounts.filter((account) => !whyClosed(account, settings));
  const problems = new Map<string, string>();
  for (const code of new Set(open.flatMap((account) => targetOf(account, mapping) ?? []))) {
    const found = await target.journals.accountProblems({ codes: [code], allowed, refused: [] }, scope);
    if (found.length > 0) problems.set(code, found.join('; '));
  }
  return problems;
}

interface Company {
  company: string;
  accounts: readonly JdeAccount[];
  entries: ReadonlyMap<string, LedgerEntry>;
  problems: ReadonlyMap<string, string>;
  settings: AccountFlowSettings;
  input: Input;
}

function ofCompany({ company, accounts, entries, problems, settings, input }: Company): ReconciledSlice {
  const slice: ReconciledSlice = { name: `company ${company}`, source: none(), ledger: none(), target: none(), differences: [] };
  for (const account of accounts) {
    const entry = entries.get(account.id);
    const closed = whyClosed(account, settings);
    const target = closed ? undefined : targetOf(account, input.mapping);
    const problem = target === undefined ? undefined : problems.get(target);
    if (!closed) {
      slice.source.count += 1;
      if (entry?.state === 'succeeded') slice.ledger.count += 1;
      if (target !== undefined && problem === undefined) slice.target.count += 1;
    }
    slice.differences.push(...differencesOf({ account, entry, closed, target, problem }));
  }
  return slice;
}

interface Compared {
  account: JdeAccount;
  entry: LedgerEntry | undefined;
  closed: string | undefined;
  target: string | undefined;
  problem: string | undefined;
}

function differencesOf({ account, entry, closed, target, problem }: Compared): Difference[] {
  const name = `${shownCode(account)} ${account.description}`.trim();
  const difference = (code: string, message: string): Difference => ({
    key: account.id,
    code,
    message,
    ...(entry ? { recordId: entry.recordId } : {}),
  });
  const was = entry && accountIn(entry.payload);
  const changes = was ? changesOf(was, account).map(({ event, message }) => difference(codeOf(event), message)) : [];
  const wasLinked = entry?.state === 'succeeded';
  if (closed) return wasLinked ? [difference('CLOSED', `${closed}; it is linked to ${entry.targetId ?? 'Cin7 Core'}`), ...changes] : [];
  const found: Difference[] = [...changes];
  if (!entry) found.push(difference('NEW', `${name} is new in JD Edwards, the ledger does not know it`));
  if (target === undefined) found.push(difference('NOT_MAPPED', `${name} has no entry in the value map ${accountMap}`));
  else if (problem !== undefined) found.push(difference('MAPPED_TO_UNUSABLE', `${name} is mapped to ${target}: ${problem}`));
  else if (entry && !wasLinked) found.push(difference('NOT_POSTED', `${name}: its record is ${entry.state}`));
  else if (entry && !entry.targetId?.startsWith(`${target}/`))
    found.push(difference('MAPPED_ANEW', `${name} is mapped to ${target} now, its record says ${entry.targetId ?? 'nothing'}: replay it`));
  return found;
}

/** `RENAMED`, `CODE_CHANGED`, `MOVED`, `POSTING_EDIT_CHANGED`. */
function codeOf(event: string): string {
  return event
    .replace(/^account /, '')
    .replaceAll(' ', '_')
    .toUpperCase();
}

/** Entries by themselves: those that serve no open account, because it was closed, renumbered or removed. */
function ofValueMap(
  input: Input,
  { accounts, settings }: { accounts: readonly JdeAccount[]; settings: AccountFlowSettings },
): ReconciledSlice {
  const entries = input.entries(accountMap);
  const mapped = new Set(entries.map(({ from }) => from));
  const used = new Set<string>();
  const why = new Map<string, string>();
  for (const account of accounts) {
    const codes = lookupOrder(codesOf(account));
    const closed = whyClosed(account, settings);
    const serving = closed ? undefined : codes.find((code) => mapped.has(code));
    if (serving !== undefined) used.add(serving);
    for (const code of codes) why.set(code, closed ?? why.get(code) ?? `every account it would serve has an entry more special`);
  }
  const differences = entries
    .filter(({ from }) => !used.has(from))
    .map(({ from, to }): Difference => {
      const reason = why.get(from);
      if (reason !== undefined)
        return { key: from, code: 'ENTRY_UNUSED', message: `entry ${from} -> ${to} serves no open account: ${reason}` };
      const message = `entry ${from} -> ${to} is for no account that this flow finds in JD Edwards${hint(from, accounts)}`;
      return { key: from, code: 'ENTRY_WITHOUT_ACCOUNT', message };
    });
  const all = { count: entries.length, sum: '0' };
  return { name: `value map ${accountMap}`, source: { count: used.size, sum: '0' }, ledger: all, target: all, differences };
}

/** `30.1110` is no code of its own: an entry for one business unit has three parts. */
function hint(from: string, accounts: readonly JdeAccount[]): string {
  const meant = accounts.find((account) => shownCode(account) === from);
  return meant ? `: for business unit ${meant.businessUnit} alone write ${codesOf(meant).own}` : '';
}

function none(): { count: number; sum: string } {
  return { count: 0, sum: '0' };
}

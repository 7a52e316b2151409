import { addAmounts, compareAmounts, isSystemError } from '@ml-connector/shared';
import type { Cin7Journal, Cin7Journals, Cin7Session } from '../../systems/cin7-core/index.ts';
import { debitsOf, readDocuments, type SapDocument, type SapSession } from '../../systems/sap-ecc/index.ts';
import type { Difference, LedgerEntry, Mapping, ReconcileInput, ReconciledSlice } from '../flow.ts';
import { differencesFrom } from './compare.ts';
import { documentKey, readNarration } from './document-key.ts';
import { mapDocument } from './map.ts';
import { wantedJournals, type JournalsBody } from './payload.ts';
import { glFlowSettings } from './settings.ts';

type Input = ReconcileInput<SapSession, Cin7Session & { readonly journals: Cin7Journals }>;

/**
 * Compares SAP, the ledger and Cin7 Core per company code and period, over the documents that are to be transferred and were posted in the
 * range. Sums are debits in local currency as they are posted, so that a document counts on each side with the same amount or is named. Where
 * the body that was posted is still kept, accounts, days and currencies are compared with it too.
 */
export async function* reconcileDocuments(given: Input): AsyncGenerator<ReconciledSlice, void, void> {
  const input = { ...given, range: sinceStart(given) };
  const source = await readSource(input);
  const entries = await readLedger(input, [...source.documents.keys()]);
  const journals = await readJournals(input, source);
  const slices = new Map<string, ReconciledSlice>();
  const slice = (name: string): ReconciledSlice => {
    const known = slices.get(name) ?? { name, source: none(), ledger: none(), target: none(), differences: [] };
    slices.set(name, known);
    return known;
  };
  for (const [key, document] of source.documents) {
    const into = slice(document.slice);
    const entry = entries.get(key);
    const held = journals.get(key);
    add(into.source, document.sum);
    if (entry) add(into.ledger, entry.sum);
    if (held) add(into.target, held.sum);
    into.differences.push(...differencesOf({ key, document, entry, held }));
  }
  for (const [key, held] of journals) {
    if (source.documents.has(key)) continue;
    const into = slice(held.slice);
    add(into.target, held.sum);
    into.differences.push({
      key,
      code: 'NOT_IN_SOURCE',
      message: `${held.numbers.join(', ')} over ${held.sum} is for a document that ${whyNotInSource(source, key)}`,
    });
  }
  if (source.unreadable !== undefined) {
    const unreadable = { key: '', code: 'SOURCE_UNREADABLE', message: source.unreadable };
    yield { name: 'could not be read', source: none(), ledger: none(), target: none(), differences: [unreadable] };
  }
  yield* [...slices.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** Nobody expects documents before the start; those that a backfill brought are not compared. */
function sinceStart({ range, settings }: Input): Input['range'] {
  const { startDate } = glFlowSettings.parse(settings);
  return { ...range, first: range.first < startDate ? startDate : range.first };
}

function whyNotInSource({ skipped, unreadable }: Source, key: string): string {
  if (skipped.has(key)) return 'is not to be transferred';
  return unreadable === undefined ? 'SAP does not have' : 'SAP does not have, or that could not be read';
}

interface SourceDocument {
  slice: string;
  sum: string;
}

interface Source {
  documents: Map<string, SourceDocument>;
  /** Documents that the mapping leaves out. */
  skipped: Set<string>;
  /** `PRD/100 `: what keys of this system and client begin with. */
  prefix: string;
  /** Documents that could not be had whole, as the reading names them: all others are compared all the same. */
  unreadable: string | undefined;
}

async function readSource(input: Input): Promise<Source> {
  const { settings, range, source: session, mapping, scope } = input;
  const { companyCodes, documentTypes, ledger, startDate, changesDays, sweepDays } = glFlowSettings.parse(settings);
  const { systemId, client } = await session.systemInfo(scope);
  const documents: Source['documents'] = new Map();
  const skipped: Source['skipped'] = new Set();
  const selection = { companyCodes, documentTypes, ledger, startDate, changesDays, sweepDays };
  const progress = (message: string): void => input.progress(message);
  const reading = { ...selection, session, scope, mode: 'backfill' as const, cursor: null, range, progress };
  let unreadable: string | undefined;
  try {
    for await (const { documents: batch } of readDocuments(reading)) {
      for (const document of batch) {
        const sum = postedDebits(document, mapping);
        if (sum === undefined) skipped.add(documentKey(document));
        else documents.set(documentKey(document), { slice: sliceOf(document), sum });
      }
    }
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'SAP_DOCUMENTS_INCOMPLETE') throw error;
    unreadable = error.message;
  }
  return { documents, skipped, prefix: `${systemId}/${client} `, unreadable };
}

/** `1000 2024-05 EUR`: fiscal year and period. */
function sliceOf({ companyCode, fiscalYear, period, localCurrency }: SapDocument): string {
  return `${companyCode} ${fiscalYear}-${period} ${localCurrency}`;
}

/** Base amounts of all lines, or the debits where something still blocks the document; undefined when it is not to be transferred. */
function postedDebits(document: SapDocument, mapping: Mapping): string | undefined {
  const outcome = mapDocument(document, mapping);
  if (outcome.outcome === 'skipped') return undefined;
  if (outcome.outcome === 'blocked') return debitsOf(document);
  return addAmounts('0', ...outcome.body.journals.flatMap(({ Lines }) => Lines.map(({ BaseAmount }) => BaseAmount)));
}

interface LedgerView extends LedgerEntry {
  sum: string;
}

const keysAtOnce = 500;

async function readLedger(input: Input, keys: readonly string[]): Promise<Map<string, LedgerView>> {
  const entries = new Map<string, LedgerView>();
  for (let from = 0; from < keys.length; from += keysAtOnce) {
    for (const entry of await input.ledger(keys.slice(from, from + keysAtOnce)))
      entries.set(entry.key, { ...entry, sum: postedDebits(entry.payload as SapDocument, input.mapping) ?? '0' });
    input.progress(`${Math.min(from + keysAtOnce, keys.length)} of ${keys.length} documents looked up in the ledger`);
  }
  return entries;
}

interface HeldJournals {
  slice: string;
  sum: string;
  /** Of all its journals. */
  numbers: string[];
  /** Narrations that stand on more than one journal. */
  doubled: string[];
  journals: readonly Cin7Journal[];
  /** Drafts of the same document where drafts are not what is wanted. */
  drafts: string[];
}

/** What Cin7 Core's ledger holds (or has as drafts, where those are wanted) for documents posted in the range: searched month by month, as the posting date is in the narration. */
async function readJournals(input: Input, source: Source): Promise<Map<string, HeldJournals>> {
  const { settings, range, target, scope } = input;
  const { companyCodes, journalStatus } = glFlowSettings.parse(settings);
  const { Currency } = await target.me(scope);
  const byKey = new Map<string, Cin7Journal[]>();
  for (const month of monthsOf(range)) {
    let count = 0;
    for (const journal of await target.journals.search(`${month}-`, scope)) {
      const narrated = readNarration(journal.Narration);
      const isMeant =
        narrated !== undefined &&
        journal.Status !== 'VOIDED' &&
        narrated.postingDate.startsWith(month) &&
        narrated.postingDate >= range.first &&
        narrated.postingDate <= range.last &&
        narrated.key.startsWith(source.prefix) &&
        companyCodes.includes(narrated.companyCode);
      if (!isMeant) continue;
      byKey.set(narrated.key, [...(byKey.get(narrated.key) ?? []), journal]);
      count += 1;
    }
    input.progress(`${count} journals of ${month} in Cin7 Core`);
  }
  const held = new Map<string, HeldJournals>();
  for (const [key, all] of byKey) {
    const journals = all.filter(({ Status }) => Status === 'COMPLETED' || journalStatus === 'draft');
    const drafts = all.filter((journal) => !journals.includes(journal)).map(numberOf);
    if (journals.length > 0) held.set(key, { ...heldOf(journals, source.documents.get(key)?.slice, Currency), drafts });
  }
  return held;
}

function numberOf({ JournalNumber, TaskID }: Cin7Journal): string {
  return JournalNumber || TaskID;
}

function heldOf(journals: readonly Cin7Journal[], slice: string | undefined, baseCurrency: string): Omit<HeldJournals, 'drafts'> {
  const [first] = journals;
  const narrated = readNarration(first?.Narration ?? '');
  const narrations = journals.map(({ Narration }) => Narration.trim());
  const fallback = `${narrated?.companyCode ?? ''} ${narrated?.postingDate.slice(0, 7) ?? ''} ${baseCurrency}`;
  return {
    slice: slice ?? fallback,
    sum: addAmounts('0', ...journals.flatMap(({ Lines }) => Lines.map(({ BaseAmount }) => BaseAmount))),
    journals,
    numbers: journals.map(numberOf),
    doubled: [...new Set(narrations.filter((narration, index) => narrations.indexOf(narration) !== index))],
  };
}

interface Compared {
  key: string;
  document: SourceDocument;
  entry: LedgerView | undefined;
  held: HeldJournals | undefined;
}

function differencesOf({ key, document, entry, held }: Compared): Difference[] {
  const recordId = entry?.recordId;
  const difference = (code: string, message: string): Difference => ({ key, code, message, ...(recordId ? { recordId } : {}) });
  const found: Difference[] = [];
  if (!entry) found.push(difference('NOT_IN_LEDGER', `SAP has it over ${document.sum}, the ledger does not know it`));
  else if (entry.state !== 'succeeded') found.push(difference('NOT_POSTED', `its record is ${entry.state}`));
  if (entry && compareAmounts(entry.sum, document.sum) !== 0)
    found.push(difference('AMOUNT_DIFFERS', `${document.sum} in SAP, ${entry.sum} in the ledger`));
  if (!held && entry?.state === 'succeeded')
    found.push(difference('NOT_IN_TARGET', `its record has succeeded, and Cin7 Core has no journal of it`));
  if (!held) return found;
  if (held.doubled.length > 0)
    found.push(difference('TWICE_IN_TARGET', `${held.numbers.join(', ')}: more than one journal has its narration`));
  else if (compareAmounts(held.sum, document.sum) !== 0)
    found.push(difference('AMOUNT_DIFFERS', `${document.sum} in SAP, ${held.sum} in Cin7 Core (${held.numbers.join(', ')})`));
  else found.push(...contentDifferences(held, entry?.posted).map((message) => difference('CONTENT_DIFFERS', message)));
  if (held.drafts.length > 0)
    found.push(difference('DRAFT_LEFT', `${held.drafts.join(', ')} would post it a second time: void what is a draft of it still`));
  return found;
}

/** What was changed in Cin7 Core since it was posted, though the sum is the same: accounts, days, currencies. */
function contentDifferences({ journals }: HeldJournals, posted: unknown): string[] {
  if (posted === undefined) return [];
  const partOf = (narration: string): number => readNarration(narration)?.part ?? 0;
  return wantedJournals(posted as JournalsBody).flatMap((wanted) => {
    const stored = journals.find(({ Narration }) => partOf(Narration) === partOf(wanted.Narration));
    if (!stored) return [`none has the narration ${wanted.Narration}`];
    const differences = differencesFrom(wanted, stored);
    return differences.length > 0 ? [`${numberOf(stored)} is not as it was posted: ${differences.join('; ')}`] : [];
  });
}

function monthsOf({ first, last }: { first: string; last: string }): string[] {
  const months: string[] = [];
  for (let month = first.slice(0, 7); month <= last.slice(0, 7); month = nextMonth(month)) months.push(month);
  return months;
}

function nextMonth(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
}

function none(): { count: number; sum: string } {
  return { count: 0, sum: '0' };
}

function add(side: { count: number; sum: string }, sum: string): void {
  side.count += 1;
  side.sum = addAmounts(side.sum, sum);
}

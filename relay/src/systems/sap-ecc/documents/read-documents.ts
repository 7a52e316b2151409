import { SystemError } from '@ml-connector/shared';
import { readFrom } from '../overlap.ts';
import type { SapSession } from '../session.ts';
import type { SapSystemInfo } from '../system-info.ts';
import { readCompanyCodes } from '../vendors/index.ts';
import type { CallScope } from '../../system.ts';
import { readDocumentCursor, type DocumentCursor } from './cursor.ts';
import type { SapDocument } from './document.ts';
import { countOthers, idOf, nameOf, readHeaderPage, readHeadersOf, type DocumentTypeChoice, type HeaderRow } from './headers.ts';
import { leadingLedger, openItemSource } from './ledger-view.ts';
import { Problems } from './problems.ts';
import { wholeDocuments, type WholeDocumentsDeps } from './whole-documents.ts';
import { changesWindow, loadWindow, rangeWindow, sweepWindow, type Window } from './windows.ts';

export interface DocumentSelection {
  session: SapSession;
  scope: CallScope;
  /** Empty: all of the client. */
  companyCodes: readonly string[];
  documentTypes: DocumentTypeChoice;
  /** RLDNR; default the leading ledger, 0L. Another one needs the new general ledger. */
  ledger?: string;
  /** `YYYY-MM-DD`: documents posted to earlier days are not read, a backfill excepted. Default: `changesDays` before today. */
  startDate?: string | undefined;
  /** How far back documents that come in may be posted; default 95 days. Those posted further back come with the next sweep. */
  changesDays?: number;
  /** A sweep reads again what was posted or entered in so many days; default 35. */
  sweepDays?: number;
}

export interface DocumentReading extends DocumentSelection {
  /** `changes` reads everything since the start date at first, then what was entered; `full` starts anew; `backfill` reads `range`. */
  mode: 'changes' | 'sweep' | 'full' | 'backfill';
  cursor: unknown;
  /** Posting dates of a backfill. */
  range?: { first: string; last: string } | undefined;
  progress(message: string): void;
}

export interface DocumentBatch {
  documents: SapDocument[];
  /** To be stored together with these documents; undefined leaves the stored one. */
  cursor?: DocumentCursor | undefined;
}

const pageSize = 200;
/** Items of one batch: a document has up to 999. */
const mostItems = 5000;

/**
 * Posted documents with all their items, in batches, a company code after the other. Parked, noted and recurring documents are counted in
 * the progress and left out. A batch's cursor may be stored as soon as its documents are; a reading that breaks goes on from there, and
 * may deliver documents twice but never leaves one out. Documents that cannot be had whole are left out, tried again by each run, and
 * named by the error that ends the reading after all others were delivered.
 */
export async function* readDocuments(reading: DocumentReading): AsyncGenerator<DocumentBatch, void, void> {
  const { session, scope, mode, ledger = leadingLedger } = reading;
  // Asked before anything is read: what is entered meanwhile is stamped later and belongs to the next reading.
  const info = await session.systemInfo(scope);
  assertSameSystem(reading, info);
  const items = await openItemSource({ session, scope, decimals: await readDecimals(reading) }, ledger);
  const companyCodes = await companyCodesOf(reading);
  const run: Run = { reading, deps: { session, scope, info, items }, companyCodes, problems: new Problems(), counts: new Map(), read: 0 };
  if (mode === 'changes' || mode === 'full') yield* follow(run, info);
  else for await (const page of pages(run, mode === 'sweep' ? sweepWindow(reading, info) : rangeWindow(reading))) yield* batches(run, page);
  run.problems.throwIfAny();
}

interface Run {
  reading: DocumentReading;
  deps: WholeDocumentsDeps;
  companyCodes: readonly string[];
  problems: Problems;
  /** Documents left out, by status. */
  counts: Map<string, number>;
  read: number;
}

async function* follow(run: Run, info: SapSystemInfo): AsyncGenerator<DocumentBatch, void, void> {
  const { reading, problems } = run;
  const stored = reading.mode === 'full' ? undefined : readDocumentCursor(reading.cursor);
  const selection = selectionOf(reading);
  const cursor = { ...(stored?.selection === selection ? stored : firstCursor(info, selection)), system: systemOf(info) };
  const under = cursor.reading ?? { since: sinceOf(reading, cursor, info), until: info.serverTime, zone: info.zone, afterKey: [] };
  const reached = (afterKey: string[]): DocumentCursor => ({ ...cursor, unread: problems.ids(), reading: { ...under, afterKey } });

  if (!cursor.reading && cursor.unread.length > 0) {
    const again = await readHeadersOf(run.deps, cursor.unread);
    yield* batches(
      run,
      again.filter(({ BSTAT }) => run.deps.items.statuses.includes(BSTAT)),
    );
  } else problems.keep(cursor.unread);
  let last = under.afterKey;
  const window = under.since ? changesWindow(reading, info, under.since) : loadWindow(reading, info);
  for await (const page of pages(run, window, under.afterKey)) {
    last = keyOf(page.at(-1) as HeaderRow);
    let pending: DocumentBatch | undefined;
    for await (const batch of batches(run, page)) {
      if (pending) yield pending;
      pending = batch;
    }
    problems.refuseTooMany();
    yield { documents: pending?.documents ?? [], cursor: reached(last) };
  }
  const { version, system } = cursor;
  yield { documents: [], cursor: { version, system, enteredUntil: under.until, zone: under.zone, selection, unread: problems.ids() } };
}

function systemOf({ systemId, client }: SapSystemInfo): string {
  return `${systemId}/${client}`;
}

/**
 * A system that was renamed, copied or moved holds the documents of before under new names: they would all be transferred a second time. Only
 * `full`, which a person asks for, goes on with it.
 */
function assertSameSystem({ mode, cursor }: DocumentReading, info: SapSystemInfo): void {
  const known = mode === 'full' ? undefined : readDocumentCursor(cursor)?.system;
  if (known === undefined || known === systemOf(info)) return;
  throw new SystemError(
    'SAP_SYSTEM_CHANGED',
    'refused',
    `reading documents: the connection leads to ${systemOf(info)} now, what was read so far came from ${known}`,
    {
      fix: 'Correct the connection. Where SAP was renamed or moved, set startDate to the day after the last document of before, so that none is transferred twice, and start a full run.',
    },
  );
}

function firstCursor({ serverTime, zone }: SapSystemInfo, selection: string): DocumentCursor {
  const reading = { until: serverTime, zone, afterKey: [] };
  return { version: 1, enteredUntil: serverTime, zone, selection, unread: [], reading };
}

function sinceOf({ session }: DocumentReading, cursor: DocumentCursor, { serverTime, zone }: SapSystemInfo) {
  const overlapMinutes = session.settings.changeOverlapMinutes;
  return readFrom({ until: cursor.enteredUntil, zone: cursor.zone }, { serverTime, zone, overlapMinutes });
}

function selectionOf({ companyCodes, documentTypes, ledger = leadingLedger, startDate }: DocumentSelection): string {
  const { include, exclude } = documentTypes;
  return JSON.stringify([companyCodes.toSorted(), include.toSorted(), exclude.toSorted(), ledger, startDate ?? '']);
}

async function* pages(run: Run, window: Window, start: readonly string[] = []): AsyncGenerator<HeaderRow[], void, void> {
  const { reading, deps, companyCodes } = run;
  const [startCode = ''] = start;
  for (const companyCode of companyCodes.filter((code) => code >= startCode)) {
    let afterKey = companyCode === startCode ? [...start] : undefined;
    for (;;) {
      const page = await readHeaderPage(deps, {
        window: { ...window, companyCode },
        statuses: deps.items.statuses,
        afterKey,
        size: pageSize,
      });
      if (page.length === 0) break;
      yield page;
      run.read += page.length;
      reading.progress(`${run.read} documents read, up to ${nameOf(idOf(page.at(-1) as HeaderRow))}`);
      if (page.length < pageSize) break;
      afterKey = keyOf(page.at(-1) as HeaderRow);
    }
    for (const [status, count] of await countOthers(deps, { ...window, companyCode }, deps.items.statuses))
      run.counts.set(status, (run.counts.get(status) ?? 0) + count);
  }
  const others = [...run.counts]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([status, count]) => `${count} ${statusNames[status] ?? `with status ${status}`}`);
  if (others.length > 0) reading.progress(`${run.read} documents read; left out: ${others.join(', ')}`);
}

/** BSTAT of what is no posting. */
const statusNames: Readonly<Record<string, string>> = {
  A: 'clearing documents',
  B: 'reset clearing documents',
  D: 'recurring entries',
  L: 'of other ledgers only',
  M: 'sample documents',
  S: 'noted items',
  V: 'parked',
  W: 'parked',
  Z: 'parked',
};

async function* batches({ deps, problems }: Run, headers: readonly HeaderRow[]): AsyncGenerator<DocumentBatch, void, void> {
  let documents: SapDocument[] = [];
  let itemCount = 0;
  for await (const result of wholeDocuments(deps, headers)) {
    if ('problem' in result) {
      problems.add(result.id, result.problem);
      continue;
    }
    problems.solved(result.id);
    documents.push(result.document);
    itemCount += result.document.items.length;
    if (itemCount < mostItems) continue;
    yield { documents };
    documents = [];
    itemCount = 0;
  }
  if (documents.length > 0) yield { documents };
}

function keyOf({ BUKRS, BELNR, GJAHR }: HeaderRow): string[] {
  return [BUKRS, BELNR, GJAHR];
}

async function companyCodesOf({ session, scope, companyCodes }: DocumentReading): Promise<string[]> {
  const known = (await readCompanyCodes(session, companyCodes, scope)).map(({ code }) => code);
  const unknown = companyCodes.filter((code) => !known.includes(code));
  if (unknown.length === 0) return known.toSorted();
  throw new SystemError('SAP_COMPANY_CODE_UNKNOWN', 'refused', `reading documents: SAP has no company code ${unknown.join(', ')}`, {
    fix: 'Correct the company codes of this flow, or the client of the connection.',
  });
}

async function readDecimals({ session, scope }: DocumentReading): Promise<Map<string, number>> {
  const decimals = new Map<string, number>();
  for await (const { CURRKEY, CURRDEC } of session.readTable({ table: 'TCURX', fields: ['CURRKEY', 'CURRDEC'] }, scope))
    decimals.set(CURRKEY, Number(CURRDEC));
  if (decimals.size > 0) return decimals;
  throw new SystemError(
    'SAP_CURRENCIES_UNREADABLE',
    'refused',
    'reading documents: table TCURX came back empty, so that amounts without decimals would be wrong a hundredfold',
    { fix: 'Every SAP system holds the currencies without two decimals there (transaction OY04). See that the SAP user may read it.' },
  );
}

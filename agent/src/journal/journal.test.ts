import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SapUnitAnswer } from '@ml-connector/shared';
import { journalFile, openJournal, type JournalDeps, type UnitJournal } from './journal.ts';
import type { Finish, NewEntry } from './entry.ts';

const dayMs = 86_400_000;
let dataDir = '';
let now = Date.parse('2026-11-21T10:00:00Z');
const clock = { now: () => now, wait: () => Promise.resolve() };
const opened: UnitJournal[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'ml-journal-'));
  now = Date.parse('2026-11-21T10:00:00Z');
});
afterEach(() => {
  for (const journal of opened.splice(0)) journal[Symbol.dispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

function open(more: Partial<JournalDeps> = {}): UnitJournal {
  const journal = openJournal({ dataDir, clock, ...more });
  opened.push(journal);
  return journal;
}

const entry = (unitId: string, more: Partial<NewEntry> = {}): NewEntry => ({
  unitId,
  contentHash: 'h',
  system: 'PRD',
  functions: ['BAPI_ACC_DOCUMENT_POST'],
  callId: 's1.1',
  recordId: 'rec-1',
  runId: undefined,
  flowId: undefined,
  notAfter: now + 60_000,
  startedAt: now,
  ...more,
});
const committed = (answer: SapUnitAnswer = { results: [] }): Finish => ({ outcome: { answer }, ending: 'committed', finishedAt: now });
const ids = (journal: UnitJournal): string[] => journal.list({ onlyOpen: false, limit: 100 }).map(({ unitId }) => unitId);

test('an entry goes from started to committing to finished, and another process reads each step', () => {
  const journal = open();
  const reader = open();
  journal.start(entry('u1'));
  expect(reader.find('u1')).toMatchObject({ state: 'started', system: 'PRD', recordId: 'rec-1', runId: undefined });
  journal.committing('u1', now + 5);
  expect(reader.list({ onlyOpen: true, limit: 9 })).toMatchObject([{ unitId: 'u1', state: 'committing', committingAt: now + 5 }]);
  journal.finish('u1', committed({ results: [{ OBJ_KEY: '180000012310002024' }] }));
  expect(reader.countOpen()).toBe(0);
  expect(reader.find('u1')).toMatchObject({
    state: 'finished',
    verdict: 'ok',
    outcome: { answer: { results: [{ OBJ_KEY: '180000012310002024' }] } },
  });
});

test('steps out of order are refused; finishing twice keeps the first outcome', () => {
  const journal = open();
  expect(() => journal.committing('u1', now)).toThrow('no open entry of unit u1');
  expect(() => journal.finish('u1', committed())).toThrow('no open entry of unit u1');
  journal.start(entry('u1'));
  expect(() => journal.start(entry('u1'))).toThrow('UNIQUE');
  journal.finish('u1', committed());
  journal.finish('u1', { ...committed(), ending: 'unknown' });
  expect(journal.find('u1')?.ending).toBe('committed');
});

test('finished entries go by age and by number, open ones and young ones never', () => {
  const journal = open({ keepCount: 2, keepMs: 30 * dayMs });
  journal.start(entry('open'));
  for (const unitId of ['old1', 'old2', 'old3']) {
    now += 1000;
    journal.start(entry(unitId));
    journal.finish(unitId, committed());
  }
  now += 2 * dayMs;
  for (const unitId of ['new1', 'new2', 'new3']) {
    now += 1000;
    journal.start(entry(unitId));
    journal.finish(unitId, committed());
  }
  expect(ids(open({ keepCount: 2 })).toSorted()).toEqual(['new1', 'new2', 'new3', 'open']);
  now += 31 * dayMs;
  expect(ids(open({ keepCount: 100 }))).toEqual(['open']);
});

test('a long answer is kept without its long tables; what was made stays', () => {
  const journal = open();
  const lines = Array.from({ length: 20_000 }, (_, n) => ({ ITEMNO_ACC: String(n), ITEM_TEXT: 'Rechnung Müller' }));
  journal.start(entry('u1'));
  const report = { unitId: 'u1', ending: 'committed' as const, steps: [] };
  journal.finish(
    'u1',
    committed({ results: [{ OBJ_KEY: '180000012310002024', ACCOUNTGL: lines, RETURN: [{ TYPE: 'S' }] }], unit: report }),
  );
  const outcome = journal.find('u1')?.outcome as { answer: SapUnitAnswer };
  expect(outcome.answer.unit?.isShortened).toBe(true);
  expect(outcome.answer.results[0]).toMatchObject({ OBJ_KEY: '180000012310002024', RETURN: [{ TYPE: 'S' }] });
  expect(JSON.stringify(outcome).length).toBeLessThan(10_000);
});

test('a full disk is told, and the journal goes on when there is room again', () => {
  const journal = open({ mostPages: 12 });
  journal.probe();
  const functions = Array.from({ length: 100 }, () => 'BAPI_ACC_DOCUMENT_POST');
  const fill = (): void => {
    for (let n = 0; n < 100; n++) journal.start(entry(`u${n}`, { functions }));
  };
  expect(fill).toThrow(
    expect.objectContaining({ code: 'JOURNAL_UNAVAILABLE', verdict: 'retry', message: expect.stringContaining('full') as string }),
  );
  expect(journal.find('u0')?.state).toBe('started');
  const wider = open();
  wider.start(entry('later', { functions }));
  expect(journal.find('later')?.state).toBe('started');
});

test.each([
  ['a file that is no database', () => writeFileSync(journalFile(dataDir), 'nonsense'.repeat(1000)), /not a database/],
  ['a folder in its place', () => rmSync(dataDir, { recursive: true }), /unable to open/],
  [
    'one of a newer agent',
    () => {
      const newer = new DatabaseSync(journalFile(dataDir));
      newer.exec('pragma user_version = 99');
      newer.close();
    },
    /newer agent/,
  ],
])('%s is told at every use, and never replaced', (_what, spoil, message) => {
  spoil();
  const journal = open();
  for (const use of [() => journal.find('u1'), () => journal.start(entry('u1')), () => journal.probe()])
    expect(use).toThrow(expect.objectContaining({ code: 'JOURNAL_UNAVAILABLE', message: expect.stringMatching(message) as string }));
});

test('a journal that was removed under a running agent is not begun anew', () => {
  const journal = open();
  journal.start(entry('u1'));
  for (const end of ['', '-wal', '-shm']) rmSync(`${journalFile(dataDir)}${end}`, { force: true });
  expect(() => journal.find('u1')).toThrow('the file was removed while the agent runs');
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog, SystemError, type SapUnitAnswer, type SapWritingUnit } from '@ml-connector/shared';
import { limitOf, type UnitGate } from './gate.ts';
import { openJournal, type UnitJournal } from './journal.ts';
import { openUnits, type UnitCall, type Units } from './units.ts';

let dataDir = '';
let now = 0;
let steady = 0;
let waits: (() => void)[] = [];
let toClose: Disposable[] = [];
const clock = {
  now: () => now,
  steadyMs: () => steady,
  wait: () => new Promise<void>((resolve) => waits.push(resolve)),
};

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'ml-units-'));
  [now, steady, waits, toClose] = [Date.parse('2026-11-21T10:00:00Z'), 0, [], []];
});
afterEach(() => {
  for (const one of toClose) one[Symbol.dispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

type Step = 'find' | 'start' | 'committing' | 'finish';
/** The journal on disk, where the steps named fail as on a full disk. */
function open(broken: Set<Step> = new Set()): { units: Units; journal: UnitJournal } {
  const real = openJournal({ dataDir, clock });
  const guarded =
    <Args extends unknown[], Result>(step: Step, work: (...args: Args) => Result) =>
    (...args: Args): Result => {
      if (broken.has(step)) throw new SystemError('JOURNAL_UNAVAILABLE', 'retry', 'database or disk is full');
      return work(...args);
    };
  const journal: UnitJournal = {
    isNew: real.isNew,
    reachesBackMs: real.reachesBackMs,
    find: guarded('find', (id) => real.find(id)),
    start: guarded('start', (entry) => real.start(entry)),
    committing: guarded('committing', (id, at) => real.committing(id, at)),
    finish: guarded('finish', (id, finish) => real.finish(id, finish)),
    list: (filter) => real.list(filter),
    countOpen: () => real.countOpen(),
    probe: () => real.probe(),
    [Symbol.dispose]: () => real[Symbol.dispose](),
  };
  const units = openUnits({ journal, clock, log: silentLog });
  toClose.unshift(units, journal);
  return { units, journal };
}

const unit = (more: Partial<SapWritingUnit> = {}): SapWritingUnit => ({
  system: 'PRD',
  calls: [{ function: 'BAPI_ACC_DOCUMENT_POST', parameters: { DOCUMENTHEADER: { COMP_CODE: '1000' } } }],
  commit: 'whenClean',
  unitId: 'rec-1.1',
  notAfter: now + 60_000,
  remainingMs: 60_000,
  isRepeat: false,
  ...more,
});
const call = (signal = new AbortController().signal): UnitCall => ({
  callId: 's1.1',
  context: { recordId: 'rec-1' },
  clockOffsetMs: 0,
  signal,
});
const answer: SapUnitAnswer = { results: [{ OBJ_KEY: '180000012310002024' }], unit: { unitId: 'rec-1.1', ending: 'committed', steps: [] } };

/** SAP, which counts what it has done; the test lets each step go on. */
function sap() {
  const reached = Promise.withResolvers<UnitGate>();
  const goOn = Promise.withResolvers<void>();
  const state = {
    executed: 0,
    committed: 0,
    reached: reached.promise,
    goOn: () => goOn.resolve(),
    execute: async (gate: UnitGate): Promise<SapUnitAnswer> => {
      gate.start();
      state.executed += 1;
      reached.resolve(gate);
      await goOn.promise;
      gate.commit();
      state.committed += 1;
      return answer;
    },
  };
  return state;
}
const posts = () => {
  const one = sap();
  one.goOn();
  return one;
};
const never = (): Promise<SapUnitAnswer> => Promise.reject(new Error('this must not be executed'));

test('a unit that was executed is answered from the journal ever after, also by a new process', async () => {
  const { units } = open();
  const one = posts();
  expect(await units.run(unit(), call(), one.execute)).toEqual(answer);
  const replayed = { results: answer.results, unit: { ending: 'committed', isReplayed: true } };
  expect(await units.run(unit(), call(), never)).toMatchObject(replayed);
  now += 3_600_000;
  expect(await open().units.run(unit({ isRepeat: true }), call(), never)).toMatchObject(replayed);
  expect(one.committed).toBe(1);
});

test('the same unit sent twice at once runs once, and both get its answer', async () => {
  const { units } = open();
  const one = sap();
  const answers = [units.run(unit(), call(), one.execute), units.run(unit({ isRepeat: true }), call(), never)];
  expect(units.status()).toEqual({ running: ['rec-1.1'], interrupted: 0, unwritten: 0, problem: undefined });
  one.goOn();
  expect(await Promise.all(answers)).toEqual([answer, answer]);
  expect(units.status()).toEqual({ running: [], interrupted: 0, unwritten: 0, problem: undefined });
});

test('an error is an outcome like any other', async () => {
  const { units } = open();
  const refused = new SystemError('SAP_RETURN_ERROR', 'refused', 'E F5 201', { facts: { messages: ['x'] } });
  const execute = (gate: UnitGate): Promise<never> => {
    gate.start();
    return Promise.reject(refused);
  };
  const told = { code: 'SAP_RETURN_ERROR', verdict: 'refused', facts: { messages: ['x'], unit: { ending: 'abandoned' } } };
  await expect(units.run(unit(), call(), execute)).rejects.toMatchObject(told);
  await expect(open().units.run(unit(), call(), never)).rejects.toMatchObject({ ...told, facts: { unit: { isReplayed: true } } });
});

const other = { calls: [{ function: 'BAPI_ACC_DOCUMENT_POST', parameters: { DOCUMENTHEADER: { COMP_CODE: '2000' } } }] };
test.each<[string, Set<Step>, boolean]>([
  ['running', new Set(), false],
  ['in the journal', new Set(), true],
  ['in memory', new Set(['finish']), true],
])('another content under the id of a unit that is %s is refused', async (_what, broken, isOver) => {
  const { units } = open(broken);
  const one = sap();
  const first = units.run(unit(), call(), one.execute);
  if (isOver) {
    one.goOn();
    await first;
  }
  await expect(units.run(unit(other), call(), never)).rejects.toMatchObject({ code: 'UNIT_CONTENT_DIFFERS', verdict: 'refused' });
  one.goOn();
  expect(await first).toEqual(answer);
});

test.each([
  ['started', 'UNIT_INTERRUPTED', 'abandoned', /SAP rolled back/],
  ['committing', 'UNIT_INTERRUPTED_IN_COMMIT', 'unknown', /may have posted/],
])('a crash after `%s` leaves the unit uncertain; it is never executed again', async (state, code, ending, message) => {
  const before = open();
  const one = sap();
  void before.units.run(unit(), call(), one.execute);
  const gate = await one.reached;
  if (state === 'committing') gate.commit();
  before.journal[Symbol.dispose]();

  const { units, journal } = open();
  expect(units.status()).toMatchObject({ interrupted: 1 });
  const told = { code, verdict: 'uncertain', message: expect.stringMatching(message) as string, facts: { unit: { ending } } };
  await expect(units.run(unit(), call(), never)).rejects.toMatchObject(told);
  await expect(units.run(unit({ isRepeat: true }), call(), never)).rejects.toMatchObject(told);
  expect(journal.countOpen()).toBe(0);
});

test.each<[string, Partial<SapWritingUnit>, boolean, { code: string; verdict: string }]>([
  ['whose time is over', { notAfter: 0, remainingMs: 0 }, true, { code: 'UNIT_TOO_LATE', verdict: 'retry' }],
  [
    'whose time was over before the journal reaches back',
    { notAfter: -2 * 86_400_000 },
    true,
    { code: 'UNIT_UNKNOWN', verdict: 'uncertain' },
  ],
  ['that was sent before, to a journal that is gone', { isRepeat: true }, false, { code: 'UNIT_UNKNOWN', verdict: 'uncertain' }],
])('a unit %s is not executed', async (_what, more, hasJournal, error) => {
  if (hasJournal) openJournal({ dataDir, clock }).probe();
  const { units } = open();
  const request = unit({ ...more, ...(more.notAfter === undefined ? {} : { notAfter: now + more.notAfter }) });
  await expect(units.run(request, call(), never)).rejects.toMatchObject({ ...error, facts: { unit: { unitId: 'rec-1.1' } } });
});

test.each([
  ['clocks that agree', 0, 60_000, 60_000],
  ['an agent that is five minutes ahead', 300_000, 60_000, 60_000],
  ['an agent that is five minutes behind', -300_000, 60_000, 60_000],
  ['a request that was half a minute under way', 0, 90_000, 60_000],
  ['an absolute time far away', 0, 10_000, 10_000],
])('the end of a unit with %s', (_what, clockOffsetMs, remainingMs, expected) => {
  const relayNow = now - clockOffsetMs;
  expect(limitOf(unit({ notAfter: relayNow + 60_000, remainingMs }), { now, clockOffsetMs }) - now).toBe(expected);
});

test.each<[string, () => void]>([
  ['the time is over', () => (now += 60_000)],
  ['the clock was set back meanwhile', () => ([now, steady] = [now - 3_600_000, steady + 60_000])],
  ['the machine slept', () => (now += 3_600_000)],
])('nothing commits when %s', async (_what, happens) => {
  const { units } = open();
  const one = sap();
  const running = units.run(unit(), call(), one.execute);
  await one.reached;
  happens();
  one.goOn();
  await expect(running).rejects.toMatchObject({ code: 'UNIT_TOO_LATE', verdict: 'retry' });
  expect(one.committed).toBe(0);
});

test('nothing starts when the time passed while a connection was waited for', async () => {
  const { units, journal } = open();
  const execute = (gate: UnitGate): Promise<SapUnitAnswer> => {
    now = gate.limit;
    gate.start();
    return never();
  };
  await expect(units.run(unit(), call(), execute)).rejects.toMatchObject({
    code: 'UNIT_TOO_LATE',
    facts: { unit: { ending: 'notStarted' } },
  });
  expect(journal.find('rec-1.1')).toBeUndefined();
});

test('a unit is cancelled when the last one who waits for it has gone, unless it commits already', async () => {
  const { units } = open();
  const [first, second] = [new AbortController(), new AbortController()];
  const one = sap();
  const both = [units.run(unit(), call(first.signal), one.execute), units.run(unit(), call(second.signal), never)];
  const outcomes = Promise.allSettled(both);
  const gate = await one.reached;
  first.abort();
  expect(gate.signal.aborted).toBe(false);
  second.abort();
  expect(gate.signal.aborted).toBe(true);
  one.goOn();
  expect(await outcomes).toMatchObject([{ reason: { code: 'UNIT_CANCELLED', verdict: 'retry' } }, { reason: { code: 'UNIT_CANCELLED' } }]);
  expect(one.committed).toBe(0);
});

describe('a journal that fails', () => {
  test('at the start: nothing is executed, and the same unit runs once it can be written', async () => {
    const broken = new Set<Step>(['start']);
    const { units } = open(broken);
    const one = posts();
    const refusal = { code: 'JOURNAL_UNAVAILABLE', verdict: 'retry', facts: { unit: { ending: 'notStarted' } } };
    await expect(units.run(unit(), call(), one.execute)).rejects.toMatchObject(refusal);
    expect(one.executed).toBe(0);
    broken.clear();
    expect(await units.run(unit({ isRepeat: true }), call(), one.execute).catch((error: SystemError) => error.code)).toBe('UNIT_UNKNOWN');
    expect(await units.run(unit(), call(), one.execute)).toEqual(answer);
  });

  test('before the commit: nothing is committed', async () => {
    const { units } = open(new Set<Step>(['committing']));
    const one = posts();
    await expect(units.run(unit(), call(), one.execute)).rejects.toMatchObject({ code: 'JOURNAL_UNAVAILABLE', verdict: 'retry' });
    expect([one.executed, one.committed]).toEqual([1, 0]);
  });

  test('after the commit: the answer goes out, is given again from memory, and is written when possible', async () => {
    const broken = new Set<Step>(['finish']);
    const { units, journal } = open(broken);
    const one = posts();
    expect(await units.run(unit(), call(), one.execute)).toEqual(answer);
    expect(units.status()).toMatchObject({ interrupted: 0, unwritten: 1 });
    expect(await units.run(unit({ isRepeat: true }), call(), never)).toMatchObject({ results: answer.results, unit: { isReplayed: true } });
    broken.clear();
    waits.shift()?.();
    while (units.status().unwritten > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(journal.find('rec-1.1')).toMatchObject({ state: 'finished', verdict: 'ok' });
    expect(one.committed).toBe(1);
  });

  test.each([
    ['first', false, 'retry', 'notStarted'],
    ['repeated', true, 'uncertain', 'unknown'],
  ])('when it is looked into: a %s request is %s', async (_what, isRepeat, verdict, ending) => {
    const { units } = open(new Set<Step>(['find']));
    await expect(units.run(unit({ isRepeat }), call(), never)).rejects.toMatchObject({ verdict, facts: { unit: { ending } } });
  });
});

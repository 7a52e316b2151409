import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '@ml-connector/shared';
import { journalFile, openJournal, type UnitsStatus } from '../journal/index.ts';
import { runChecks } from '../checks/index.ts';
import { journalCheck } from './journal-check.ts';

let dataDir = '';
beforeEach(() => (dataDir = mkdtempSync(path.join(tmpdir(), 'ml-journal-check-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const clock = systemClock;
async function check(units?: UnitsStatus) {
  const dataDirIsFine = { name: 'data-dir', run: () => Promise.resolve({ result: 'ok' as const, detail: '' }) };
  const [, finding] = await runChecks([dataDirIsFine, journalCheck({ dataDir, clock, units })], clock);
  return finding;
}

function start(...unitIds: string[]): void {
  using journal = openJournal({ dataDir, clock });
  const now = clock.now();
  const entry = {
    contentHash: 'h',
    system: 'PRD',
    functions: ['Z_X'],
    callId: 'c',
    recordId: undefined,
    runId: undefined,
    flowId: undefined,
  };
  for (const unitId of unitIds) journal.start({ ...entry, unitId, notAfter: now, startedAt: now });
}

const status = (more: Partial<UnitsStatus>): UnitsStatus => ({ running: [], interrupted: 0, unwritten: 0, problem: undefined, ...more });

test.each<[string, string[], UnitsStatus | undefined, string, RegExp]>([
  ['no journal yet', [], undefined, 'ok', /no unit yet/],
  ['a unit of the running agent', ['u1'], status({ running: ['u1'] }), 'ok', /1 units under way, none interrupted/],
  ['one that nobody runs', ['u1'], status({}), 'warning', /1 units were interrupted.*u1 on PRD \(started\)/],
  ['many of them', ['u1', 'u2', 'u3', 'u4'], undefined, 'warning', /4 units were interrupted.* \.\.\./],
  ['outcomes in memory', ['u1'], status({ unwritten: 1 }), 'warning', /1 outcomes are in memory only/],
])('%s', async (_what, unitIds, units, result, detail) => {
  if (unitIds.length > 0) start(...unitIds);
  expect(await check(units)).toMatchObject({ check: 'journal', result, detail: expect.stringMatching(detail) as string });
});

test('a journal that cannot be written fails the check, with what to do', async () => {
  writeFileSync(journalFile(dataDir), 'nonsense'.repeat(100));
  expect(await check()).toMatchObject({
    result: 'failed',
    detail: expect.stringContaining('JOURNAL_UNAVAILABLE') as string,
    fix: expect.stringContaining('Make room') as string,
  });
});

import { SystemError, systemClock, type UnitReport } from '@ml-connector/shared';
import { openSession } from './session.ts';
import type { RfcClient } from './rfc-module.ts';
import { runWritingUnit } from './writing-unit.ts';
import type { UnitLeave } from './protocol.ts';

type Result = Record<string, unknown>;
/** With a name: what node-rfc rejects with. */
type Answer = Result;
const broken = { name: 'RfcLibError', group: 4, code: 1, key: 'RFC_COMMUNICATION_FAILURE', message: 'connection to partner broken' };
const raised = { name: 'ABAPError', group: 1, code: 5, key: 'NOT_POSSIBLE', message: ' Number:000' };
const locked = { name: 'ABAPError', group: 1, code: 5, key: 'FOREIGN_LOCK', message: ' Number:000' };
const dump = { name: 'ABAPError', group: 2, code: 3, key: 'COMPUTE_INT_ZERODIVIDE', message: 'Division by 0' };
const timeOut = { name: 'ABAPError', group: 2, code: 3, key: 'TIME_OUT', message: 'Time limit exceeded.' };
const noAuthority = { name: 'ABAPError', group: 2, code: 3, key: 'RFC_NO_AUTHORITY', message: 'No RFC authorization for function module' };
const period = { RETURN: [{ TYPE: 'E', ID: 'F5', NUMBER: '201', MESSAGE: 'Posting period is not open' }] };
const beingEdited = { RETURN: { TYPE: 'E', ID: 'F2', NUMBER: '042', MESSAGE: 'being processed' } };
const stopped = { RETURN: { TYPE: 'E', ID: 'S&', NUMBER: '150', MESSAGE: 'Update was terminated' } };

interface Scene {
  /** What SAP answers, by function; clean where nothing stands. */
  sap?: Record<string, Answer | Promise<Answer>>;
  /** node-rfc logs on again by itself during this function. */
  reconnectsAt?: string;
  calls?: string[];
  denied?: Partial<Record<UnitLeave, SystemError>>;
  cancelledAt?: string;
  /** The clock passes `notAfter` while leave to commit is asked for. */
  isLate?: boolean;
}

const isFailure = (answer: Answer): boolean => 'name' in answer;

async function play({ sap = {}, reconnectsAt, calls = ['Z_POST'], denied = {}, cancelledAt, isLate }: Scene) {
  const sent: string[] = [];
  const cancel = new AbortController();
  if (cancelledAt === '') cancel.abort();
  const client = {
    connectionHandle: 1,
    call: async (name: string, parameters: Result) => {
      sent.push(name === 'BAPI_TRANSACTION_COMMIT' ? `COMMIT ${JSON.stringify(parameters)}` : name.replace('BAPI_TRANSACTION_', ''));
      if (cancelledAt === name) cancel.abort();
      if (reconnectsAt === name) client.connectionHandle++;
      const answer = await (sap[name] ?? {});
      if (isFailure(answer)) throw answer;
      return answer;
    },
    cancel: async () => void sent.push('cancel'),
  } as unknown as RfcClient & { connectionHandle: number };
  let now = 1000;
  const clock = { ...systemClock, now: () => now };
  const session = openSession(client, { callTimeoutMs: 50, deadline: 2000, signal: cancel.signal, clock });
  const asked: UnitLeave[] = [];
  const leave = async (step: UnitLeave): Promise<void> => {
    asked.push(step);
    const error = denied[step];
    if (error) throw error;
    if (isLate && step === 'commit') now = 2000;
  };
  const unit = { unitId: 'u1', notAfter: 2000, calls: calls.map((name) => ({ function: name, parameters: {} })) };
  const outcome = await runWritingUnit(unit, { session, leave, signal: cancel.signal, clock }).then(
    ({ unit: report }) => ({ verdict: 'ok', code: '', report }),
    ({ verdict, code, facts }: SystemError) => ({ verdict, code, report: facts?.['unit'] as UnitReport }),
  );
  return { ...outcome, ending: outcome.report?.ending, sent, asked, isSound: session.isSound };
}

const commit = 'COMMIT {"WAIT":"X"}';
const tooLate = new SystemError('UNIT_TOO_LATE', 'retry', 'late');
const diskFull = new SystemError('JOURNAL_UNAVAILABLE', 'retry', 'disk full');
const rollbackLost = { BAPI_TRANSACTION_ROLLBACK: broken };

test.each<[string, Scene, { verdict: string; code?: string; ending: string; sent: string[]; isSound: boolean }]>([
  ['clean to the end', {}, { verdict: 'ok', ending: 'committed', sent: ['Z_POST', commit], isSound: true }],
  ['a warning', { sap: { Z_POST: { RETURN: { TYPE: 'W', ID: 'F5', NUMBER: '1', MESSAGE: 'x' } } } }, { verdict: 'ok', ending: 'committed', sent: ['Z_POST', commit], isSound: true }],
  ['leave to start denied', { denied: { start: diskFull } }, { verdict: 'retry', code: 'JOURNAL_UNAVAILABLE', ending: 'notStarted', sent: [], isSound: true }],
  ['cancelled before anything', { cancelledAt: '' }, { verdict: 'retry', code: 'UNIT_CANCELLED', ending: 'notStarted', sent: [], isSound: true }],
  ['a read before the first write fails', { calls: ['BAPI_VENDOR_GETDETAIL', 'Z_POST'], sap: { BAPI_VENDOR_GETDETAIL: broken } }, { verdict: 'retry', ending: 'notStarted', sent: ['BAPI_VENDOR_GETDETAIL'], isSound: false }],
  ['RETURN E', { sap: { Z_POST: period } }, { verdict: 'refused', code: 'SAP_RETURN_ERROR', ending: 'rolledBack', sent: ['Z_POST', 'ROLLBACK'], isSound: true }],
  ['RETURN E in the second call', { calls: ['Z_ONE', 'Z_POST', 'Z_THREE'], sap: { Z_POST: period } }, { verdict: 'refused', ending: 'rolledBack', sent: ['Z_ONE', 'Z_POST', 'ROLLBACK'], isSound: true }],
  ['RETURN E, rollback lost', { sap: { Z_POST: period, ...rollbackLost } }, { verdict: 'refused', ending: 'abandoned', sent: ['Z_POST', 'ROLLBACK'], isSound: false }],
  ['locked, in RETURN', { sap: { Z_POST: beingEdited } }, { verdict: 'retry', code: 'SAP_LOCKED', ending: 'rolledBack', sent: ['Z_POST', 'ROLLBACK'], isSound: true }],
  ['an exception', { sap: { Z_POST: raised } }, { verdict: 'refused', code: 'SAP_EXCEPTION', ending: 'rolledBack', sent: ['Z_POST', 'ROLLBACK'], isSound: true }],
  ['locked, as exception', { sap: { Z_POST: locked } }, { verdict: 'retry', code: 'SAP_LOCKED', ending: 'rolledBack', sent: ['Z_POST', 'ROLLBACK'], isSound: true }],
  ['locked, rollback lost', { sap: { Z_POST: locked, ...rollbackLost } }, { verdict: 'uncertain', ending: 'abandoned', sent: ['Z_POST', 'ROLLBACK'], isSound: false }],
  ['a short dump', { sap: { Z_POST: dump } }, { verdict: 'refused', code: 'SAP_DUMP', ending: 'rolledBack', sent: ['Z_POST'], isSound: false }],
  ['a dump for want of time', { sap: { Z_POST: timeOut } }, { verdict: 'retry', code: 'SAP_TIME_OUT', ending: 'rolledBack', sent: ['Z_POST'], isSound: false }],
  ['the line breaks in a call', { sap: { Z_POST: broken }, reconnectsAt: 'Z_POST' }, { verdict: 'uncertain', code: 'SAP_CONNECTION_LOST', ending: 'abandoned', sent: ['Z_POST'], isSound: false }],
  ['another session answers, and nobody said so', { calls: ['Z_ONE', 'Z_POST'], reconnectsAt: 'Z_ONE' }, { verdict: 'uncertain', code: 'SAP_SESSION_CHANGED', ending: 'abandoned', sent: ['Z_ONE'], isSound: false }],
  ['another session before the commit', { reconnectsAt: 'Z_POST' }, { verdict: 'uncertain', code: 'SAP_SESSION_CHANGED', ending: 'abandoned', sent: ['Z_POST'], isSound: false }],
  ['cancelled in a call', { cancelledAt: 'Z_ONE', calls: ['Z_ONE', 'Z_POST'] }, { verdict: 'retry', code: 'UNIT_CANCELLED', ending: 'rolledBack', sent: ['Z_ONE', 'ROLLBACK'], isSound: true }],
  ['leave to commit denied', { denied: { commit: tooLate } }, { verdict: 'retry', code: 'UNIT_TOO_LATE', ending: 'rolledBack', sent: ['Z_POST', 'ROLLBACK'], isSound: true }],
  ['leave to commit denied, rollback lost', { denied: { commit: diskFull }, sap: rollbackLost }, { verdict: 'uncertain', code: 'JOURNAL_UNAVAILABLE', ending: 'abandoned', sent: ['Z_POST', 'ROLLBACK'], isSound: false }],
  ['too late with the leave in hand', { isLate: true }, { verdict: 'retry', code: 'UNIT_TOO_LATE', ending: 'rolledBack', sent: ['Z_POST', 'ROLLBACK'], isSound: true }],
  ['the commit is lost', { sap: { BAPI_TRANSACTION_COMMIT: broken } }, { verdict: 'uncertain', code: 'SAP_CONNECTION_LOST', ending: 'unknown', sent: ['Z_POST', commit], isSound: false }],
  ['the commit dumps', { sap: { BAPI_TRANSACTION_COMMIT: dump } }, { verdict: 'uncertain', code: 'SAP_DUMP', ending: 'unknown', sent: ['Z_POST', commit], isSound: false }],
  ['an update is stopped', { sap: { BAPI_TRANSACTION_COMMIT: stopped } }, { verdict: 'uncertain', code: 'SAP_UPDATE_FAILED', ending: 'unknown', sent: ['Z_POST', commit], isSound: false }],
  ['the user may not commit', { sap: { BAPI_TRANSACTION_COMMIT: noAuthority } }, { verdict: 'refused', code: 'SAP_NOT_AUTHORIZED', ending: 'abandoned', sent: ['Z_POST', commit], isSound: false }],
  ['cancelled in the commit', { cancelledAt: 'BAPI_TRANSACTION_COMMIT' }, { verdict: 'ok', ending: 'committed', sent: ['Z_POST', commit], isSound: true }],
])('%s', async (_what, scene, expected) => {
  expect(await play(scene)).toMatchObject(expected);
}); // prettier-ignore

test('leave is asked for before the first call that may write, and before the commit', async () => {
  expect((await play({ calls: ['BAPI_VENDOR_GETDETAIL', 'Z_ONE', 'Z_POST'] })).asked).toEqual(['start', 'commit']);
  const { asked, sent } = await play({ calls: ['BAPI_VENDOR_GETDETAIL', 'Z_ONE'], denied: { start: diskFull } });
  expect([asked, sent]).toEqual([['start'], ['BAPI_VENDOR_GETDETAIL']]);
});

test('every step is told, in order, with what RETURN said', async () => {
  const { report } = await play({ calls: ['Z_ONE', 'Z_POST'], sap: { Z_POST: period } });
  expect(report?.steps).toMatchObject([
    { function: 'Z_ONE', outcome: 'ok', messages: [] },
    { function: 'Z_POST', outcome: 'ok', messages: [{ TYPE: 'E', ID: 'F5', NUMBER: '201' }] },
    { function: 'BAPI_TRANSACTION_ROLLBACK', outcome: 'ok' },
  ]);
});

test.each([
  ['call', 'Z_POST', { verdict: 'uncertain', code: 'SAP_TIMEOUT', ending: 'abandoned' }],
  ['commit', 'BAPI_TRANSACTION_COMMIT', { verdict: 'uncertain', code: 'SAP_TIMEOUT', ending: 'unknown' }],
])('a %s without an end is given up after its own time, not that of the caller', async (_what, name, expected) => {
  const sap = { [name]: new Promise<Result>(() => undefined) };
  const outcome = await play({ sap });
  expect(outcome).toMatchObject({ ...expected, isSound: false });
  expect(outcome.sent).toContain('cancel');
});

import { silentLog, SystemError, systemClock, type TableReadEnd } from '@ml-connector/shared';
import type { IncomingCall } from '@ml-connector/shared/tunnel';
import type { AuditEntry } from '../audit/index.ts';
import { buildPolicy } from '../policy/index.ts';
import { kindOf } from '../systems/index.ts';
import { createDispatcher } from './dispatcher.ts';
import type { OperationTable } from './operation-table.ts';

const now = Date.parse('2026-11-21T10:00:00Z');
const clock = { ...systemClock, now: () => now };
const sap = kindOf('sap-ecc');
const policyFor = (section: object) => buildPolicy(new Map([['PRD', sap.policy(sap.policySettings.parse(section))]]));
const policy = policyFor({ tables: { LFA1: ['LIFNR', 'NAME1'] } });

function open(operations: OperationTable, rules = policy) {
  const audited: AuditEntry[] = [];
  const audit = { append: (entry: AuditEntry) => void audited.push(entry) };
  return { dispatch: createDispatcher({ operations, policy: () => rules, audit, clock, log: silentLog }), audited };
}

function incoming(operation: string, request: unknown, more: Partial<IncomingCall> = {}): IncomingCall {
  const context = { recordId: 'rec-1', runId: 'run-1' };
  const signal = new AbortController().signal;
  const send = () => Promise.resolve();
  return { callId: 'call-1', operation, request, context, deadline: now + 1000, clockOffsetMs: 0, signal, send, ...more };
}

const readVendors = {
  system: 'PRD',
  table: 'LFA1',
  fields: ['LIFNR', 'NAME1'],
  where: [{ field: 'NAME1', op: 'EQ', value: "O'Brien GmbH" }],
};
const answered: TableReadEnd = { rows: 2, reader: 'RFC_READ_TABLE', calls: 1 };

test('an allowed call is executed with its checked request and audited without any value', async () => {
  const sent: unknown[] = [];
  const { dispatch, audited } = open({
    SapTableRead: async ({ table, fields }, call) => {
      await call.send({ fields, rows: [[table, 'Müller & Söhne']] });
      return answered;
    },
  });
  const call = incoming('SapTableRead', readVendors, { send: (chunk) => Promise.resolve(void sent.push(chunk)) });
  await expect(dispatch(call)).resolves.toEqual(answered);
  expect(sent).toHaveLength(1);
  expect(audited).toEqual([
    {
      time: '2026-11-21T10:00:00.000Z',
      callId: 'call-1',
      recordId: 'rec-1',
      runId: 'run-1',
      operation: 'SapTableRead',
      system: 'PRD',
      tables: { LFA1: ['LIFNR', 'NAME1'] },
      decision: 'allowed',
      rule: 'tables',
      outcome: 'ok',
      rows: 2,
      ms: 0,
    },
  ]);
  expect(JSON.stringify(audited)).not.toContain('Brien');
});

const unit = {
  system: 'PRD',
  calls: [{ function: 'Z_ML_NOTE', parameters: { TEXT: 'Müller & Söhne' } }],
  commit: 'whenClean',
  unitId: 'rec-1.1',
  notAfter: now + 1000,
  remainingMs: 1000,
};
const message = { TYPE: 'E', ID: 'F5', NUMBER: '201', MESSAGE: 'Posting period 005 2026 is not open', MESSAGE_V1: 'Müller' };
test.each([
  ['committed', undefined],
  ['rolledBack', { code: 'SAP_RETURN_ERROR', verdict: 'refused' }],
] as const)('a unit that was %s is audited call by call, without any value', async (ending, error) => {
  const steps = [
    { function: 'Z_ML_NOTE', ms: 3, outcome: 'ok', messages: [message] },
    { function: 'BAPI_TRANSACTION_X', ms: 2, outcome: 'ok', messages: [] },
  ];
  const report = { unitId: 'rec-1.1', ending, steps, isReplayed: true };
  const failure = error && new SystemError(error.code, error.verdict, 'Z_ML_NOTE: E F5 201', { facts: { unit: report } });
  const writing = policyFor({ writes: ['Z_ML_NOTE'] });
  const { dispatch, audited } = open(
    { SapUnit: () => (failure ? Promise.reject(failure) : Promise.resolve({ results: [{}], unit: report })) },
    writing,
  );
  await dispatch(incoming('SapUnit', unit)).catch((thrown: unknown) => expect(thrown).toBe(failure));
  expect(audited).toMatchObject([
    {
      unitId: 'rec-1.1',
      functions: ['Z_ML_NOTE'],
      rule: 'writes',
      ending,
      isReplayed: true,
      steps: [{ function: 'Z_ML_NOTE', outcome: 'ok', messages: ['E F5 201'], ms: 3 }, { function: 'BAPI_TRANSACTION_X' }],
      outcome: error?.verdict ?? 'ok',
    },
  ]);
  expect(JSON.stringify(audited)).not.toContain('Müller');
});

const past = new AbortController();
past.abort();
test.each<[string, IncomingCall, { code: string; verdict: string }, Partial<AuditEntry>]>([
  ['an unknown operation', incoming('FormatDisk', {}), { code: 'UNKNOWN_OPERATION', verdict: 'refused' }, { decision: 'rejected' }],
  ['a name every object has', incoming('constructor', {}), { code: 'UNKNOWN_OPERATION', verdict: 'refused' }, { decision: 'rejected' }],
  ['an operation this agent lacks', incoming('Doctor', {}), { code: 'UNKNOWN_OPERATION', verdict: 'refused' }, { decision: 'rejected' }],
  [
    'an unknown key',
    incoming('SapTableRead', { ...readVendors, rowSkips: 1 }),
    { code: 'INVALID_REQUEST', verdict: 'refused' },
    { decision: 'rejected' },
  ],
  ['no request', incoming('SapTableRead', undefined), { code: 'INVALID_REQUEST', verdict: 'refused' }, { decision: 'rejected' }],
  [
    'a table that is not allowed',
    incoming('SapTableRead', { ...readVendors, table: 'PA0008' }),
    { code: 'POLICY_DENIED', verdict: 'refused' },
    { decision: 'denied', rule: 'missing: table PA0008', tables: { PA0008: ['LIFNR', 'NAME1'] } },
  ],
  [
    'a deadline that has passed',
    incoming('SapTableRead', readVendors, { deadline: now }),
    { code: 'DEADLINE', verdict: 'retry' },
    { decision: 'allowed' },
  ],
  [
    'a call cancelled before',
    incoming('SapTableRead', readVendors, { signal: past.signal }),
    { code: 'CANCELLED', verdict: 'retry' },
    { decision: 'allowed' },
  ],
])('%s is answered without executing anything, and audited', async (_what, call, error, entry) => {
  let executed = 0;
  const { dispatch, audited } = open({ SapTableRead: () => Promise.resolve(void (executed += 1)) });
  await expect(dispatch(call)).rejects.toMatchObject(error);
  expect(executed).toBe(0);
  expect(audited).toEqual([expect.objectContaining({ ...entry, outcome: error.verdict, code: error.code })]);
});

test.each([
  ['its own verdict', new SystemError('SAP_UNREACHABLE', 'retry', 'no answer'), { code: 'SAP_UNREACHABLE', verdict: 'retry' }],
  [
    '`uncertain` for a defect',
    new TypeError('x is not a function'),
    { code: 'INTERNAL', verdict: 'uncertain', message: /SapTableRead on PRD/ },
  ],
])('a failing executor is answered with %s', async (_what, thrown, error) => {
  const { dispatch, audited } = open({ SapTableRead: () => Promise.reject(thrown) });
  const { message = /./, ...rest } = error as { message?: RegExp };
  await expect(dispatch(incoming('SapTableRead', readVendors))).rejects.toMatchObject({
    ...rest,
    message: expect.stringMatching(message) as string,
  });
  expect(audited).toEqual([expect.objectContaining({ decision: 'allowed', outcome: (rest as { verdict?: string }).verdict })]);
});

const long = 'X'.repeat(1_000_000);
test.each([
  ['an operation', incoming(long, {})],
  ['the record it is about', incoming('SapTableRead', readVendors, { context: { recordId: long, runId: long, flowId: long } })],
  ['a key', incoming('SapTableRead', { ...readVendors, [long]: 1 })],
  ['a table', incoming('SapTableRead', { ...readVendors, table: long })],
  ['a list of fields', incoming('SapTableRead', { ...readVendors, fields: Array.from({ length: 100_000 }, (_, n) => `F${n}`) })],
  [
    'functions',
    incoming('SapUnit', {
      system: 'PRD',
      calls: Array.from({ length: 100 }, () => ({ function: long.slice(0, 20_000) })),
      commit: 'never',
    }),
  ],
  ['names to describe', incoming('SapDescribe', { system: 'PRD', tables: Array(100_000).fill('LFA1') })],
  ['a value', incoming('SapTableRead', { ...readVendors, table: 'LFB1', where: [{ field: 'BUKRS', op: 'EQ', value: long }] })],
])('%s of a megabyte leaves a short line in the audit', async (_what, call) => {
  const { dispatch, audited } = open({ SapTableRead: () => Promise.resolve(answered), SapUnit: () => Promise.resolve({ results: [] }) });
  await dispatch(call).catch((error: SystemError) => expect(error.verdict).toBe('refused'));
  expect(audited).toHaveLength(1);
  expect(JSON.stringify(audited).length).toBeLessThan(10_000);
});

import { operations, type OperationName } from '@ml-connector/shared';
import { policyOf, subjectOf, systemKinds } from './registry.ts';

const ofAgent = ['StoreCredential', 'Doctor', 'LogTail', 'SetLogLevel', 'Capabilities'];
const secret = "Gehe1m O'Brien";
const requests: Partial<Record<OperationName, object>> = {
  SapTableRead: { system: 'PRD', table: 'LFA1', fields: ['LIFNR'], where: [{ field: 'NAME1', op: 'EQ', value: secret }] },
  SapUnit: { system: 'PRD', calls: [{ function: 'Z_NOTE', parameters: { TEXT: secret } }], commit: 'never' },
  SapDescribe: { system: 'PRD', functions: ['Z_NOTE'], tables: ['LFA1'] },
  JdeQuery: {
    system: 'JDE',
    table: 'F0101',
    fields: ['AN8'],
    key: ['AN8'],
    where: [{ field: 'ALPH', op: 'EQ', value: secret }],
    afterFirstKey: secret,
  },
  JdeCall: { system: 'JDE', service: 'orchestration', name: 'ML_Suppliers', inputs: { Name: secret } },
  StoreCredential: { system: 'PRD', sealed: secret },
};

test('every operation belongs to the agent itself or to one kind of system', () => {
  const units = {} as Parameters<(typeof systemKinds)[number]['operations']>[0]['units'];
  const handled = systemKinds.flatMap((kind) => Object.keys(kind.operations({ systems: new Map(), units })));
  expect([...handled, ...ofAgent].toSorted()).toEqual(Object.keys(operations).toSorted());
});

test('what is audited names what is touched, and holds no value', () => {
  const subjects = Object.entries(requests).map(([operation, request]) => [operation, subjectOf(operation as OperationName, request)]);
  expect(Object.fromEntries(subjects)).toEqual({
    SapTableRead: { system: 'PRD', tables: { LFA1: ['LIFNR'] } },
    SapUnit: { system: 'PRD', functions: ['Z_NOTE'] },
    SapDescribe: { system: 'PRD', functions: ['Z_NOTE'], tables: { LFA1: [] } },
    JdeQuery: { system: 'JDE', tables: { F0101: ['AN8'] } },
    JdeCall: { system: 'JDE', orchestration: 'ML_Suppliers' },
    StoreCredential: { system: 'PRD' },
  });
  expect(subjectOf('JdeCall', { system: 'JDE', service: 'count', table: 'F0101', where: [] })).toEqual({
    system: 'JDE',
    tables: { F0101: [] },
  });
  expect(subjectOf('JdeCall', { system: 'JDE', service: 'info' })).toEqual({ system: 'JDE' });
  expect(subjectOf('Doctor', {})).toEqual({});
});

const policy = policyOf({ systems: { PRD: { type: 'sap-ecc' }, JDE: { type: 'jde' } }, policy: {} });

test.each(Object.entries(requests).filter(([operation]) => !ofAgent.includes(operation)))(
  '%s is decided by the system it names: not listed, of another kind, closed',
  (name, request) => {
    const operation = name as OperationName;
    expect(() => policy.decide(operation, { ...request, system: 'QAS' })).toThrow(
      expect.objectContaining({ code: 'SYSTEM_UNKNOWN', verdict: 'refused', fix: 'Systems there: PRD, JDE.' }),
    );
    const other = operation.startsWith('Sap') ? 'JDE' : 'PRD';
    const decision = policy.decide(operation, { ...request, system: other });
    expect(decision).toMatchObject({ allowed: false, system: other, missing: [{ what: operation }] });
    // Names and types are for everybody who may log on.
    expect(policy.decide(operation, request).allowed).toBe(operation === 'SapDescribe');
  },
);

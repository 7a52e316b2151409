import { jdeCall, jdePresets, jdeQuery, type JdeComparison, type JdeCondition } from '@ml-connector/shared';
import * as fc from 'fast-check';
import { policyError, type Decision } from '../../../policy/index.ts';
import { jdePolicy, type JdePolicy } from './policy.ts';
import { jdePolicySettings } from './settings.ts';

const policyOf = (section: object): JdePolicy => jdePolicy(jdePolicySettings.parse(section));
const read = (policy: JdePolicy, request: object): Decision =>
  policy.decide('JdeQuery', jdeQuery.parse({ system: 'JDE', key: ['DOCO'], ...request }));
const call = (policy: JdePolicy, request: object): Decision => policy.decide('JdeCall', jdeCall.parse({ system: 'JDE', ...request }));
const missing = (decision: Decision): string[] => (decision.allowed ? [] : decision.missing.map(({ what }) => what));

const closed = jdePolicy(undefined);
const berlin = policyOf({
  presets: ['jde-purchase-orders-to-cin7-purchases'],
  tables: { F0101: ['AN8', 'F0101.ALPH'], V4311JO: ['F4311.DOCO', 'F4316.UOPN'], F0006: '*' },
  rows: [{ table: 'F4311', field: 'KCOO', allow: ['00200', '00201'] }],
  orchestrations: ['ML_Suppliers'],
});
const company = { field: 'KCOO', op: 'EQ', value: '00200' };
const lines = { table: 'F4311', fields: ['DOCO', 'LNID'], where: [company] };

test('without a section of agent.yaml only the question who is logged on is allowed', () => {
  expect(call(closed, { service: 'info' })).toEqual({ allowed: true, rule: 'base' });
  expect(missing(read(closed, { table: 'F0101', fields: ['AN8'], key: ['AN8'] }))).toEqual(['table F0101']);
  expect(missing(call(closed, { service: 'count', table: 'F0101' }))).toEqual(['table F0101']);
  expect(missing(call(closed, { service: 'orchestration', name: 'ML_Suppliers' }))).toEqual(['orchestration ML_Suppliers']);
});

test('a decision names the rule that allowed it', () => {
  expect(read(berlin, lines)).toEqual({ allowed: true, rule: 'preset jde-purchase-orders-to-cin7-purchases' });
  expect(read(berlin, { table: 'F0101', fields: ['AN8', 'ALPH'], key: ['AN8'] })).toEqual({ allowed: true, rule: 'tables' });
  expect(read(berlin, { table: 'F0006', fields: ['MCU', 'STYL'], key: ['MCU'] })).toEqual({ allowed: true, rule: 'tables' });
  expect(call(berlin, { service: 'count', table: 'F4301' })).toEqual({
    allowed: true,
    rule: 'preset jde-purchase-orders-to-cin7-purchases',
  });
  expect(call(berlin, { service: 'orchestration', name: 'ML_Suppliers' })).toEqual({ allowed: true, rule: 'orchestrations' });
});

test.each<[string, object, string[]]>([
  ['a table that is not listed', { table: 'F0911', fields: ['DOC', 'AA'], key: ['DOC'] }, ['table F0911']],
  ['a data item that is not listed', { ...lines, fields: ['DOCO', 'FUC'] }, ['field F4311.FUC']],
  ['a filter by one', { ...lines, where: [company, { field: 'ANBY', op: 'GT', value: '5' }] }, ['field F4311.ANBY']],
  [
    'a filter by one inside anyOf',
    { ...lines, where: [company, { anyOf: [company, { field: 'ANBY', op: 'IN', values: ['5'] }] }] },
    ['field F4311.ANBY'],
  ],
  ['a filter by days', { ...lines, where: [company, { field: 'ADDJ', op: 'SINCE_DAYS_AGO', days: 2 }] }, ['field F4311.ADDJ']],
  ['a filter by date', { ...lines, where: [company, { field: 'ADDJ', op: 'ON_OR_BEFORE', date: '20261121' }] }, ['field F4311.ADDJ']],
  ['an order by one', { ...lines, key: ['UKID'] }, ['field F4311.UKID']],
  [
    'a data item of a view under another table',
    { table: 'V4311JO', fields: ['F4301.DOCO'], key: ['F4311.DOCO'] },
    ['field V4311JO.F4301.DOCO'],
  ],
  ['a data item of a view without its table', { table: 'V4311JO', fields: ['DOCO'], key: ['F4311.DOCO'] }, ['field V4311JO.DOCO']],
])('%s is denied', (_what, request, denied) => {
  expect(missing(read(berlin, request))).toEqual(denied);
});

test.each<[string, JdeCondition[], boolean]>([
  ['EQ an allowed value', [{ field: 'KCOO', op: 'EQ', value: '00200' }], true],
  ['its table before the name', [{ field: 'F4311.KCOO', op: 'EQ', value: '00200' }], true],
  ['IN allowed values', [{ field: 'KCOO', op: 'IN', values: ['00200', '00201'] }], true],
  [
    'beside other conditions',
    [
      { field: 'DOCO', op: 'GT', value: '4711' },
      { field: 'KCOO', op: 'EQ', value: '00201' },
    ],
    true,
  ],
  [
    'anyOf whose branches are all inside',
    [
      {
        anyOf: [
          { field: 'KCOO', op: 'EQ', value: '00200' },
          { field: 'KCOO', op: 'EQ', value: '00201' },
        ],
      },
    ],
    true,
  ],
  ['no condition', [], false],
  ['another value', [{ field: 'KCOO', op: 'EQ', value: '00300' }], false],
  ['a value without its zeros', [{ field: 'KCOO', op: 'EQ', value: '200' }], false],
  ['a value with blanks', [{ field: 'KCOO', op: 'EQ', value: ' 00200' }], false],
  ['IN with one too many', [{ field: 'KCOO', op: 'IN', values: ['00200', '00300'] }], false],
  [
    'a range around an allowed value',
    [
      { field: 'KCOO', op: 'GE', value: '00200' },
      { field: 'KCOO', op: 'LE', value: '00200' },
    ],
    false,
  ],
  ['NE', [{ field: 'KCOO', op: 'NE', value: '00300' }], false],
  [
    'anyOf with an open branch',
    [
      {
        anyOf: [
          { field: 'KCOO', op: 'EQ', value: '00200' },
          { field: 'DOCO', op: 'GT', value: '0' },
        ],
      },
    ],
    false,
  ],
])('a restricted table with %s, read and counted', (_what, where, allowed) => {
  expect(read(berlin, { ...lines, where }).allowed).toBe(allowed);
  expect(call(berlin, { service: 'count', table: 'F4311', where }).allowed).toBe(allowed);
});

test('a page above a key does not lift the rule for rows', () => {
  expect(missing(read(berlin, { ...lines, where: [], afterFirstKey: '4711' }))).toEqual(['F4311 rows of every KCOO']);
});

test('a denied query says at once everything that is missing and the YAML that allows it', () => {
  const request = { table: 'F4311', fields: ['DOCO', 'FUC', 'FEC'], where: [{ field: 'KCOO', op: 'EQ', value: '00300' }] };
  const decision = read(berlin, request);
  if (decision.allowed) throw new Error('it should have been denied');
  const error = policyError('JdeQuery', decision);
  expect(error).toMatchObject({ code: 'POLICY_DENIED', verdict: 'refused' });
  expect(error.facts?.['missing']).toEqual(['field F4311.FUC', 'field F4311.FEC', 'F4311 rows with KCOO 00300']);
  expect(error.facts?.['yaml']).toBe(
    [
      'policy:',
      '  JDE:',
      '    tables:',
      '      F4311:',
      '        - FUC',
      '        - FEC',
      '    rows:',
      '      - table: F4311',
      '        field: KCOO',
      '        allow:',
      '          - "00200"',
      '          - "00201"',
      '          - "00300"',
    ].join('\n'),
  );
  const widened = policyOf({
    presets: ['jde-purchase-orders-to-cin7-purchases'],
    tables: { F4311: ['FUC', 'FEC'] },
    rows: [{ table: 'F4311', field: 'KCOO', allow: ['00200', '00201', '00300'] }],
  });
  expect(read(widened, request).allowed).toBe(true);
});

test('a denied orchestration, and a denied count without conditions, name their lines too', () => {
  const yamlOf = (decision: Decision): unknown => (decision.allowed ? '' : policyError('JdeCall', decision).facts?.['yaml']);
  expect(yamlOf(call(closed, { service: 'orchestration', name: 'ML_Accounts' }))).toBe(
    'policy:\n  JDE:\n    orchestrations:\n      - ML_Accounts',
  );
  const lacking = String(yamlOf(call(closed, { service: 'count', table: 'F0911' })));
  expect(lacking).toContain('F0911:\n        - <data items>');
  expect(jdePolicySettings.safeParse({ tables: { F0911: ['<data items>'] } }).success).toBe(false);
});

test.each(['SapTableRead', 'SapUnit', 'SapDescribe'] as const)('%s is nothing for JD Edwards', (operation) => {
  const decision = berlin.decide(operation, { system: 'JDE', table: 'F0101', fields: ['AN8'], where: [] });
  expect(decision).toMatchObject({
    allowed: false,
    missing: [{ what: operation, reason: expect.stringContaining('JD Edwards') as string }],
  });
});

test('a preset allows every data item it names, and a view of the same table none', () => {
  for (const [preset, { tables }] of Object.entries(jdePresets)) {
    const policy = policyOf({ presets: [preset] });
    for (const [table, fields] of Object.entries(tables))
      expect(read(policy, { table, fields, key: [fields[0]] })).toEqual({ allowed: true, rule: `preset ${preset}` });
    expect(read(policy, { table: 'V4311JO', fields: ['F4311.DOCO'], key: ['F4311.DOCO'] }).allowed).toBe(false);
  }
});

test.each<[string, object]>([
  ['a table in small letters', { tables: { f0101: ['AN8'] } }],
  ['a table of SAP', { tables: { LFA1: ['LIFNR'] } }],
  ['no data items', { tables: { F0101: [] } }],
  ['a data item by its column name in the database', { tables: { F0101: ['ab.an8'] } }],
  ['a row rule without values', { rows: [{ table: 'F4311', field: 'KCOO', allow: [] }] }],
  ['a company as a number', { rows: [{ table: 'F4311', field: 'KCOO', allow: [200] }] }],
  ['an orchestration by path', { orchestrations: ['../dataservice'] }],
  ['an orchestration that is a step in a path', { orchestrations: ['..'] }],
  ['a key that is not known', { forms: ['P01012'] }],
  ['function modules', { functions: ['Z_READ'] }],
  ['function modules that write', { writes: ['Z_POST'] }],
])('a section with %s is refused', (_what, section) => {
  expect(jdePolicySettings.safeParse(section).success).toBe(false);
});

/** What the database would do with a condition. */
function holds(condition: JdeCondition, row: Record<string, string>): boolean {
  if ('anyOf' in condition) return condition.anyOf.some((one) => holds(one, row));
  const value = row[condition.field] ?? '';
  if (condition.op === 'IN') return condition.values.includes(value);
  if (!('value' in condition)) return true;
  const compare = {
    EQ: value === condition.value,
    NE: value !== condition.value,
    LT: value < condition.value,
    LE: value <= condition.value,
  };
  return { ...compare, GT: value > condition.value, GE: value >= condition.value }[condition.op];
}

test('no condition that is allowed lets a row of another company through', () => {
  const code = fc.constantFrom('00200', '00201', '00300');
  const field = fc.constantFrom('KCOO', 'DCTO');
  const comparison: fc.Arbitrary<JdeComparison> = fc.oneof(
    fc.record({ field, op: fc.constantFrom('EQ' as const, 'EQ' as const, 'NE' as const, 'LT' as const, 'GE' as const), value: code }),
    fc.record({ field, op: fc.constant('IN' as const), values: fc.array(code, { minLength: 1, maxLength: 3 }) }),
    fc.record({ field, op: fc.constant('SINCE_DAYS_AGO' as const), days: fc.nat(9) }),
  );
  const condition: fc.Arbitrary<JdeCondition> = fc.oneof(
    comparison,
    fc.record({ anyOf: fc.array(comparison, { minLength: 1, maxLength: 3 }) }),
  );
  let allowed = 0;
  const property = fc.property(fc.array(condition, { maxLength: 3 }), fc.record({ KCOO: code, DCTO: code }), (where, row) => {
    if (!read(berlin, { ...lines, where }).allowed) return;
    allowed += 1;
    if (where.every((one) => holds(one, row))) expect(row.KCOO).not.toBe('00300');
  });
  fc.assert(property, { numRuns: 2000 });
  expect(allowed).toBeGreaterThan(50);
});

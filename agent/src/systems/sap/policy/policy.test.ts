import { parseConfig, sapPresets, sapTableRead, sapUnit, type Condition } from '@ml-connector/shared';
import * as fc from 'fast-check';
import { agentSettings } from '../../../config/index.ts';
import { policyError, type Decision, type Policy } from '../../../policy/index.ts';
import { policyOf as policyOfSettings } from '../../index.ts';

const sap = '{ type: sap-ecc, ashost: sap, sysnr: "00", client: "100", user: RFC_MLCONN }';
const systems = ['PRD', 'QAS', 'DEV'].map((name) => `  ${name}: ${sap}`).join('\n');

function policyOf(yaml: string): Policy {
  return policyOfSettings(parseConfig({ text: `systems:\n${systems}\n${yaml}`, file: 'agent.yaml', schema: agentSettings }));
}

function read(policy: Policy, request: Record<string, unknown>): Decision {
  return policy.decide('SapTableRead', sapTableRead.parse({ system: 'PRD', ...request }));
}

function call(policy: Policy, name: string, parameters: Record<string, unknown> = {}): Decision {
  return policy.decide('SapUnit', sapUnit.parse({ system: 'PRD', calls: [{ function: name, parameters }], commit: 'never' }));
}

function missing(decision: Decision): string[] {
  return decision.allowed ? [] : decision.missing.map(({ what }) => what);
}

const nothing = policyOf('policy: {}');
const berlin = policyOf(`
policy:
  PRD:
    presets: [sap-vendors-to-cin7-suppliers]
    functions: [BAPI_ACC_DOCUMENT_CHECK, Z_ML_VENDOR_LIST]
    tables:
      LFA1: [KONZS]
      ZML_STATUS: '*'
    parameters:
      - { function: BAPI_ACC_DOCUMENT_CHECK, parameter: DOCUMENTHEADER.COMP_CODE, allow: ['1000', '20*'] }
      - { function: BAPI_ACC_DOCUMENT_CHECK, parameter: ACCOUNTGL.COMP_CODE, allow: ['1000', ''] }
    rows:
      - { table: LFB1, field: BUKRS, allow: ['1000', '2000'] }
  QAS:
    functions: [Z_ML_VENDOR_LIST]
`);

test('an empty policy allows the base needs and nothing else', () => {
  expect(call(nothing, 'RFC_PING')).toEqual({ allowed: true, rule: 'base' });
  expect(read(nothing, { table: 'TCURX', fields: ['CURRKEY', 'CURRDEC'] })).toEqual({ allowed: true, rule: 'base' });
  expect(missing(call(nothing, 'BAPI_VENDOR_GETLIST'))).toEqual(['function BAPI_VENDOR_GETLIST']);
  expect(missing(read(nothing, { table: 'LFA1', fields: ['LIFNR'] }))).toEqual(['table LFA1']);
});

test('a rule of one system opens no other', () => {
  expect(call(berlin, 'Z_ML_VENDOR_LIST').allowed).toBe(true);
  expect(
    berlin.decide('SapUnit', { system: 'DEV', calls: [{ function: 'Z_ML_VENDOR_LIST', parameters: {} }], commit: 'never' }).allowed,
  ).toBe(false);
});

test('a decision names the rule that allowed it', () => {
  expect(read(berlin, { table: 'LFA1', fields: ['LIFNR', 'KONZS'] })).toEqual({
    allowed: true,
    rule: 'preset sap-vendors-to-cin7-suppliers, tables',
  });
  expect(read(berlin, { table: 'ZML_STATUS', fields: ['ANYTHING'] })).toEqual({ allowed: true, rule: 'tables' });
});

test.each([
  ['a field that is not listed', { fields: ['LIFNR', 'STCD4'] }, ['field LFA1.STCD4']],
  [
    'a filter by a field that is not listed',
    { fields: ['LIFNR'], where: [{ field: 'STCD4', op: 'GT', value: '5' }] },
    ['field LFA1.STCD4'],
  ],
  [
    'a nested filter',
    { fields: ['LIFNR'], where: [{ anyOf: [{ allOf: [{ field: 'QSSKZ', op: 'EQ', value: '1' }] }] }] },
    ['field LFA1.QSSKZ'],
  ],
  ['a currency key field', { fields: ['LIFNR'], currencyFields: { LIFNR: 'ZCURR' } }, ['field LFA1.ZCURR']],
  ['a name in small letters', { table: 'lfa1', fields: ['LIFNR'] }, ['table lfa1']],
])('%s is denied', (_what, request, denied) => {
  expect(missing(read(berlin, { table: 'LFA1', ...request }))).toEqual(denied);
});

const bukrs = (op: string, value: string): object => ({ field: 'BUKRS', op, value });
const bukrsIn = (...values: string[]): object => ({ field: 'BUKRS', op: 'IN', values });
test.each([
  ['EQ an allowed value', [bukrs('EQ', '1000')], true],
  ['IN allowed values', [bukrsIn('1000', '2000')], true],
  ['beside other conditions', [{ field: 'LIFNR', op: 'GT', value: '0000100000' }, bukrs('EQ', '2000')], true],
  ['inside allOf', [{ allOf: [bukrs('EQ', '1000'), { field: 'AKONT', op: 'NE', value: '' }] }], true],
  ['anyOf whose branches are all inside', [{ anyOf: [bukrs('EQ', '1000'), bukrs('EQ', '2000')] }], true],
  ['no condition', [], false],
  ['another value', [bukrs('EQ', '3000')], false],
  ['IN with one too many', [bukrsIn('1000', '3000')], false],
  ['a range around an allowed value', [bukrs('GE', '1000'), bukrs('LE', '1000')], false],
  ['LIKE', [bukrs('LIKE', '1000')], false],
  ['anyOf with an open branch', [{ anyOf: [bukrs('EQ', '1000'), { field: 'LIFNR', op: 'GT', value: '0' }] }], false],
])('a restricted table read with %s', (_what, where, allowed) => {
  expect(read(berlin, { table: 'LFB1', fields: ['LIFNR', 'BUKRS'], where }).allowed).toBe(allowed);
});

test.each([
  ['allowed values', { DOCUMENTHEADER: { COMP_CODE: '1000' }, ACCOUNTGL: [{ COMP_CODE: '1000' }, {}] }, true],
  ['a value that fits a pattern', { DOCUMENTHEADER: { COMP_CODE: '2010' } }, true],
  ['trailing blanks, which SAP ignores', { DOCUMENTHEADER: { COMP_CODE: '1000  ' } }, true],
  ['another value', { DOCUMENTHEADER: { COMP_CODE: '3000' } }, false],
  [
    'one wrong line among many',
    { DOCUMENTHEADER: { COMP_CODE: '1000' }, ACCOUNTGL: [{ COMP_CODE: '1000' }, { COMP_CODE: '3000' }] },
    false,
  ],
  ['the parameter left out', {}, false],
  ['the field left out', { DOCUMENTHEADER: {} }, false],
  ['the name in small letters besides', { DOCUMENTHEADER: { COMP_CODE: '1000', comp_code: '3000' } }, false],
  ['a NUL character that hides the rest', { DOCUMENTHEADER: { COMP_CODE: '20\u000010' } }, false],
  ['a tab, which SAP does not take for an empty value', { DOCUMENTHEADER: { COMP_CODE: '1000' }, ACCOUNTGL: [{ COMP_CODE: '\t' }] }, false],
  ['a no-break space behind the value', { DOCUMENTHEADER: { COMP_CODE: '1000\u00a0' } }, false],
  ['a structure where a value belongs', { DOCUMENTHEADER: { COMP_CODE: { x: '1000' } } }, false],
  ['text where a structure belongs', { DOCUMENTHEADER: '1000' }, false],
])('a restricted function called with %s', (_what, parameters, allowed) => {
  expect(call(berlin, 'BAPI_ACC_DOCUMENT_CHECK', parameters).allowed).toBe(allowed);
});

test.each([
  'RFC_READ_TABLE',
  '/BODS/RFC_READ_TABLE2',
  'TABLE_ENTRIES_GET_VIA_RFC',
  'RFC_ABAP_INSTALL_AND_RUN',
  '/BODS/RFC_ABAP_INSTALL_AND_RUN',
  'SXPG_COMMAND_EXECUTE',
  'RFC_REMOTE_EXEC',
])('%s can neither be called nor listed', (name) => {
  expect(missing(call(berlin, name))).toEqual([`function ${name}`]);
  expect(() => policyOf(`policy: { PRD: { functions: ['${name}'] } }`)).toThrow('policy.PRD.functions.0 cannot be allowed');
});

test('no preset holds a function that could not be listed, or one that ends a unit', () => {
  const names = Object.values(sapPresets).flatMap(({ functions }) => [...functions]);
  expect(names.filter((name) => name.startsWith('BAPI_TRANSACTION_'))).toEqual([]);
  expect(() => policyOf(`policy: { PRD: { functions: ${JSON.stringify(names)} } }`)).not.toThrow();
});

test.each([
  ['blanks before the value', ' 1000'],
  ['a zero too many', '01000'],
  ['more than fits into the field', '10009'],
  ['full-width digits', '１０００'],
  ['a number that looks the same', 1000.5],
  ['true', true],
])('a company code with %s is another one', (_what, code) => {
  expect(call(berlin, 'BAPI_ACC_DOCUMENT_CHECK', { DOCUMENTHEADER: { COMP_CODE: code } }).allowed).toBe(false);
});

test.each(['RFC_PING ', 'rfc_ping', 'RFC_PING\u0000'])('%j is not the name that is allowed', (name) => {
  expect(call(berlin, name).allowed).toBe(false);
});

const unit = (policy: Policy, ...calls: { function: string; parameters?: Record<string, unknown> }[]): Decision =>
  policy.decide('SapUnit', sapUnit.parse({ system: 'PRD', calls, commit: 'whenClean', unitId: 'u1', notAfter: 0, remainingMs: 0 }));
const posting = policyOf(`
policy:
  PRD:
    functions: [Z_ML_VENDOR_LIST]
    writes: [BAPI_ACC_DOCUMENT_POST, Z_ML_NOTE]
    parameters:
      - { function: BAPI_ACC_DOCUMENT_POST, parameter: DOCUMENTHEADER.COMP_CODE, allow: ['1000'] }
      - { function: BAPI_ACC_DOCUMENT_POST, parameter: DOCUMENTHEADER.DOC_TYPE, allow: ['SA', 'DR'] }
`);
const document = (COMP_CODE: string, DOC_TYPE: string) => ({
  function: 'BAPI_ACC_DOCUMENT_POST',
  parameters: { DOCUMENTHEADER: { COMP_CODE, DOC_TYPE } },
});

test.each([
  ['what is listed under writes', [document('1000', 'SA'), { function: 'Z_ML_NOTE' }], []],
  ['a function that may only be called', [{ function: 'Z_ML_VENDOR_LIST' }], ['committing function Z_ML_VENDOR_LIST']],
  ['one that always may be called', [{ function: 'RFC_PING' }], ['committing function RFC_PING']],
  [
    'another company code in the last call',
    [document('1000', 'SA'), document('2000', 'SA')],
    ['BAPI_ACC_DOCUMENT_POST with DOCUMENTHEADER.COMP_CODE 2000'],
  ],
  ['another document type', [document('1000', 'KR')], ['BAPI_ACC_DOCUMENT_POST with DOCUMENTHEADER.DOC_TYPE KR']],
  ['a commit of its own', [document('1000', 'SA'), { function: 'BAPI_TRANSACTION_COMMIT' }], ['function BAPI_TRANSACTION_COMMIT']],
])('a unit that commits: %s', (_what, calls, expected) => {
  expect(missing(unit(posting, ...calls))).toEqual(expected);
});

test('what may be committed may also be tried without commit', () => {
  expect(call(posting, 'Z_ML_NOTE')).toEqual({ allowed: true, rule: 'writes' });
});

test.each(['BAPI_TRANSACTION_COMMIT', 'BAPI_TRANSACTION_ROLLBACK'])('%s can neither be called nor listed', (name) => {
  expect(missing(call(posting, name))).toEqual([`function ${name}`]);
  expect(() => policyOf(`policy: { PRD: { functions: ['${name}'] } }`)).toThrow('the agent itself commits');
  expect(() => policyOf(`policy: { PRD: { writes: ['${name}'] } }`)).toThrow('the agent itself commits');
});

test('a denied commit tells the lines that would allow it', () => {
  const decision = unit(posting, { function: 'Z_ML_VENDOR_LIST' }, { function: 'Z_ML_VENDOR_LIST' });
  const yaml = decision.allowed ? '' : String(policyError('SapUnit', decision).facts?.['yaml']);
  expect(yaml).toBe('policy:\n  PRD:\n    writes:\n      - Z_ML_VENDOR_LIST');
  expect(unit(policyOf(yaml), { function: 'Z_ML_VENDOR_LIST' }).allowed).toBe(true);
});

test('a denied call says at once everything that is missing and the YAML that allows it, and that YAML does', () => {
  const request = { table: 'LFB1', fields: ['LIFNR', 'BUKRS', 'ZWELS', 'ZAHLS'], where: [bukrs('EQ', '3000')] };
  const decision = read(berlin, request);
  if (decision.allowed) throw new Error('it should have been denied');
  const error = policyError('SapTableRead', decision);
  expect(error).toMatchObject({ code: 'POLICY_DENIED', verdict: 'refused' });
  expect(error.message).toContain(
    'only rows with BUKRS 1000, 2000 may be read; the read must carry the condition BUKRS EQ or IN 1000, 2000',
  );
  expect(error.facts?.['missing']).toEqual(['field LFB1.ZWELS', 'field LFB1.ZAHLS', 'LFB1 rows with BUKRS 3000']);
  expect(error.fix).toContain('agent.yaml');

  const yaml = String(error.facts?.['yaml']).replace('tables:\n', 'presets: [sap-vendors-to-cin7-suppliers]\n    tables:\n');
  expect(read(policyOf(yaml), request)).toMatchObject({ allowed: true });
});

test.each([
  ['an unknown preset', 'presets: [sap-vendors-to-cin7-supplier]', 'did you mean "sap-vendors-to-cin7-suppliers"'],
  ['a misspelt key', 'function: [X]', 'policy.PRD.function is not known; did you mean "functions"'],
  ['a name in small letters', 'functions: [z_read]', 'capital letters'],
  ['an empty field list', 'tables: { LFA1: [] }', 'at least 1'],
  ['a rule without values', 'rows: [{ table: LFB1, field: BUKRS, allow: [] }]', 'at least 1'],
  ['a company code without quotes', 'rows: [{ table: LFB1, field: BUKRS, allow: [0100] }]', 'put it in quotes'],
])('a policy with %s is refused', (_what, line, sentence) => {
  expect(() => policyOf(`policy: { PRD: { ${line} } }`)).toThrow(sentence);
});

/** What the database would do with a condition. */
function holds(condition: Condition, row: Record<string, string>): boolean {
  if ('allOf' in condition) return condition.allOf.every((one) => holds(one, row));
  if ('anyOf' in condition) return condition.anyOf.some((one) => holds(one, row));
  const value = row[condition.field] ?? '';
  if (condition.op === 'IN') return condition.values.includes(value);
  const compare = {
    EQ: value === condition.value,
    NE: value !== condition.value,
    LT: value < condition.value,
    LE: value <= condition.value,
  };
  return { ...compare, GT: value > condition.value, GE: value >= condition.value, LIKE: true }[condition.op];
}

test('no condition that is allowed lets a row of another company code through', () => {
  const code = fc.constantFrom('1000', '2000', '3000');
  const field = fc.constantFrom('BUKRS', 'AKONT');
  const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 3 },
      fc.record({ field, op: fc.constantFrom('EQ', 'EQ', 'NE', 'LT', 'GE', 'LIKE'), value: code }),
      fc.record({ field, op: fc.constant('IN' as const), values: fc.array(code, { minLength: 1, maxLength: 3 }) }),
      fc.record({ anyOf: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ allOf: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    ),
  }));
  let allowed = 0;
  const property = fc.property(fc.array(condition, { maxLength: 3 }), fc.record({ BUKRS: code, AKONT: code }), (where, row) => {
    if (!read(berlin, { table: 'LFB1', fields: ['LIFNR'], where }).allowed) return;
    allowed += 1;
    if (where.every((one) => holds(one, row))) expect(row.BUKRS).not.toBe('3000');
  });
  fc.assert(property, { numRuns: 2000 });
  expect(allowed).toBeGreaterThan(50);
});

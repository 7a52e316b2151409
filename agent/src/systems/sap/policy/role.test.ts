import { effectiveRules } from './effective.ts';
import { roleOf, type Authorisation } from './role.ts';
import { sapPolicySettings } from './settings.ts';

const role = (section: object, reader?: string): Authorisation[] => roleOf(effectiveRules(sapPolicySettings.parse(section)), reader);
const of = (authorisations: readonly Authorisation[], object: string): Authorisation[] =>
  authorisations.filter((one) => one.object === object);
const orders = { presets: ['bigcommerce-orders-to-sap-ar'] };
const restricted = (...parameters: [name: string, parameter: string, allow: string[]][]): object => ({
  ...orders,
  parameters: parameters.map(([name, parameter, allow]) => ({ function: name, parameter, allow })),
});

test('a closed system still needs logon, metadata and the reader of tables', () => {
  const names = of(role({}), 'S_RFC').map(({ fields }) => fields['RFC_NAME']?.[0]);
  expect(names).toEqual(expect.arrayContaining(['RFC_PING', 'DDIF_FIELDINFO_GET', 'RFC_METADATA_GET', 'RFC_READ_TABLE']));
  expect(names.join()).not.toContain('COMMIT');
  expect(of(role({}), 'S_TABU_NAM').map(({ fields }) => fields['TABLE'])).toEqual([['TCURX']]);
});

test('a reader of the customer\u2019s own takes the place of RFC_READ_TABLE', () => {
  const names = of(role({}, 'Z_READ'), 'S_RFC').flatMap(({ fields }) => fields['RFC_NAME'] ?? []);
  expect([names.includes('Z_READ'), names.includes('RFC_READ_TABLE')]).toEqual([true, false]);
});

test('a flow that posts needs its functions, the commit, its tables and the objects of FI, with the flow named', () => {
  const all = role(orders);
  expect(of(all, 'S_RFC').find(({ fields }) => fields['RFC_NAME']?.[0] === 'BAPI_ACC_DOCUMENT_POST')).toEqual({
    object: 'S_RFC',
    fields: { RFC_TYPE: ['FUNC'], RFC_NAME: ['BAPI_ACC_DOCUMENT_POST'], ACTVT: ['16'] },
    why: 'called, and committed',
    neededBy: ['bigcommerce-orders-to-sap-ar'],
    note: 'or FUGR ACC9',
  });
  expect(of(all, 'S_RFC').some(({ fields }) => fields['RFC_NAME']?.[0] === 'BAPI_TRANSACTION_COMMIT')).toBe(true);
  expect(of(all, 'S_TABU_NAM').find(({ fields }) => fields['TABLE']?.[0] === 'BKPF')).toMatchObject({
    note: expect.stringContaining('S_TABU_DIS'),
  });
  expect(of(all, 'F_BKPF_KOA')).toMatchObject([{ fields: { ACTVT: ['01'], KOART: ['D', 'S'] } }]);
  expect(of(all, 'F_BKPF_GSB')).toMatchObject([{ onlyWhere: 'items carry a business area' }]);
});

test.each([
  ['no rule', restricted(), ['*'], 'DOCUMENTHEADER.COMP_CODE'],
  [
    'one company code for each function',
    restricted(
      ['BAPI_ACC_DOCUMENT_POST', 'DOCUMENTHEADER.COMP_CODE', ['1000', '2000']],
      ['BAPI_ACC_DOCUMENT_REV_POST', 'REVERSAL.COMP_CODE', ['1000']],
    ),
    ['1000', '2000'],
    undefined,
  ],
  [
    'a function without rule',
    restricted(['BAPI_ACC_DOCUMENT_POST', 'DOCUMENTHEADER.COMP_CODE', ['1000']]),
    ['*'],
    'BAPI_ACC_DOCUMENT_REV_POST',
  ],
  [
    'patterns',
    restricted(
      ['BAPI_ACC_DOCUMENT_POST', 'DOCUMENTHEADER.COMP_CODE', ['1*', '', '2*0']],
      ['BAPI_ACC_DOCUMENT_REV_POST', 'REVERSAL.COMP_CODE', ['1*']],
    ),
    ['1*', '2*'],
    undefined,
  ],
])('company codes come from the parameters rules: %s', (_what, section, codes, note) => {
  const [companyCodes] = of(role(section), 'F_BKPF_BUK');
  expect(companyCodes?.fields['BUKRS']).toEqual(codes);
  if (note === undefined) expect(companyCodes?.note).toBeUndefined();
  else expect(companyCodes?.note).toContain(note);
});

test('document types are named beside the object that knows only their groups', () => {
  const [types] = of(role(restricted(['BAPI_ACC_DOCUMENT_POST', 'DOCUMENTHEADER.DOC_TYPE', ['DR', 'DG']])), 'F_BKPF_BLA');
  expect(types).toMatchObject({ fields: { BRGRU: ['*'] }, note: expect.stringContaining('DR, DG') });
});

test('customers are created and changed in the sales areas that the rules allow', () => {
  const section = {
    presets: ['bigcommerce-customers-to-sap-customers'],
    parameters: [
      { function: 'BAPI_CUSTOMER_CREATEFROMDATA1', parameter: 'PI_COPYREFERENCE.SALESORG', allow: ['1000'] },
      { function: 'BAPI_CUSTOMER_CHANGEFROMDATA1', parameter: 'PI_SALESORG', allow: ['1000'] },
    ],
  };
  expect(of(role(section), 'V_KNA1_VKO').map(({ fields }) => [fields['ACTVT'], fields['VKORG']])).toEqual([
    [['01'], ['1000']],
    [['02'], ['1000']],
  ]);
  expect(of(role(section), 'F_KNA1_APP').map(({ fields }) => fields['ACTVT'])).toEqual([['01'], ['02']]);
});

test('what two flows need stands once, with both', () => {
  const all = role({
    presets: ['bigcommerce-orders-to-sap-ar', 'bigcommerce-refunds-to-sap-ar'],
    functions: ['Z_OWN'],
    tables: { ZT: '*' },
  });
  expect(of(all, 'F_BKPF_BUK')).toMatchObject([{ neededBy: ['bigcommerce-orders-to-sap-ar', 'bigcommerce-refunds-to-sap-ar'] }]);
  expect(of(all, 'S_TABU_NAM').find(({ fields }) => fields['TABLE']?.[0] === 'ZT')).toMatchObject({
    why: 'reads all fields',
    neededBy: ['tables'],
  });
  expect(of(all, 'S_RFC').find(({ fields }) => fields['RFC_NAME']?.[0] === 'Z_OWN')).toMatchObject({ neededBy: ['functions'] });
});

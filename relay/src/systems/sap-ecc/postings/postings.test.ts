import { silentLog, systemClock, type SystemError } from '@ml-connector/shared';
import { testScope } from '../../testing/index.ts';
import { openSapSession } from '../session.ts';
import { sapEccSettings } from '../settings.ts';
import { fakeSap, type TableData } from '../testing/fake-sap.ts';
import { openPostings } from './open-postings.ts';
import { postingFunctions } from './reads.ts';
import type { FiItem, FiPosting } from './types.ts';

const customizing: TableData = {
  TCURX: [
    { CURRKEY: 'JPY', CURRDEC: '0' },
    { CURRKEY: 'KWD', CURRDEC: '3' },
  ],
  TCURC: ['EUR', 'JPY', 'KWD', 'USD'].map((code) => ({ WAERS: code, ISOCD: code })),
  T005: [
    { LAND1: 'DE', INTCA: 'DE' },
    { LAND1: 'UK', INTCA: 'GB' },
  ],
  T001: [
    { BUKRS: '1000', PERIV: 'K4', OPVAR: '' },
    { BUKRS: '4000', PERIV: 'V3', OPVAR: 'ASIA' },
    { BUKRS: '5000', PERIV: 'W5', OPVAR: '' },
    { BUKRS: '6000', PERIV: 'Z1', OPVAR: '' },
  ],
  T009: [
    { PERIV: 'K4', XKALE: 'X', XJABH: '' },
    { PERIV: 'V3', XKALE: '', XJABH: '' },
    { PERIV: 'W5', XKALE: '', XJABH: 'X' },
  ],
  T009B: [
    ...Array.from({ length: 12 }, (_, index) => ({
      PERIV: 'V3',
      BDATJ: '0000',
      BUMON: String(index + 1).padStart(2, '0'),
      BUTAG: index === 1 ? '29' : '31',
      POPER: String(index >= 3 ? index - 2 : index + 10).padStart(3, '0'),
      RELJR: index >= 3 ? '0' : '-1',
    })),
    { PERIV: 'W5', BDATJ: '2024', BUMON: '01', BUTAG: '28', POPER: '001', RELJR: '0' },
    { PERIV: 'W5', BDATJ: '2024', BUMON: '02', BUTAG: '25', POPER: '002', RELJR: '0' },
  ],
};

function open(more: TableData = {}) {
  const sap = fakeSap({ ...customizing, ...more });
  const session = openSapSession({
    tenantId: 'acme',
    connectionId: 'prd',
    settings: sapEccSettings.parse({ siteId: 'berlin', agentSystem: 'PRD' }),
    clock: systemClock,
    log: silentLog,
    agents: sap.agents,
  });
  const answers = (answer: Record<string, unknown>): void => {
    for (const name of [...postingFunctions.reads, ...postingFunctions.writes])
      sap.functions.set(name, { parameters: [], run: () => answer });
  };
  answers({ OBJ_TYPE: 'BKPFF', OBJ_KEY: '180000012310002024', OBJ_SYS: 'PRDCLNT100', RETURN: [] });
  const scope = testScope();
  const postings = openPostings(session);
  return { sap, answers, postings, scope, post: (posting: FiPosting) => postings.post({ unitId: 'rec-1.1.p1', posting }, scope) };
}

const order: FiPosting = {
  companyCode: '1000',
  documentType: 'DR',
  documentDate: '20240131',
  postingDate: '20240131',
  reference: 'BC-10452',
  headerText: 'BC order 10452',
  currency: 'EUR',
  items: [
    { kind: 'customer', customer: '100045', amount: '119', assignment: 'BC-10452', text: 'Order 10452' },
    { kind: 'gl', glAccount: '800000', amount: '-100.00', taxCode: 'A1', profitCenter: '1000', text: 'Sales' },
    { kind: 'tax', taxCode: 'A1', amount: '-19', base: '-100', accountKey: 'MWS', conditionKey: 'MWAS', glAccount: '175000' },
  ],
};

test('a posting becomes the parameters of the BAPI, and the answer a document', async () => {
  const { sap, post } = open();
  expect(await post(order)).toEqual({ documentNumber: '1800000123', companyCode: '1000', fiscalYear: '2024' });
  expect(sap.units).toMatchObject([{ unitId: 'rec-1.1.p1', commit: 'whenClean' }]);
  expect(sap.units[0]?.calls).toEqual([
    {
      function: 'BAPI_ACC_DOCUMENT_POST',
      parameters: {
        DOCUMENTHEADER: {
          BUS_ACT: 'RFBU',
          USERNAME: 'RFCUSER',
          HEADER_TXT: 'BC order 10452',
          COMP_CODE: '1000',
          DOC_DATE: '20240131',
          PSTNG_DATE: '20240131',
          DOC_TYPE: 'DR',
          REF_DOC_NO: 'BC-10452',
        },
        ACCOUNTRECEIVABLE: [{ ITEMNO_ACC: '0000000001', CUSTOMER: '0000100045', ALLOC_NMBR: 'BC-10452', ITEM_TEXT: 'Order 10452' }],
        ACCOUNTGL: [{ ITEMNO_ACC: '0000000002', GL_ACCOUNT: '0000800000', TAX_CODE: 'A1', PROFIT_CTR: '0000001000', ITEM_TEXT: 'Sales' }],
        ACCOUNTTAX: [{ ITEMNO_ACC: '0000000003', TAX_CODE: 'A1', ACCT_KEY: 'MWS', COND_KEY: 'MWAS', GL_ACCOUNT: '0000175000' }],
        CURRENCYAMOUNT: [
          { ITEMNO_ACC: '0000000001', CURRENCY: 'EUR', CURRENCY_ISO: 'EUR', AMT_DOCCUR: '119.00' },
          { ITEMNO_ACC: '0000000002', CURRENCY: 'EUR', CURRENCY_ISO: 'EUR', AMT_DOCCUR: '-100.00' },
          { ITEMNO_ACC: '0000000003', CURRENCY: 'EUR', CURRENCY_ISO: 'EUR', AMT_DOCCUR: '-19.00', AMT_BASE: '-100.00' },
        ],
      },
    },
  ]);
});

test('names with letters are not padded; currencies without decimals and with three go out as they are; customizing is read once', async () => {
  const { sap, post } = open();
  const items = (amount: string): FiItem[] => [
    { kind: 'customer', customer: 'SHOP', amount, paymentTerms: '0001', baselineDate: '20240201', paymentMethod: 'U', specialGl: 'A' },
    { kind: 'gl', glAccount: '800000', amount: `-${amount}`, costCenter: 'VERTRIEB', internalOrder: '400001', referenceKey3: 'bc/10452' },
  ];
  await post({ ...order, currency: 'JPY', items: items('1000'), exchangeRate: '0.00610' });
  await post({ ...order, currency: 'KWD', items: items('1.5') });
  const [yen, dinar] = sap.units.map(({ calls }) => calls[0]?.parameters as Record<string, Record<string, string>[]>);
  expect(yen?.['ACCOUNTRECEIVABLE']).toEqual([
    { ITEMNO_ACC: '0000000001', CUSTOMER: 'SHOP', PMNTTRMS: '0001', BLINE_DATE: '20240201', PYMT_METH: 'U', SP_GL_IND: 'A' },
  ]);
  expect(yen?.['ACCOUNTGL']).toMatchObject([{ COSTCENTER: 'VERTRIEB', ORDERID: '000000400001', REF_KEY_3: 'bc/10452' }]);
  expect(yen?.['CURRENCYAMOUNT']).toMatchObject([{ AMT_DOCCUR: '1000', EXCH_RATE: '0.00610' }, { AMT_DOCCUR: '-1000' }]);
  expect(dinar?.['CURRENCYAMOUNT']).toMatchObject([{ AMT_DOCCUR: '1.500' }, { AMT_DOCCUR: '-1.500' }]);
  expect(sap.reads.map(({ table }) => table).toSorted((one, other) => (one < other ? -1 : 1))).toEqual(['T005', 'TCURC', 'TCURX']);
});

test("a one-time customer's address has SAP's own country key", async () => {
  const { sap, post } = open();
  await post({
    ...order,
    oneTimeCustomer: {
      name: "Siobhán O'Brien",
      name2: '',
      street: '1 Abbey Rd',
      city: 'London',
      postalCode: 'NW8 9AY',
      country: 'GB',
      language: 'en',
    },
  });
  expect(sap.units[0]?.calls[0]?.parameters['CUSTOMERCPD']).toEqual({
    NAME: "Siobhán O'Brien",
    STREET: '1 Abbey Rd',
    CITY: 'London',
    POSTL_CODE: 'NW8 9AY',
    COUNTRY: 'UK',
    COUNTRY_ISO: 'GB',
    LANGU_ISO: 'EN',
  });
});

const oneTime = { name: 'Müller', street: '', city: 'Köln', postalCode: '50667', country: 'DE' };
const cents = (amount: string): FiItem => ({ kind: 'gl', glAccount: '800000', amount });

test.each<[string, Partial<FiPosting>, string]>([
  ['a document that does not balance', { items: [cents('10'), cents('-9.99')] }, 'FI_NOT_BALANCED'],
  ['1000 items', { items: Array.from({ length: 1000 }, (_, at) => cents(at % 2 ? '1' : '-1')) }, 'FI_TOO_MANY_ITEMS'],
  ['one item', { items: [cents('0')] }, 'FI_POSTING_INVALID'],
  ['half a cent', { items: [cents('10.005'), cents('-10.005')] }, 'FI_POSTING_INVALID'],
  ['hundredths of a yen', { currency: 'JPY', items: [cents('10.5'), cents('-10.5')] }, 'FI_POSTING_INVALID'],
  ['more digits than SAP has', { items: [cents('123456789012'), cents('-123456789012')] }, 'FI_POSTING_INVALID'],
  ['an amount in another notation', { items: [cents('1e3'), cents('-1e3')] }, 'FI_POSTING_INVALID'],
  ['a reference of 17 characters', { reference: 'BC-10452-10452-10' }, 'FI_POSTING_INVALID'],
  ['a reference in lower case', { reference: 'bc-10452' }, 'FI_POSTING_INVALID'],
  ['no reference', { reference: '' }, 'FI_POSTING_INVALID'],
  ['a long header text', { headerText: 'BigCommerce order 10452 of' }, 'FI_POSTING_INVALID'],
  ['a day that is none', { postingDate: '20240230' }, 'FI_POSTING_INVALID'],
  ['a date with dashes', { documentDate: '2024-01-31' }, 'FI_POSTING_INVALID'],
  ['a long item text', { items: [{ ...cents('1'), text: 'x'.repeat(51) }, cents('-1')] }, 'FI_POSTING_INVALID'],
  ['a long account', { items: [{ kind: 'gl', glAccount: '12345678901', amount: '1' }, cents('-1')] }, 'FI_POSTING_INVALID'],
  ['a line feed in a text', { headerText: 'two\nlines' }, 'FI_POSTING_INVALID'],
  ['a rate of six decimals', { exchangeRate: '0.006123' }, 'FI_POSTING_INVALID'],
  [
    'two one-time customers',
    {
      oneTimeCustomer: oneTime,
      items: [
        { kind: 'customer', customer: '1', amount: '1' },
        { kind: 'customer', customer: '2', amount: '-1' },
      ],
    },
    'FI_POSTING_INVALID',
  ],
  ['a currency that SAP does not have', { currency: 'XYZ' }, 'SAP_CURRENCY_UNKNOWN'],
  ['a country that SAP does not have', { oneTimeCustomer: { ...oneTime, country: 'XK' } }, 'SAP_COUNTRY_UNKNOWN'],
])('%s is refused before anything is sent', async (_what, change, code) => {
  const { sap, post } = open();
  await expect(post({ ...order, ...change })).rejects.toMatchObject({ code, verdict: 'refused' });
  expect(sap.units).toEqual([]);
});

test('999 items go out in one document', async () => {
  const { sap, post } = open();
  const items = Array.from({ length: 998 }, () => cents('-1'));
  await post({ ...order, items: [{ kind: 'customer', customer: '1', amount: '998' }, ...items] });
  const lines = sap.units[0]?.calls[0]?.parameters['CURRENCYAMOUNT'] as { ITEMNO_ACC: string }[];
  expect(lines.at(-1)?.ITEMNO_ACC).toBe('0000000999');
});

const error = (ID: string, NUMBER: string, MESSAGE: string) => ({ TYPE: 'E', ID, NUMBER, MESSAGE });
const headline = error('RW', '609', 'Error in document: BKPFF $ PRDCLNT100');

test.each<[string, ReturnType<typeof error>[], { code: string; verdict: string }, string]>([
  [
    'a closed period',
    [headline, error('F5', '201', 'Posting period 001 2024 is not open')],
    { code: 'SAP_PERIOD_CLOSED', verdict: 'refused' },
    'OB52',
  ],
  ['a lock', [error('F2', '042', 'Customer 100045 is blocked by user MEIER')], { code: 'SAP_LOCKED', verdict: 'retry' }, 'SM12'],
  [
    'a lock under a number that nobody knows',
    [headline, error('ZX', '999', 'Account 100045 is currently being processed by user MEIER')],
    { code: 'SAP_LOCKED', verdict: 'retry' },
    '',
  ],
  [
    'a lock beside a mistake',
    [error('F2', '042', 'Customer 100045 is blocked by user MEIER'), error('FF', '805', 'Tax statement item missing for tax code A1')],
    { code: 'SAP_TAX_INVALID', verdict: 'refused' },
    'tax',
  ],
  [
    'a missing cost center',
    [headline, error('KI', '235', 'Account 476100 requires an assignment')],
    { code: 'SAP_COST_OBJECT_MISSING', verdict: 'refused' },
    'OKB9',
  ],
  [
    "a customer's own message",
    [headline, error('ZFI', '001', 'Shop orders need a segment')],
    { code: 'SAP_REFUSED', verdict: 'refused' },
    '',
  ],
])('%s becomes an error that says so', async (_what, RETURN, expected, fix) => {
  const { answers, post } = open();
  answers({ OBJ_TYPE: 'BKPFF', OBJ_KEY: '$', RETURN });
  const failure = (await post(order).catch((caught: unknown) => caught)) as SystemError;
  expect(failure).toMatchObject(expected);
  expect(failure.fix ?? '').toContain(fix);
  expect(failure.message).toContain('posting BC-10452 to company code 1000: SAP says ');
  expect(failure.message).not.toContain('RW 609');
  expect(failure.facts).toMatchObject({ messages: RETURN, unit: { ending: 'rolledBack' } });
});

test('another object type than BKPFF leaves the outcome to be looked up: the unit is committed', async () => {
  const { answers, post } = open();
  answers({ OBJ_TYPE: 'ZSHOP', OBJ_KEY: 'BC-10452', RETURN: [] });
  await expect(post(order)).rejects.toMatchObject({ code: 'SAP_DOCUMENT_KEY_UNEXPECTED', verdict: 'uncertain' });
});

test('a check commits nothing and answers what SAP says', async () => {
  const { sap, answers, postings, scope } = open();
  answers({ RETURN: [{ TYPE: 'S', ID: 'RW', NUMBER: '614', MESSAGE: 'Document check - no errors', LOG_NO: '', ROW: 0 }] });
  expect(await postings.check(order, scope)).toEqual([{ TYPE: 'S', ID: 'RW', NUMBER: '614', MESSAGE: 'Document check - no errors' }]);
  expect(sap.units).toEqual([]);
});

const header = {
  BUKRS: '1000',
  GJAHR: '2024',
  BLART: 'DR',
  BLDAT: '20240131',
  BUDAT: '20240131',
  XBLNR: 'BC-10452',
  WAERS: 'KWD',
  BSTAT: '',
};
const documents: TableData = {
  BKPF: [
    { ...header, BELNR: '1800000007', CPUDT: '20240202', CPUTM: '080000', STBLG: '1800000005', STJAH: '2024', AWTYP: 'BKPFF', AWSYS: '' },
    { ...header, BELNR: '1800000005', CPUDT: '20240201', CPUTM: '120000', STBLG: '1800000007', STJAH: '2024', AWTYP: 'BKPFF', AWSYS: '' },
    { ...header, BELNR: '1800000009', CPUDT: '20240203', CPUTM: '120000', STBLG: '', STJAH: '0000', AWTYP: 'BKPFF', AWSYS: 'PRDCLNT100' },
    { ...header, BELNR: '1800000003', CPUDT: '20240101', CPUTM: '120000', STBLG: '', STJAH: '0000', BSTAT: 'V' },
    { ...header, BELNR: '9000000003', CPUDT: '20240101', CPUTM: '120000', STBLG: '', STJAH: '0000', BLART: 'RV', AWTYP: 'VBRK' },
    { ...header, BELNR: '1800000010', XBLNR: 'BC-104520', CPUDT: '20240203', CPUTM: '120000', STBLG: '' },
  ],
  BSEG: [
    { BUKRS: '1000', BELNR: '1800000009', GJAHR: '2024', BUZEI: '001', SHKZG: 'S', WRBTR: '11.90' },
    { BUKRS: '1000', BELNR: '1800000009', GJAHR: '2024', BUZEI: '002', SHKZG: 'H', WRBTR: '12.00' },
    { BUKRS: '1000', BELNR: '1800000009', GJAHR: '2024', BUZEI: '003', SHKZG: 'S', WRBTR: '0.10' },
  ],
};

test('documents are found by reference with total and reversal, oldest first, posted ones only', async () => {
  const { postings, scope, sap } = open(documents);
  const found = await postings.find({ companyCode: '1000', reference: 'BC-10452', documentTypes: ['DR', 'DG'] }, scope);
  expect(found.map(({ documentNumber, reversal, isReversal }) => [documentNumber, reversal?.documentNumber, isReversal])).toEqual([
    ['1800000005', '1800000007', false],
    ['1800000007', '1800000005', true],
    ['1800000009', undefined, false],
  ]);
  expect(found[2]).toEqual({
    companyCode: '1000',
    documentNumber: '1800000009',
    fiscalYear: '2024',
    documentType: 'DR',
    reference: 'BC-10452',
    headerText: '',
    currency: 'KWD',
    postingDate: '20240131',
    documentDate: '20240131',
    total: '1.2',
    isReversal: false,
  });
  expect(sap.reads.find(({ table }) => table === 'BKPF')?.where.slice(0, 3)).toEqual([
    { field: 'BUKRS', op: 'EQ', value: '1000' },
    { field: 'BSTAT', op: 'EQ', value: '' },
    { field: 'XBLNR', op: 'EQ', value: 'BC-10452' },
  ]);
  expect(await postings.find({ companyCode: '1000', reference: 'BC-1' }, scope)).toEqual([]);
});

const document = (documentNumber: string) => ({ companyCode: '1000', documentNumber, fiscalYear: '2024' });

test('a document is posted or reversed within a minute or not at all, however long other calls may take', async () => {
  const { sap, postings, post, scope } = open(documents);
  await post(order);
  await postings.reverse({ unitId: 'rec-1.2.r1', document: document('1800000009'), reason: '01', postingDate: '20240205' }, scope);
  for (const { remainingMs } of sap.units) expect(remainingMs).toBeLessThanOrEqual(60_000);
});

test('a document is reversed by the key it was posted with', async () => {
  const { sap, postings, scope } = open(documents);
  const request = { unitId: 'rec-1.2.r1', document: document('1800000009'), reason: '01', postingDate: '20240205' };
  await postings.reverse(request, scope);
  expect(sap.units[0]?.calls).toEqual([
    {
      function: 'BAPI_ACC_DOCUMENT_REV_POST',
      parameters: {
        REVERSAL: {
          OBJ_TYPE: 'BKPFF',
          OBJ_SYS: 'PRDCLNT100',
          OBJ_KEY_R: '180000000910002024',
          PSTNG_DATE: '20240205',
          COMP_CODE: '1000',
          REASON_REV: '01',
        },
        BUS_ACT: 'RFBU',
      },
    },
  ]);
});

test.each([
  ['a document that is reversed already', '1800000005', 'SAP_ALREADY_REVERSED'],
  ['a billing document', '9000000003', 'SAP_NOT_REVERSIBLE'],
  ['a document that SAP does not hold', '1', 'SAP_DOCUMENT_MISSING'],
])('%s is not reversed', async (_what, number, code) => {
  const { sap, postings, scope } = open(documents);
  const request = { unitId: 'rec-1.2.r1', document: document(number), reason: '01', postingDate: '20240205' };
  await expect(postings.reverse(request, scope)).rejects.toMatchObject({ code, verdict: 'refused' });
  expect(sap.units).toEqual([]);
});

const interval = (BUKRS: string, MKOAR: string, [from, to]: [string, string], second: [string, string] = ['0000000', '0000000']) => ({
  RRCTY: '0',
  BUKRS,
  MKOAR,
  BKONT: 'ZZZZZZZZZZ',
  FRYE1: from.slice(0, 4),
  FRPE1: from.slice(4),
  TOYE1: to.slice(0, 4),
  TOPE1: to.slice(4),
  FRYE2: second[0].slice(0, 4),
  FRPE2: second[0].slice(4),
  TOYE2: second[1].slice(0, 4),
  TOPE2: second[1].slice(4),
});
const periods = {
  T001B: [
    interval('1000', '+', ['2023013', '2023016'], ['2024001', '2024003']),
    interval('1000', 'D', ['2024002', '2024003']),
    interval('1000', 'K', ['2024001', '2024001']),
    interval('ASIA', '+', ['2023010', '2023012']),
    interval('5000', '+', ['2024002', '2024002']),
  ],
};

test.each<[string, { companyCode: string; postingDate: string; accountTypes?: string[] }, boolean]>([
  ['a day in the second interval', { companyCode: '1000', postingDate: '20240229' }, true],
  ['closed for customers alone', { companyCode: '1000', postingDate: '20240131' }, false],
  ['which other accounts do not ask for', { companyCode: '1000', postingDate: '20240131', accountTypes: ['S', 'K'] }, true],
  ['closed for all', { companyCode: '1000', postingDate: '20240401' }, false],
  ['a year that begins in April, with a variant of periods', { companyCode: '4000', postingDate: '20240131' }, true],
  ['the same, the next year', { companyCode: '4000', postingDate: '20240401' }, false],
  ['periods that end within the month', { companyCode: '5000', postingDate: '20240129' }, true],
])('whether a period is open: %s', async (_what, period, isOpen) => {
  const { postings, scope } = open(periods);
  expect(await postings.isPeriodOpen(period, scope)).toBe(isOpen);
});

test.each([
  ['a variant that T009 does not hold', { companyCode: '6000', postingDate: '20240131' }, 'SAP_FISCAL_YEAR_UNREADABLE'],
  ['a year without periods', { companyCode: '5000', postingDate: '20250131' }, 'SAP_FISCAL_YEAR_UNREADABLE'],
  ['an unknown company code', { companyCode: '7000', postingDate: '20240131' }, 'SAP_COMPANY_CODE_UNKNOWN'],
])('where the period cannot be told, it says so: %s', async (_what, period, code) => {
  const { postings, scope } = open(periods);
  await expect(postings.isPeriodOpen(period, scope)).rejects.toMatchObject({ code, verdict: 'refused' });
});

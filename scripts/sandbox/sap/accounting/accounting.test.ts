import { functionModules, type Session, type Structure } from '../functions/index.ts';
import { startSapSystem, type SapSystem } from '../system.ts';
import { customer, itemNumber, order, sale, tax, type SampleOrder } from '../testing/orders.ts';
import { accountSums, closePeriod, openPeriod, postings } from './index.ts';

let sap: SapSystem;
let session: Session;

beforeEach(async () => {
  sap = await startSapSystem({ port: 0, vendors: 2, customers: 0, materials: 0, behaviour: { returnNoise: false } });
  session = newSession('ML_AGENT');
});

afterEach(() => sap[Symbol.asyncDispose]());

function newSession(name: string): Session {
  return { user: { name, password: '' }, language: 'E', updates: [] };
}

async function call(name: string, inputs: object = {}, by = session): Promise<Structure> {
  const definition = sap.functions.get(name);
  const module = functionModules[name];
  if (!definition || !module) throw new Error(`there is no function ${name}`);
  return module({ definition, inputs: inputs as Structure, session: by, system: sap });
}

const commit = (by = session): Promise<Structure> => call('BAPI_TRANSACTION_COMMIT', { WAIT: 'X' }, by);
const lines = (answer: Structure): string[] =>
  (answer['RETURN'] as Record<string, string>[]).map(({ TYPE, ID, NUMBER }) => `${TYPE} ${ID} ${NUMBER}`);
const post = (sample: SampleOrder = {}, by = session): Promise<Structure> => call('BAPI_ACC_DOCUMENT_POST', order(sample), by);
const check = (sample: SampleOrder = {}): Promise<Structure> => call('BAPI_ACC_DOCUMENT_CHECK', order(sample));

const sized = ['BKPF', 'BSEG', 'BSID', 'BSAD', 'BSIS', 'BSEC', 'FAGLFLEXA'] as const;
const sizes = (): number[] => sized.map((table) => sap.stored(table).size);

describe('a posting', () => {
  test('is written by the commit, with header, items, open items and ledger lines', async () => {
    const before = sizes();
    const { OBJ_TYPE, OBJ_KEY, OBJ_SYS, RETURN } = await post();
    expect({ OBJ_TYPE, OBJ_KEY, OBJ_SYS }).toEqual({ OBJ_TYPE: 'BKPFF', OBJ_KEY: '180000000110002026', OBJ_SYS: 'ECCCLNT100' });
    expect(RETURN).toMatchObject([
      { TYPE: 'S', ID: 'RW', NUMBER: '605', MESSAGE: 'Document posted successfully: BKPFF 180000000110002026 ECCCLNT100' },
    ]);
    expect(sizes()).toEqual(before);
    await commit();
    expect(sap.stored('BKPF').get(['1000', '1800000001', '2026'])).toMatchObject({
      XBLNR: 'BC-10452',
      BKTXT: 'BC order 10452',
      USNAM: 'ML_AGENT',
      BLART: 'DR',
      BSTAT: '',
      MONAT: '01',
      CPUDT: sap.localTime().date,
      AWTYP: 'BKPFF',
      AWKEY: '180000000110002026',
    });
    expect(sap.stored('BSID').all()).toMatchObject([
      { KUNNR: customer, BELNR: '1800000001', SHKZG: 'S', WRBTR: '119.00', ZUONR: 'BC-10452', HKONT: '0000140000', ZTERM: 'NT30' },
    ]);
    expect(sap.stored('BSEG').get(['1000', '1800000001', '2026', '003'])).toMatchObject({
      FWBAS: '100.00',
      KTOSL: 'MWS',
      HKONT: '0000175000',
    });
    expect(postings(sap, { reference: 'BC-10452' })).toMatchObject([
      {
        number: '1800000001',
        total: '119.00',
        items: [{ amount: '119.00' }, { amount: '-100.00' }, { amount: '-19.00', base: '-100.00' }],
      },
    ]);
    expect(accountSums(sap, { referencePrefix: 'BC-' }).map(({ account, amount }) => `${account} ${amount}`)).toEqual([
      '0000140000 119.00',
      '0000175000 -19.00',
      '0000800000 -100.00',
    ]);
  });

  test('that is rolled back leaves a gap in the numbers and nothing else', async () => {
    const before = sizes();
    await post();
    await call('BAPI_TRANSACTION_ROLLBACK');
    await commit();
    expect(sizes()).toEqual(before);
    expect((await post())['OBJ_KEY']).toBe('180000000210002026');
  });

  test('whose update stops has a number and no document', async () => {
    const before = sizes();
    sap.faults.add({ kind: 'update-stopped', times: 1 });
    await post();
    expect(await commit()).toMatchObject({ RETURN: { TYPE: 'E', ID: 'S&', NUMBER: '150' } });
    expect(sizes()).toEqual(before);
  });

  test('is not told of a stopped update when nobody waits for it', async () => {
    sap.faults.add({ kind: 'update-stopped', times: 1 });
    await post();
    expect(await call('BAPI_TRANSACTION_COMMIT')).toEqual({ RETURN: {} });
    expect(postings(sap, { reference: 'BC-10452' })).toEqual([]);
  });

  test('of the same reference is taken twice', async () => {
    await post();
    await post();
    await commit();
    expect(postings(sap, { reference: 'BC-10452' }).map(({ number }) => number)).toEqual(['1800000001', '1800000002']);
  });

  test('draws its number from the range of its type, company code and fiscal year', async () => {
    const keys = [];
    const japan = { header: { COMP_CODE: '4000', DOC_DATE: '20260331', PSTNG_DATE: '20260331' }, customer: { CUSTOMER: '0000099000' } };
    const yen = { ...japan, total: '110', items: jpy, currency: { CURRENCY: 'JPY' }, more: { CUSTOMERCPD: guest } };
    for (const sample of [{}, { header: { DOC_TYPE: 'DG' } }, { header: { DOC_TYPE: 'DA' } }, yen])
      keys.push((await post(sample))['OBJ_KEY']);
    expect(keys).toEqual(['180000000110002026', '160000000110002026', '160000000210002026', '180000000140002025']);
  });
});

const guest = { NAME: 'Małgorzata O’Brien', CITY: 'Łódź', COUNTRY: 'PL', STREET: 'Piotrkowska 1', POSTL_CODE: '90-001' };
const jpy = [
  { ...sale, amount: '-100' },
  { ...tax, amount: '-10', base: '-100' },
];

describe('a check', () => {
  test('says so when all is right, and changes nothing, takes no number and no lock', async () => {
    const before = sizes();
    const answer = await check();
    expect(answer).toEqual({ RETURN: [expect.objectContaining({ TYPE: 'S', ID: 'RW', NUMBER: '614' })] });
    expect([sap.locks.list(), session.updates, sizes()]).toEqual([[], [], before]);
    expect((await post())['OBJ_KEY']).toBe('180000000110002026');
  });
});

const net = (fields: Record<string, string>): SampleOrder => ({ total: '10.00', items: [{ fields, amount: '-10.00' }] });
const withTax = (amount: string, base: string): SampleOrder => ({
  total: (100 - Number(amount)).toFixed(2),
  items: [sale, { ...tax, amount, base }],
});
const revenue = { GL_ACCOUNT: '0000802000', PROFIT_CTR: '0000001000' };
const costs = { GL_ACCOUNT: '0000479000', COSTCENTER: '0000004711' };

describe('what is wrong is told after E RW 609', () => {
  test.each<[string, SampleOrder, string, object?]>([
    ['no header', { more: { DOCUMENTHEADER: {} } }, 'RW 001'],
    ['no items', { more: { ACCOUNTGL: [], ACCOUNTRECEIVABLE: [], ACCOUNTTAX: [] } }, 'RW 002'],
    ['no amounts', { more: { CURRENCYAMOUNT: [] } }, 'RW 003'],
    ['an object key without type', { header: { OBJ_KEY: 'BC-1' } }, 'RW 004'],
    ['an object type that is not defined', { header: { OBJ_TYPE: 'ZBC', OBJ_KEY: 'BC-1' } }, 'RW 009'],
    ['an item twice', { more: { ACCOUNTGL: [1, 2].map(() => ({ ITEMNO_ACC: itemNumber(2), ...sale.fields })) } }, 'RW 014'],
    ['an amount twice', { more: { CURRENCYAMOUNT: [1, 1].map((n) => ({ ITEMNO_ACC: itemNumber(n), CURRENCY: 'EUR' })) } }, 'RW 018'],
    ['another system', { header: { OBJ_SYS: 'QASCLNT200' } }, 'RW 020'],
    ['an item without amount', { more: { CURRENCYAMOUNT: [{ ITEMNO_ACC: itemNumber(1), CURRENCY: 'EUR' }] } }, 'RW 021'],
    ['a cent too much', { total: '119.01' }, 'RW 022'],
    ['another business transaction', { header: { BUS_ACT: '' } }, 'RW 602'],
    ['an unknown company code', { header: { COMP_CODE: '9999' } }, 'F5 003'],
    ['an unknown document type', { header: { DOC_TYPE: 'ZZ' } }, 'F5 155'],
    ['no posting date', { header: { PSTNG_DATE: '00000000' } }, '00 055', { FIELD: 'PSTNG_DATE' }],
    ['a period that is not that of the date', { header: { FIS_PERIOD: '07' } }, 'F5 202'],
    ['a number of its own', { header: { AC_DOC_NO: '1800004711' } }, 'F5 152'],
    ['a type that takes no customers', { header: { DOC_TYPE: 'KR' } }, 'F5 156', { MESSAGE_V1: 'D' }],
    ['a date in a closed past', { header: { PSTNG_DATE: '20190615' } }, 'F5 201', { MESSAGE_V1: '006', MESSAGE_V2: '2019' }],
    ['an unknown currency', { currency: { CURRENCY: 'XYZ' } }, 'F5 347'],
    ['more decimals than the currency has', { total: '119.005' }, 'F5 349'],
    ['an amount that no field holds', { total: '119000000000.00' }, 'F5 352'],
    ['a currency without exchange rate', { currency: { CURRENCY: 'CZK' } }, 'SG 105', { MESSAGE_V1: 'CZK', MESSAGE_V2: 'EUR' }],
    ['an account that is not padded', net({ ...revenue, GL_ACCOUNT: '802000' }), 'F5 113', { PARAMETER: 'ACCOUNTGL', ROW: 1 }],
    ['a blocked account', net({ ...revenue, GL_ACCOUNT: '0000899000' }), 'F5 351'],
    ['a reconciliation account', net({ GL_ACCOUNT: '0000140000' }), 'F5 354'],
    ['an account for automatic postings', net({ GL_ACCOUNT: '0000175000', TAX_CODE: 'A0' }), 'F5 354'],
    ['revenue without CO object', net({ GL_ACCOUNT: '0000802000' }), 'KI 235', { MESSAGE_V1: '0000802000' }],
    ['costs on a profit center alone', net({ GL_ACCOUNT: '0000479000', PROFIT_CTR: '0000001000' }), 'KI 235'],
    ['a cost center that is not padded', net({ ...costs, COSTCENTER: '4711' }), 'KI 161'],
    ['a cost center that is over', net({ ...costs, COSTCENTER: '0000004799' }), 'KI 161'],
    ['a cost center of another company code', net({ ...costs, COSTCENTER: '0000004720' }), 'KI 180'],
    ['a profit center that is over', net({ ...revenue, PROFIT_CTR: '0000003000' }), 'KM 026'],
    ['an unknown order', net({ GL_ACCOUNT: '0000479000', ORDERID: '000000499999' }), 'KI 112'],
    ['a closed order', net({ GL_ACCOUNT: '0000479000', ORDERID: '000000400002' }), 'KI 112'],
    ['a WBS element', net({ GL_ACCOUNT: '0000479000', WBS_ELEMENT: 'P-1' }), 'CJ 021'],
    ['a customer that is not padded', { customer: { CUSTOMER: '1000' } }, 'F5 102', { PARAMETER: 'ACCOUNTRECEIVABLE', FIELD: 'CUSTOMER' }],
    ['a customer of another company code', { customer: { CUSTOMER: 'CPD-WEB' }, header: { COMP_CODE: '3000' } }, 'F5 102'],
    ['a G/L account as reconciliation account', { customer: { GL_ACCOUNT: '0000113100' } }, 'F5 114'],
    ['a one-time account without address', { customer: { CUSTOMER: '0000099000' } }, 'F5 105'],
    ['an address for an account that is not one-time', { more: { CUSTOMERCPD: guest } }, 'F5 106'],
    ['unknown terms of payment', { customer: { PMNTTRMS: 'ZZZZ' } }, 'F5 108'],
    ['a tax code that another country has', { items: [{ ...sale, fields: { ...sale.fields, TAX_CODE: 'O1' } }, tax] }, 'FF 703'],
    ['a tax code on an account without taxes', net({ GL_ACCOUNT: '0000113900', TAX_CODE: 'A0' }), 'FF 713'],
    ['an input tax code on a revenue account', net({ ...revenue, TAX_CODE: 'V0' }), 'FF 713'],
    ['no tax code where one is required', net({ ...sale.fields, TAX_CODE: '' }), 'F5 808'],
    ['a tax item without taxed items', { items: [{ ...sale, fields: { ...revenue } }, tax] }, 'FF 818'],
    ['no tax item for a taxed item', { total: '100.00', items: [sale] }, 'FF 805'],
    ['a tax item without base', withTax('-19.00', '0'), 'FF 747'],
    ['a base that is not the sum of its items', withTax('-19.00', '-99.98'), 'FF 747'],
    ['a tax amount beyond tolerance', withTax('-19.02', '-100.00'), 'FF 754', { TYPE: 'E' }],
    ['another tax account', { items: [sale, { ...tax, fields: { ...tax.fields, GL_ACCOUNT: '0000176000' } }] }, 'FF 707'],
    ['another transaction key', { items: [sale, { ...tax, fields: { ...tax.fields, ACCT_KEY: 'VST' } }] }, 'FF 713'],
    ['an item of another company code', net({ GL_ACCOUNT: '0000113900', COMP_CODE: '2000' }), 'F5 670'],
  ])('%s', async (_what, sample, expected, row = {}) => {
    const before = sizes();
    const answer = await post(sample);
    const [first] = answer['RETURN'] as Structure[];
    expect(answer['OBJ_KEY']).toBe('$');
    expect(first).toMatchObject({ TYPE: 'E', ID: 'RW', NUMBER: '609', MESSAGE: 'Error in document: BKPFF $ ECCCLNT100' });
    expect(lines(answer)).toContain(`E ${expected}`);
    const [id, number] = expected.split(' ');
    const found = (answer['RETURN'] as Structure[]).find(({ ID, NUMBER }) => ID === id && NUMBER === number);
    expect(found).toMatchObject(row);
    expect(lines(await check(sample))).toEqual(lines(answer));
    await commit();
    expect([sizes(), sap.locks.list()]).toEqual([before, []]);
  });

  test('999 items are taken, 1000 are not', async () => {
    const many = (count: number): SampleOrder => ({
      total: `${count}.00`,
      items: Array.from({ length: count }, () => ({ fields: { GL_ACCOUNT: '0000113900' }, amount: '-1.00' })),
    });
    expect(lines(await check(many(998)))).toEqual(['S RW 614']);
    expect(lines(await check(many(999)))).toEqual(['E RW 609', 'E F5 727']);
  });

  test('a master record that is blocked refuses, one that is marked for deletion warns', async () => {
    sap.stored('KNB1').update([customer, '1000'], { SPERR: 'X' });
    expect(lines(await post())).toEqual(['E RW 609', 'E F5 351']);
    sap.stored('KNB1').update([customer, '1000'], { SPERR: '', LOEVM: 'X' });
    expect(lines(await post())).toEqual(['S RW 605', 'W F5 507']);
  });

  test('the number range is exhausted', async () => {
    sap.faults.add({ kind: 'number-range-exhausted', times: 1 });
    expect(lines(await post())).toEqual(['E RW 609', 'E F5 150', 'E NR 751']);
    expect(lines(await post())).toEqual(['S RW 605']);
  });

  test('the validation of the customer refuses, and the substitution writes another reference', async () => {
    sap.behaviour.userExit = {
      error: { text: 'Profit center of the shop only', documentType: 'DR' },
      reference: 'WEB/&',
      assignment: 'GGB1',
    };
    expect(await post()).toMatchObject({
      RETURN: [{}, { TYPE: 'E', ID: 'ZFI', NUMBER: '001', MESSAGE: 'Profit center of the shop only' }],
    });
    expect(lines(await post({ header: { DOC_TYPE: 'DA' } }))).toEqual(['S RW 605']);
    await commit();
    expect(postings(sap, { reference: 'WEB/BC-10452' })).toMatchObject([{ items: [{ assignment: 'GGB1' }, {}, {}] }]);
  });

  test('messages without meaning stand among the others', async () => {
    sap.behaviour.returnNoise = true;
    expect(lines(await post({ customer: { PMNTTRMS: '0001' } }))).toEqual(['S RW 605', 'I F5 272', 'I F5 280']);
  });
});

describe('amounts', () => {
  test('of another currency are translated at the rate of the day, and the local currency balances', async () => {
    await post({ currency: { CURRENCY: 'USD' } });
    await commit();
    expect(postings(sap, { reference: 'BC-10452' })).toMatchObject([
      { currency: 'USD', localCurrency: 'EUR', total: '119.00', localTotal: '109.48' },
    ]);
  });

  test('may bring their own rate, or the local amounts themselves', async () => {
    await post({ header: { REF_DOC_NO: 'A' }, currency: { CURRENCY: 'USD', EXCH_RATE: '0.50000' } });
    await post({ header: { REF_DOC_NO: 'B' }, currency: { CURRENCY: 'USD', EXCH_RATE: '-4.00000' } });
    const sample = order({ header: { REF_DOC_NO: 'C' }, currency: { CURRENCY: 'USD' } });
    const local = ['60.00', '-50.00', '-10.00'].map((AMT_DOCCUR, index) => ({
      ITEMNO_ACC: itemNumber(index + 1),
      CURR_TYPE: '10',
      CURRENCY: 'EUR',
      AMT_DOCCUR,
    }));
    await call('BAPI_ACC_DOCUMENT_POST', { ...sample, CURRENCYAMOUNT: [...(sample['CURRENCYAMOUNT'] as object[]), ...local] });
    await commit();
    expect(['A', 'B', 'C'].map((reference) => postings(sap, { reference })[0]?.localTotal)).toEqual(['59.50', '29.75', '60.00']);
  });

  test('of currencies with no or three decimals are stored with two', async () => {
    await post({ header: { REF_DOC_NO: 'JPY' }, total: '119', items: whole, currency: { CURRENCY: 'JPY' } });
    await post({ header: { REF_DOC_NO: 'KWD' }, total: '1.190', items: small, currency: { CURRENCY: 'KWD' } });
    await commit();
    expect(
      sap
        .stored('BSID')
        .all()
        .map(({ WAERS, WRBTR }) => `${WAERS} ${WRBTR}`),
    ).toEqual(['JPY 1.19', 'KWD 11.90']);
    expect(['JPY', 'KWD'].map((reference) => postings(sap, { reference })[0]?.total)).toEqual(['119', '1.190']);
    expect(lines(await check({ total: '119.5', items: whole, currency: { CURRENCY: 'JPY' } }))).toContain('E F5 349');
  });

  test('of a tax may be off by a cent for each taxed item', async () => {
    expect(lines(await check(withTax('-19.01', '-100.00')))).toEqual(['S RW 614']);
    sap.behaviour.taxTolerance = 0;
    expect(lines(await check(withTax('-19.01', '-100.00')))).toEqual(['E RW 609', 'E FF 754']);
  });
});

const whole = [
  { ...sale, amount: '-100' },
  { ...tax, amount: '-19', base: '-100' },
];
const small = [
  { ...sale, amount: '-1.000' },
  { ...tax, amount: '-0.190', base: '-1.000' },
];

test('the address of a one-time customer stays with its item', async () => {
  await post({ customer: { CUSTOMER: '0000099000' }, more: { CUSTOMERCPD: guest } });
  await commit();
  expect(postings(sap, { reference: 'BC-10452' })).toMatchObject([
    { items: [{ partner: '0000099000', oneTime: 'Małgorzata O’Brien, Łódź' }, {}, {}] },
  ]);
});

test('a vendor invoice entered twice is warned of where the master record asks for it', async () => {
  const [vendor] = sap.stored('LFB1').all();
  const key = [vendor?.['LIFNR'] ?? '', vendor?.['BUKRS'] ?? ''];
  sap.stored('LFB1').update(key, { REPRF: 'X', SPERR: '', LOEVM: '' });
  sap.stored('LFA1').update([key[0] ?? ''], { SPERR: '', LOEVM: '' });
  const invoice = order({
    header: { COMP_CODE: key[1] ?? '', DOC_TYPE: 'KR', REF_DOC_NO: 'R-1' },
    total: '-10.00',
    items: [{ fields: { GL_ACCOUNT: '0000113900' }, amount: '10.00' }],
    more: { ACCOUNTRECEIVABLE: [], ACCOUNTPAYABLE: [{ ITEMNO_ACC: itemNumber(1), VENDOR_NO: key[0] }] },
  });
  expect(lines(await call('BAPI_ACC_DOCUMENT_POST', invoice))).toEqual(['S RW 605']);
  await commit();
  expect(lines(await call('BAPI_ACC_DOCUMENT_POST', invoice))).toEqual(['S RW 605', 'W F5 117']);
});

describe('periods', () => {
  test('are closed and opened, for all or for one account type', async () => {
    const january = { companyCode: '1000', postingDate: '20260115' };
    closePeriod(sap, january);
    expect(lines(await post())).toEqual(['E RW 609', 'E F5 201']);
    expect(lines(await post({ header: { PSTNG_DATE: '20260201' } }))).toEqual(['S RW 605']);
    openPeriod(sap, january);
    expect(lines(await post())).toEqual(['S RW 605']);
    closePeriod(sap, { ...january, accountType: 'D' });
    expect(lines(await post())).toEqual(['E RW 609', 'E F5 201']);
    const items = {
      ACCOUNTRECEIVABLE: [],
      ACCOUNTGL: [1, 2, 3].map((n) => ({ ITEMNO_ACC: itemNumber(n), GL_ACCOUNT: '0000113900' })),
      ACCOUNTTAX: [],
    };
    expect(lines(await check({ header: { DOC_TYPE: 'SA' }, more: items }))).toEqual(['S RW 614']);
  });

  test('are closed by a fault for so many calls', async () => {
    sap.faults.add({ kind: 'period-closed', times: 1 });
    expect(lines(await post())).toEqual(['E RW 609', 'E F5 201']);
    expect(lines(await post())).toEqual(['S RW 605']);
  });
});

describe('locks', () => {
  test('a posting holds its customer in its company code until its unit of work ends', async () => {
    const other = newSession('SECOND');
    await post();
    expect(sap.locks.list()).toEqual([`KNB1 ${customer} 1000`]);
    const refused = await post({}, other);
    expect(refused).toMatchObject({ RETURN: [{ NUMBER: '609' }, { TYPE: 'E', ID: 'F2', NUMBER: '042', MESSAGE_V2: 'ML_AGENT' }] });
    expect(lines(await post({}))).toEqual(['S RW 605']);
    await commit();
    expect(lines(await post({}, other))).toEqual(['S RW 605']);
    await call('BAPI_TRANSACTION_ROLLBACK', {}, other);
    expect(sap.locks.list()).toEqual([]);
  });

  test('whoever edits the master record is in the way, and so is a fault', async () => {
    sap.locks.hold(`KNA1 ${customer}`, 'KSCHAEFER');
    expect(await post()).toMatchObject({ RETURN: [{}, { MESSAGE: `Account ${customer} is currently being processed by KSCHAEFER` }] });
    sap.locks.letGo(`KNA1 ${customer}`);
    sap.faults.add({ kind: 'customer-locked', account: '0000099000', times: 1 });
    sap.faults.add({ kind: 'customer-locked', by: 'CLERK', times: 1 });
    expect(await post()).toMatchObject({ RETURN: [{}, { MESSAGE_V2: 'CLERK' }] });
    expect(lines(await post())).toEqual(['S RW 605']);
  });

  test('can be switched off', async () => {
    sap.behaviour.accountLocks = 'none';
    await post();
    expect(lines(await post({}, newSession('SECOND')))).toEqual(['S RW 605']);
  });
});

describe('a reversal', () => {
  const reverse = (key: string, fields: Record<string, string> = {}, by = session): Promise<Structure> =>
    call(
      'BAPI_ACC_DOCUMENT_REV_POST',
      { REVERSAL: { OBJ_TYPE: 'BKPFF', OBJ_KEY_R: key, OBJ_SYS: 'ECCCLNT100', REASON_REV: '01', ...fields }, BUS_ACT: 'RFBU' },
      by,
    );
  const posted = async (sample: SampleOrder = {}): Promise<string> => {
    const { OBJ_KEY } = await post(sample);
    await commit();
    return OBJ_KEY as string;
  };

  test('takes every amount back, names both documents and clears the open items', async () => {
    const key = await posted({ currency: { CURRENCY: 'USD' } });
    expect(await reverse(key)).toMatchObject({ OBJ_TYPE: 'BKPFF', OBJ_KEY: '180000000210002026', RETURN: [{ TYPE: 'S', NUMBER: '605' }] });
    await commit();
    const [original, reversing] = postings(sap, { reference: 'BC-10452' });
    expect(original?.reversal).toEqual({ number: '1800000002', fiscalYear: '2026', isReversing: false });
    expect(reversing?.reversal).toEqual({ number: '1800000001', fiscalYear: '2026', isReversing: true });
    expect(reversing?.items.map(({ amount }) => amount)).toEqual(['-119.00', '100.00', '19.00']);
    expect(
      accountSums(sap, { referencePrefix: 'BC-' }).every(({ amount, localAmount }) => Number(amount) === 0 && Number(localAmount) === 0),
    ).toBe(true);
    expect(sap.stored('BSEG').get(['1000', '1800000002', '2026', '001'])).toMatchObject({ XNEGP: '', AUGBL: '1800000002' });
    expect([sap.stored('BSID').size, sap.stored('BSAD').size]).toEqual([0, 2]);
    expect(sap.stored('BKPF').get(['1000', '1800000002', '2026'])).toMatchObject({ STGRD: '01', XREVERSAL: '2', BUDAT: '20260131' });
  });

  test('on another day needs a reason that permits it', async () => {
    const key = await posted();
    expect(lines(await reverse(key, { PSTNG_DATE: '20260301' }))).toEqual(['E RW 609', 'E F5 362']);
    expect(lines(await reverse(key, { PSTNG_DATE: '20260301', REASON_REV: '02' }))).toEqual(['S RW 605']);
  });

  test('in a closed period is refused, and goes through on an open day', async () => {
    const key = await posted();
    closePeriod(sap, { companyCode: '1000', postingDate: '20260131' });
    expect(lines(await reverse(key))).toEqual(['E RW 609', 'E F5 201']);
    expect(lines(await reverse(key, { PSTNG_DATE: '20260201', REASON_REV: '02' }))).toEqual(['S RW 605']);
  });

  test('is made once, and is itself not reversed', async () => {
    const key = await posted();
    await reverse(key);
    expect(lines(await reverse(key, {}, newSession('SECOND')))).toEqual(['E RW 609', 'E F5 568', 'E F2 042']);
    await commit();
    expect(lines(await reverse(key))).toEqual(['E RW 609', 'E F5A 235']);
    expect(lines(await reverse('180000000210002026'))).toEqual(['E RW 609', 'E RW 628']);
  });

  test.each([
    ['no original', { OBJ_KEY_R: '' }, 'RW 004'],
    ['another object type', { OBJ_TYPE: 'VBRK' }, 'RW 009'],
    ['another system', { OBJ_SYS: 'QASCLNT200' }, 'RW 020'],
    ['a document that is not there', { OBJ_KEY_R: '180000999910002026' }, 'F5 302'],
    ['an unknown reason', { REASON_REV: '99' }, 'F5 555'],
  ])('%s is refused', async (_what, fields, expected) => {
    const key = await posted();
    expect(lines(await reverse(key, fields))).toEqual(['E RW 609', `E ${expected}`]);
  });
});

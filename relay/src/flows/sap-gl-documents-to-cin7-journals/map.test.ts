import type { SapDocument } from '../../systems/sap-ecc/index.ts';
import type { Mapping } from '../flow.ts';
import { mapDocument } from './map.ts';
import { checkJournals, type JournalHeader } from './payload.ts';
import { bodyOf, docItem, invoice, mapping } from './testing/samples.ts';

const dollars = (more: Partial<SapDocument> = {}): SapDocument =>
  invoice({
    currency: 'USD',
    items: [
      docItem('001', 'credit', '0000160000', '357.00', { localAmount: '329.67' }),
      docItem('002', 'debit', '0000475000', '300.00', { localAmount: '277.04' }),
      docItem('003', 'debit', '0000476000', '57.00', { localAmount: '52.63' }),
    ],
    ...more,
  });
const reasonsOf = (document: SapDocument, settings = {}, accounts?: Record<string, string>): string[] => {
  const outcome = mapDocument(document, mapping(settings, accounts));
  return outcome.outcome === 'blocked'
    ? outcome.reasons.map(({ code, missing }) => (missing ? `${missing.valueMapId} ${missing.code}` : code))
    : [];
};

test('an invoice becomes one journal that names the document, its items and what Cin7 has no field for', () => {
  const { journals, ...body } = bodyOf(invoice());
  expect(body).toEqual({
    key: 'PRD/100 1000/1900000123/2024',
    baseCurrency: 'EUR',
    header: {
      EffectiveDate: '2024-05-31',
      Notes: "Type KR, dated 2024-05-28, period 05/2024, reference RE-4711, text Fracht O'Brien & Söhne, user MMUELLER, transaction FB60",
    },
  });
  expect(journals).toEqual([
    {
      Currency: 'EUR',
      CurrencyConversionRate: '1',
      Narration: 'SAP PRD/100 1000/1900000123/2024 2024-05-31',
      Notes: expect.any(String),
      Lines: [
        { Debit: '425', Credit: '2990', Reference: '002/001 CC 4711', Amount: '150.00', BaseAmount: '150.00' },
        { Debit: '404', Credit: '2990', Reference: '003/001', Amount: '50.00', BaseAmount: '50.00' },
        { Debit: '805', Credit: '2990', Reference: '004/001', Amount: '38.00', BaseAmount: '38.00' },
      ],
    },
  ]);
  expect(journals[0]?.Notes.split('\n')).toEqual([
    '001 credit 160000 238.00 EUR, vendor 100123',
    '002 debit 475000 150.00 EUR, cost center 4711, text 上海精密机械 Fracht',
    '003 debit 476000 50.00 EUR',
    '004 debit 154000 38.00 EUR, tax V1',
  ]);
});

test('a foreign document keeps both amounts', () => {
  const [journal] = bodyOf(dollars()).journals;
  expect(journal).toMatchObject({ Currency: 'USD', CurrencyConversionRate: '0.92345' });
  expect(journal?.Lines.map(({ Amount, BaseAmount }) => [Amount, BaseAmount])).toEqual([
    ['300.00', '277.04'],
    ['57.00', '52.63'],
  ]);
});

test.each<[string, Partial<SapDocument>, Record<string, unknown>, string]>([
  ['another company code', { companyCode: '2000' }, {}, 'company code 2000 is not among 1000'],
  ['an excluded type', {}, { documentTypes: { exclude: ['KR'] } }, 'document type KR is excluded'],
  ['a type not asked for', {}, { documentTypes: { include: ['SA', 'AB'] } }, 'document type KR is not among SA, AB'],
  ['an account left out', {}, { leaveOutAccounts: ['0000154000'] }, 'item 004 is on account 154000, whose documents are left out'],
  [
    'an account left out, as people write it',
    {},
    { leaveOutAccounts: ['154000'] },
    'item 004 is on account 154000, whose documents are left out',
  ],
  ['no amounts', { items: [docItem('001', 'debit', '0000475000', '0.00')] }, {}, 'no item has an amount'],
])('%s is skipped', (_what, more, settings, reason) => {
  expect(mapDocument(invoice(more), mapping(settings))).toEqual({ outcome: 'skipped', reason });
});

test('all missing accounts are told at once, each once', () => {
  expect(reasonsOf(invoice(), {}, { '160000': '2990' })).toEqual(['gl-accounts 475000', 'gl-accounts 476000', 'gl-accounts 154000']);
});

test('by company code, its own entry comes before the one for all, and is the one that is missed', () => {
  const settings = { accountsBy: 'company-code' };
  const accounts = { '160000': '2990', '1000/475000': '433', '475000': '425', '476000': '404' };
  expect(reasonsOf(invoice(), settings, accounts)).toEqual(['gl-accounts 1000/154000']);
  const outcome = mapDocument(invoice(), mapping(settings, { ...accounts, '154000': '805' }));
  expect(outcome).toMatchObject({ body: { journals: [{ Lines: [{ Debit: '433' }, { Debit: '404' }, { Debit: '805' }] }] } });
});

test('a missing currency is told with the missing accounts', () => {
  const known = mapping({}, { '160000': '2990', '475000': '425' });
  const strict: Mapping = { ...known, lookup: (id, ...codes) => (id === 'currencies' ? undefined : known.lookup(id, ...codes)) };
  const outcome = mapDocument(dollars(), strict);
  expect(outcome).toMatchObject({
    reasons: [{ missing: { code: '476000' } }, { missing: { valueMapId: 'currencies', code: 'EUR' } }, { missing: { code: 'USD' } }],
  });
});

test('a document that does not balance to the last digit goes nowhere, whichever the currency', () => {
  const items = invoice().items.slice(0, 3);
  expect(mapDocument(invoice({ items }), mapping())).toMatchObject({
    outcome: 'blocked',
    reasons: [
      { code: 'DOCUMENT_UNBALANCED', message: expect.stringContaining('differ by -38 EUR over 3 items') },
      { code: 'DOCUMENT_UNBALANCED' },
    ],
  });
  const offByACent = dollars().items.map((item, index) => (index === 0 ? { ...item, localAmount: '329.66' } : item));
  expect(reasonsOf(dollars({ items: offByACent }))).toEqual(['DOCUMENT_UNBALANCED']);
});

describe('currencies that are not of two decimals', () => {
  const dinar = dollars({
    currency: 'KWD',
    items: [
      docItem('001', 'credit', '0000160000', '1001.234', { localAmount: '3030.20' }),
      docItem('002', 'debit', '0000475000', '1001.234', { localAmount: '3030.20' }),
    ],
  });
  const yen = dollars({
    currency: 'JPY',
    items: [
      docItem('001', 'credit', '0000160000', '100000', { localAmount: '615.43' }),
      docItem('002', 'debit', '0000475000', '100000', { localAmount: '615.43' }),
    ],
  });

  test('yen go out as they are', () => {
    expect(bodyOf(yen).journals).toMatchObject([
      { Currency: 'JPY', CurrencyConversionRate: '0.0061543', Lines: [{ Amount: '100000.00', BaseAmount: '615.43' }] },
    ]);
  });

  test('three decimals go out in base currency, and the notes keep them', () => {
    const outcome = mapDocument(dinar, mapping());
    expect(outcome).toMatchObject({
      body: {
        journals: [
          { Currency: 'EUR', CurrencyConversionRate: '1', Lines: [{ Amount: '3030.20' }], Notes: expect.stringContaining('1001.234 KWD') },
        ],
      },
      notes: [expect.stringContaining('posted in base currency')],
    });
  });

  test('or wait for a person', () => {
    expect(reasonsOf(dinar, { finerAmounts: 'block' })).toEqual(['AMOUNT_TOO_FINE']);
  });

  test('three decimals that are zero are none', () => {
    const items = dinar.items.map((item) => ({ ...item, amount: '1001.230' }));
    expect(bodyOf({ ...dinar, items }).journals).toMatchObject([{ Currency: 'KWD', Lines: [{ Amount: '1001.23' }] }]);
  });

  test('local amounts of three decimals can never be posted', () => {
    const items = dinar.items.map((item) => ({ ...item, localAmount: '1001.234' }));
    expect(reasonsOf({ ...dinar, localCurrency: 'KWD', items }, { amounts: 'base-currency' })).toEqual(['AMOUNT_TOO_FINE']);
  });
});

test('an amount in base currency alone becomes a journal of its own beside the first', () => {
  const items = [
    docItem('001', 'debit', '0000160000', '100.00', { localAmount: '95.00' }),
    docItem('002', 'credit', '0000113100', '100.00', { localAmount: '90.00' }),
    docItem('003', 'credit', '0000800000', '0.00', { localAmount: '5.00' }),
  ];
  const { journals } = bodyOf(dollars({ items }));
  expect(
    journals.map(({ Narration, Currency, CurrencyConversionRate }) => [Narration.slice(-8), Currency, CurrencyConversionRate]),
  ).toEqual([
    ['part 1/2', 'USD', '0.95000'],
    ['part 2/2', 'EUR', '1'],
  ]);
  const inBase = bodyOf(dollars({ items }), { amounts: 'base-currency' }).journals;
  expect(inBase.map(({ Lines }) => Lines.map(({ Debit, Credit, Amount }) => [Debit, Credit, Amount]))).toEqual([
    [
      ['2990', '090', '90.00'],
      ['2990', '200', '5.00'],
    ],
  ]);
});

test('a negative posting moves the balance where SAP says, on the side where it stands', () => {
  const items = [
    docItem('001', 'debit', '0000160000', '10.00', { isNegativePosting: true }),
    docItem('002', 'credit', '0000475000', '10.00', { isNegativePosting: true }),
  ];
  const [journal] = bodyOf(invoice({ items })).journals;
  expect(journal?.Lines).toMatchObject([{ Debit: '2990', Credit: '425', Amount: '10.00' }]);
  expect(journal?.Notes).toContain('negative posting');
});

test('items on one account: summed where that is wanted', () => {
  const items = [
    docItem('001', 'credit', '0000160000', '30.00'),
    docItem('002', 'debit', '0000475000', '10.00'),
    docItem('003', 'debit', '0000475000', '20.00'),
  ];
  expect(bodyOf(invoice({ items })).journals[0]?.Lines).toHaveLength(2);
  expect(bodyOf(invoice({ items }), { items: 'per-account' }).journals[0]?.Lines).toMatchObject([
    { Reference: '002+003/001', Amount: '30.00' },
  ]);
});

test('accounts that fall together leave nothing to post, or wait for a person', () => {
  const items = [docItem('001', 'credit', '0000160000', '30.00'), docItem('002', 'debit', '0000161000', '30.00')];
  const accounts = { '160000': '2990', '161000': '2990' };
  expect(mapDocument(invoice({ items }), mapping({}, accounts))).toEqual({
    outcome: 'skipped',
    reason: '30.00 EUR debit and credit meet on account 2990 alone: no balance changes',
  });
  expect(reasonsOf(invoice({ items }), { sameAccount: 'block' }, accounts)).toEqual(['SAME_ACCOUNT']);
});

test('a document of more lines than a journal may have becomes several, each named a part', () => {
  const { journals } = bodyOf(invoice(), { mostLines: 2 });
  expect(journals.map(({ Narration, Lines }) => [Narration, Lines.length])).toEqual([
    ['SAP PRD/100 1000/1900000123/2024 2024-05-31 part 1/2', 2],
    ['SAP PRD/100 1000/1900000123/2024 2024-05-31 part 2/2', 1],
  ]);
  expect(journals[1]?.Notes).not.toContain('002 debit');
});

test.each<[Partial<JournalHeader>, string[]]>([
  [{ EffectiveDate: '2024-06-30', Notes: 'quarter end' }, []],
  [{ EffectiveDate: '31.05.2024' }, ['EffectiveDate "31.05.2024" is no day like 2024-05-31']],
  [{ EffectiveDate: '2024-06-31' }, ['EffectiveDate "2024-06-31" is no day like 2024-05-31']],
  [{ Notes: 'x'.repeat(4001) }, ['Notes has 4001 characters, 4000 are allowed']],
])('a header that was overridden with %j is checked', (header, problems) => {
  const body = bodyOf(invoice());
  expect(checkJournals({ ...body, header: { ...body.header, ...header } }).map(({ message }) => message)).toEqual(problems);
});

test('a reversal names the document that it reverses', () => {
  const reverses = { number: '1900000100', fiscalYear: '2023' };
  expect(bodyOf(invoice({ reverses })).reverses).toBe('PRD/100 1000/1900000100/2023');
});

test('999 items are mapped at once, and their notes end somewhere', () => {
  const items = Array.from({ length: 998 }, (_, index) =>
    docItem(String(index + 2).padStart(3, '0'), 'debit', '0000475000', '1.01', { text: 'Reisekosten Außendienst' }),
  );
  const [journal] = bodyOf(invoice({ items: [docItem('001', 'credit', '0000160000', '1007.98'), ...items] })).journals;
  expect(journal?.Lines).toHaveLength(998);
  expect(journal?.Notes.length).toBeLessThanOrEqual(4000);
  expect(journal?.Notes).toMatch(/\(\d+ more items\)$/);
});

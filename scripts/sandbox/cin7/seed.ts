import { seedLocations, seedProducts } from './seed-products.ts';
import { seededId } from './seeded-id.ts';
import type { AccountRow, AttributeSetRow, Cin7State, PaymentTermRow, TaxRuleRow } from './state.ts';

/** A plausible German trading company: Xero-style chart, terms of which one is inactive, purchase and sale taxes, one attribute set. */
export function seed(): Cin7State {
  return {
    me: {
      Company: 'Nordlicht Handels GmbH',
      Currency: 'EUR',
      TimeZone: '(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna',
      LockDate: '2023-12-31T00:00:00',
      OpeningBalanceDate: '2020-01-01T00:00:00',
      TaxCalculationMethod: 'Row Total',
      DefaultSaleTaxRuleName: 'Tax on Sales',
      MaximumDecimalPlacesInQuantity: 'N2',
    },
    currencies: [
      'EUR',
      'USD',
      'GBP',
      'CHF',
      'PLN',
      'CZK',
      'SEK',
      'DKK',
      'NOK',
      'HUF',
      'CNY',
      'JPY',
      'AUD',
      'CAD',
      'BRL',
      'INR',
      'MXN',
      'TRY',
    ],
    // Companies of one process do not share their rows.
    ...structuredClone({ accounts, paymentTerms, taxRules, attributeSets }),
    locations: seedLocations(),
    products: seedProducts(),
    suppliers: new Map(),
    journals: new Map(),
    purchases: new Map(),
  };
}

function account(Code: string, Name: string, Type: string, Class: string, more: Partial<AccountRow> = {}): AccountRow {
  return {
    Code,
    Name,
    Type,
    Class,
    Status: 'ACTIVE',
    SystemAccount: null,
    SystemAccountCode: null,
    Description: '',
    ForPayments: false,
    DisplayName: `${Code}: ${Name}`,
    Currency: null,
    ...more,
  };
}

const accounts: AccountRow[] = [
  account('090', 'Business Bank Account', 'BANK', 'ASSET', { ForPayments: true, Currency: 'EUR' }),
  account('091', 'Savings Account', 'BANK', 'ASSET', { ForPayments: true, Currency: 'EUR' }),
  account('200', 'Sales', 'REVENUE', 'REVENUE'),
  account('260', 'Other Revenue', 'REVENUE', 'REVENUE'),
  account('310', 'Cost of Goods Sold', 'EXPENSE', 'EXPENSE'),
  account('404', 'Bank Fees', 'EXPENSE', 'EXPENSE'),
  account('425', 'Freight & Courier', 'EXPENSE', 'EXPENSE'),
  account('433', 'Insurance', 'EXPENSE', 'EXPENSE'),
  account('469', 'Rent', 'EXPENSE', 'EXPENSE'),
  account('477', 'Wages and Salaries', 'EXPENSE', 'EXPENSE'),
  account('489', 'Telephone & Internet', 'EXPENSE', 'EXPENSE', { Status: 'ARCHIVED' }),
  account('610', 'Accounts Receivable', 'CURRENT', 'ASSET', { SystemAccount: 'Accounts receivable', SystemAccountCode: 'DEBTORS' }),
  account('715', 'Inventory', 'CURRENT', 'ASSET'),
  account('710', 'Office Equipment', 'FIXED', 'ASSET'),
  account('800', 'Accounts Payable', 'CURRLIAB', 'LIABILITY', { SystemAccount: 'Accounts payable', SystemAccountCode: 'CREDITORS' }),
  account('801', 'Unpaid Expense Claims', 'CURRLIAB', 'LIABILITY', {
    SystemAccount: 'Unpaid expense claims',
    SystemAccountCode: 'UNPAIDEXPCLM',
  }),
  account('805', 'Accrued Liabilities', 'CURRLIAB', 'LIABILITY'),
  account('820', 'VAT', 'CURRLIAB', 'LIABILITY', { SystemAccount: 'GST / VAT', SystemAccountCode: 'GST' }),
  account('840', 'Historical Adjustment', 'CURRLIAB', 'LIABILITY', {
    SystemAccount: 'Historical adjustment',
    SystemAccountCode: 'HISTORICAL',
  }),
  account('860', 'Rounding', 'CURRLIAB', 'LIABILITY', { SystemAccount: 'Rounding', SystemAccountCode: 'ROUNDING' }),
  account('960', 'Retained Earnings', 'EQUITY', 'EQUITY', { SystemAccount: 'Retained earnings', SystemAccountCode: 'RETAINEDEARNINGS' }),
  account('2990', 'Clearing SAP', 'CURRLIAB', 'LIABILITY'),
];

function term(Name: string, Duration: number, more: Partial<PaymentTermRow> = {}): PaymentTermRow {
  return { ID: seededId(`term ${Name}`), Name, Duration, Method: 'number of days', IsActive: true, IsDefault: false, ...more };
}

const paymentTerms: PaymentTermRow[] = [
  term('Payable immediately', 0),
  term('7 days', 7),
  term('14 days', 14),
  term('14 days 2%, 30 days net', 30),
  term('14 days 3%, 20 days 2%, 30 days net', 30),
  term('30 days', 30, { IsDefault: true }),
  term('45 days', 45),
  term('60 days', 60),
  term('90 days', 90),
  term('15th of next month', 15, { Method: 'day of next month' }),
  term('30 days end of month', 30, { Method: 'days since the end of the month' }),
  term('Cash in advance (old)', 0, { IsActive: false }),
];

function tax(Name: string, TaxPercent: number, more: Partial<TaxRuleRow> = {}): TaxRuleRow {
  return {
    ID: seededId(`tax ${Name}`),
    Name,
    Account: '820',
    IsActive: true,
    TaxInclusive: false,
    TaxPercent,
    IsTaxForSale: false,
    IsTaxForPurchase: true,
    ...more,
  };
}

const taxRules: TaxRuleRow[] = [
  tax('Tax on Purchases', 19),
  tax('Reduced Tax on Purchases', 7),
  tax('Reverse Charge EU', 0),
  tax('Tax Exempt', 0, { IsTaxForSale: true }),
  tax('Tax on Sales', 19, { IsTaxForSale: true, IsTaxForPurchase: false }),
  tax('Tax on Purchases 16% (2020)', 16, { IsActive: false }),
];

const attributeSets: AttributeSetRow[] = [
  { ID: seededId('set SAP'), Name: 'SAP', Attribute1Name: 'SAP vendor number', Attribute1Type: 'Text' },
  { ID: seededId('set Food'), Name: 'Food', Attribute1Name: 'Organic', Attribute1Type: 'Checkbox' },
];

/** Chart of accounts INT of the invented system: account master in the chart and in every company code, cost elements. */
import { companyCodes, type Tables } from './reference.ts';

interface Settings {
  /** Reconciliation account of customers or vendors: no direct posting. */
  reconciles?: 'D' | 'K';
  /** Tax category: `+` output, `-` input, `*` any code, `<` and `>` the tax accounts themselves; left out: no tax code allowed. */
  tax?: '+' | '-' | '*' | '<' | '>';
  /** A line may come without tax code all the same. */
  taxOptional?: true;
  /** Only what SAP posts by itself. */
  automaticOnly?: true;
  blocked?: true;
  /** Cost element category: 01 primary costs, 11 revenue, 12 sales deductions. Left out of profit and loss accounts: 01. */
  costElement?: '01' | '11' | '12';
}

/** Number, short text, long text in English and German. */
type Account = readonly [string, string, string, string, Settings?];

const accounts: readonly Account[] = [
  ['0000160000', 'Payables domestic', 'Accounts payable - domestic', 'Verbindlichkeiten Inland', { reconciles: 'K' }],
  ['0000161000', 'Payables foreign', 'Accounts payable - foreign', 'Verbindlichkeiten Ausland', { reconciles: 'K' }],
  [
    '0000162000',
    'Payables affiliated',
    'Accounts payable - affiliated companies',
    'Verbindlichkeiten verb. Unternehmen',
    { reconciles: 'K' },
  ],
  ['0000169000', 'Payables one-time', 'Accounts payable - one-time accounts', 'Verbindlichkeiten CPD', { reconciles: 'K' }],
  ['0000140000', 'Receivables domestic', 'Trade receivables - domestic', 'Forderungen Inland', { reconciles: 'D' }],
  ['0000141000', 'Receivables foreign', 'Trade receivables - foreign', 'Forderungen Ausland', { reconciles: 'D' }],
  ['0000149000', 'Receivables one-time', 'Trade receivables - one-time accounts', 'Forderungen CPD', { reconciles: 'D' }],
  ['0000113100', 'Bank account', 'Deutsche Bank, current account', 'Deutsche Bank, Girokonto'],
  ['0000113900', 'Payments in transit', 'Clearing of payment providers', 'Geldtransit Zahlungsdienste'],
  ['0000209000', 'Gift certificates', 'Liabilities from gift certificates', 'Verbindlichkeiten aus Gutscheinen'],
  ['0000400000', 'Consumption raw mat', 'Consumption of raw materials', 'Verbrauch Rohstoffe', { tax: '-', taxOptional: true }],
  ['0000800000', 'Sales revenues', 'Sales revenues - domestic', 'Umsatzerlöse Inland', { tax: '+', costElement: '11' }],
  [
    '0000801000',
    'Sales revenues abr.',
    'Sales revenues - abroad',
    'Umsatzerlöse Ausland',
    { tax: '+', taxOptional: true, costElement: '11' },
  ],
  [
    '0000802000',
    'Shipping revenues',
    'Revenues from shipping and handling',
    'Erlöse Versand',
    { tax: '+', taxOptional: true, costElement: '11' },
  ],
  ['0000880000', 'Cash discounts', 'Customer cash discounts', 'Kundenskonti', { tax: '+', taxOptional: true, costElement: '12' }],
  ['0000881000', 'Promotions', 'Discounts of the online shop', 'Rabatte Onlineshop', { tax: '+', taxOptional: true, costElement: '12' }],
  ['0000888000', 'Rounding', 'Rounding differences', 'Rundungsdifferenzen', { tax: '*', taxOptional: true, costElement: '12' }],
  ['0000899000', 'Revenues up to 2019', 'Sales revenues - not used any more', 'Umsatzerlöse alt', { blocked: true, costElement: '11' }],
  ['0000154000', 'Input tax', 'Input tax', 'Vorsteuer', { tax: '<', automaticOnly: true }],
  ['0000175000', 'Output tax', 'Output tax', 'Ausgangssteuer', { tax: '>', automaticOnly: true }],
  ['0000176000', 'Sales tax payable', 'Sales tax payable (USA)', 'Verkaufssteuer USA'],
  ['0000191100', 'GR/IR clearing', 'Goods received / invoices received', 'WE/RE-Verrechnung', { automaticOnly: true }],
  ['0000230000', 'Exch. rate diff.', 'Loss - exchange rate differences', 'Kursdifferenzen Aufwand'],
  ['0000420000', 'Salaries', 'Salaries - base wages', 'Gehälter'],
  ['0000470000', 'Occupancy costs', 'Occupancy costs', 'Raumkosten', { tax: '-', taxOptional: true }],
  ['0000476000', 'Office supplies', 'Office supplies', 'Büromaterial', { tax: '-', taxOptional: true }],
  ['0000479000', 'Payment fees', 'Fees of payment providers', 'Gebühren Zahlungsdienste', { tax: '-', taxOptional: true }],
  ['0000489000', 'Depreciation', 'Depreciation of fixed assets', 'Abschreibungen'],
];

/** SKA1, SKAT, SKB1 and CSKB. */
export function ledgerAccountTables(): Tables {
  return {
    SKA1: accounts.map(([SAKNR]) => ({
      KTOPL: 'INT',
      SAKNR,
      SAKAN: SAKNR.replace(/^0+/, ''),
      XBILK: isProfitAndLoss(SAKNR) ? '' : 'X',
      GVTYP: isProfitAndLoss(SAKNR) ? 'X' : '',
      KTOKS: 'GL',
    })),
    SKAT: accounts.flatMap(([SAKNR, TXT20, english, german]) => [
      { SPRAS: 'E', KTOPL: 'INT', SAKNR, TXT20, TXT50: english },
      { SPRAS: 'D', KTOPL: 'INT', SAKNR, TXT20: german.slice(0, 20), TXT50: german },
    ]),
    SKB1: companyCodes.flatMap(({ BUKRS, WAERS, LAND1 }) =>
      accounts.map(([SAKNR, , , , settings = {}]) => ({
        BUKRS,
        SAKNR,
        WAERS,
        FSTAG: 'G001',
        MITKZ: settings.reconciles ?? '',
        MWSKZ: settings.tax ?? '',
        XMWNO: settings.taxOptional || (settings.tax && LAND1 === 'US') ? 'X' : '',
        XINTB: settings.automaticOnly ? 'X' : '',
        XKRES: settings.reconciles ? '' : 'X',
        XSPEB: settings.blocked ? 'X' : '',
      })),
    ),
    CSKB: accounts
      .filter(([number]) => isProfitAndLoss(number))
      .map(([KSTAR, , , , settings = {}]) => ({
        KOKRS: '1000',
        KSTAR,
        DATBI: '99991231',
        DATAB: '20000101',
        KATYP: settings.costElement ?? '01',
      })),
  };
}

function isProfitAndLoss(number: string): boolean {
  return number >= '0000400000';
}

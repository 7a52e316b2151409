import { justified, type Row } from '../data/index.ts';
import { Random } from '../../sap/seed/random.ts';
import { companies } from './reference.ts';
import { oldStamp } from './stamps.ts';

/** Object, subsidiaries beside the account itself, text, level of detail, posting edit code. */
type ChartLine = readonly [object: string, subsidiaries: string, text: string, level: string, postingEdit: string];

const balanceSheet: readonly ChartLine[] = [
  ['1000', '', 'ASSETS', '3', 'N'],
  ['1100', '', 'Cash and Banks', '4', 'N'],
  ['1110', 'BEAR FNB', 'Cash in Bank', '6', ''],
  ['1190', '', 'Bank clearing – closed 2019', '6', 'I'],
  ['1200', '', 'Forderungen aus L. u. L.', '6', 'M'],
  ['1411', '', 'Inventory – Rohstoffe', '6', ''],
  ['1415', '', 'Inventory in Transit', '6', ''],
  ['1500', '', 'Vorauszahlungen', '6', ''],
  ['2000', '', 'Fixed Assets', '4', 'N'],
  ['2010', '', 'Gebäude', '6', ''],
  ['2020', 'KOELN LEEDS', 'Machinery and Equipment', '6', ''],
  ['4000', '', 'LIABILITIES', '3', 'N'],
  ['4110', '', 'Accounts Payable – Trade', '6', 'M'],
  ['4111', '', 'Received Not Vouchered', '6', 'M'],
  ['4550', '', 'Umsatzsteuer / VAT', '6', ''],
  ['4980', '', 'Retained Earnings', '6', ''],
];
const profitAndLoss: readonly ChartLine[] = [
  ['5000', '', 'REVENUES', '3', 'N'],
  ['5010', '', 'Sales – Store', '6', ''],
  ['5020', 'EXPORT', 'Sales – Großhandel', '6', ''],
  ['5090', '', 'Freight Charged to Customers', '6', ''],
  ['6000', '', 'COST OF GOODS', '3', 'N'],
  ['6110', '', 'Material Purchases', '6', ''],
  ['6120', '', 'Purchase Price Variance', '6', 'M'],
  ['6150', 'INBOUND OUTBOUND', 'Frachtkosten', '6', ''],
  ['8000', '', 'EXPENSES', '3', 'N'],
  ['8110', '', 'Gehälter', '6', 'L'],
  ['8640', '', 'Office Supplies', '6', ''],
  ['8650', '', 'Bürobedarf (alt, nicht mehr bebuchen)', '6', 'I'],
  ['8670', '', "Travel – Directors' Expenses", '7', ''],
  ['8720', '', 'Miete & Nebenkosten', '6', ''],
  ['8780', '', 'Budgeted Contingency', '6', 'B'],
  ['9000', '', 'Statistical Units', '6', 'U'],
];

/** `count` rows over the business units of all companies; where the chart is used up, further project accounts follow. */
export function accountRows({ count, seed, today }: { count: number; seed: number; today: string }): Row[] {
  const random = new Random(seed + 7);
  const lines = [...charts(), ...furtherAccounts(count)].slice(0, count);
  return lines.map((line, index) => ({
    CO: line.company,
    AID: String(1001 + index * 3).padStart(8, '0'),
    MCU: justified({ length: 12 }, line.unit),
    OBJ: line.object,
    SUB: line.subsidiary,
    ANS: index % 6 === 1 ? `ALT-${line.object}${line.subsidiary}` : '',
    DL01: line.text.slice(0, 30).trimEnd(),
    LDA: line.level,
    PEC: line.postingEdit,
    CRCD: line.object === '1110' && line.subsidiary !== '' ? line.currency : '',
    ...oldStamp(random, today),
  }));
}

interface AccountLine {
  company: string;
  currency: string;
  unit: string;
  object: string;
  subsidiary: string;
  text: string;
  level: string;
  postingEdit: string;
}

function charts(): AccountLine[] {
  return companies.flatMap(({ number, currency, businessUnits }) =>
    businessUnits.flatMap(([unit], index) =>
      (index === 0 ? balanceSheet : profitAndLoss).flatMap(([object, subsidiaries, text, level, postingEdit]) =>
        ['', ...subsidiaries.split(' ').filter((one) => one !== '')].map((subsidiary) => ({
          company: number,
          currency,
          unit,
          object,
          subsidiary,
          text: subsidiary === '' ? text : `${text} ${subsidiary}`,
          level: subsidiary === '' ? level : '8',
          postingEdit,
        })),
      ),
    ),
  );
}

/** Costs by project: what makes a real chart long. */
function* furtherAccounts(count: number): Generator<AccountLine> {
  const units = companies.flatMap(({ number, currency, businessUnits }) =>
    businessUnits.slice(1).map(([unit]) => ({ company: number, currency, unit })),
  );
  for (let index = 0; index < count; index++) {
    const unit = units[index % units.length];
    if (!unit) return;
    const project = String(1000 + Math.floor(index / units.length));
    const postingEdit = index % 29 === 11 ? 'I' : '';
    yield { ...unit, object: '8900', subsidiary: `P${project}`, text: `Projektkosten P${project}`, level: '8', postingEdit };
  }
}

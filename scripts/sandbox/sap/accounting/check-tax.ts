/** Tax items: nothing is calculated, everything is compared with the rates of the tax procedure. */
import type { Row } from '../dictionary/index.ts';
import { toText } from '../documents/amounts.ts';
import type { Amounts } from './check-amounts.ts';
import type { DraftItem } from './draft.ts';
import type { Frame, Judge } from './judge.ts';

interface TaxCode {
  code: string;
  /** Thousandths of a percent: 19 % is 19,000. */
  rate: number;
  /** Its amounts are compared strictly (T007A-PRUEF). */
  isStrict: boolean;
  /** T030K: transaction key and account. */
  key: string;
  account: string;
  /** A output, V input. */
  type: string;
}

/** The tax account, and further fields of the item. */
export function checkTaxItem(judge: Judge, frame: Frame, item: DraftItem): { account: string; more: Row } {
  const { fields, place } = item;
  const code = fields['TAX_CODE'] ?? '';
  const tax = taxCodeOf(judge, frame, code);
  if (!tax) {
    judge.say('taxUnknown', [code, procedureOf(judge, frame)], { ...place, field: 'TAX_CODE' });
    return { account: '', more: {} };
  }
  const { GL_ACCOUNT = '', ACCT_KEY = '' } = fields;
  if (GL_ACCOUNT !== '' && GL_ACCOUNT !== tax.account) {
    judge.say('taxAccountWrong', [code, tax.account, GL_ACCOUNT], { ...place, field: 'GL_ACCOUNT' });
  }
  if (ACCT_KEY !== '' && ACCT_KEY !== tax.key) judge.say('taxKeyWrong', [code, ACCT_KEY], { ...place, field: 'ACCT_KEY' });
  return { account: tax.account, more: { KTOSL: tax.key, MWART: tax.type, BUZID: 'T' } };
}

/** Amounts against bases, bases against items, and that each taxed item has its tax item and the other way round. */
export function checkTaxes(judge: Judge, frame: Frame, amounts: Amounts): void {
  const { items } = judge.draft;
  const codeOf = ({ fields }: DraftItem): string => fields['TAX_CODE'] ?? '';
  const taxItems = Map.groupBy(
    items.filter(({ kind }) => kind === 'tax'),
    codeOf,
  );
  const netItems = Map.groupBy(
    items.filter((item) => item.kind === 'gl' && codeOf(item) !== ''),
    codeOf,
  );
  for (const [code, nets] of netItems) {
    const tax = taxCodeOf(judge, frame, code);
    const [first] = nets;
    if (!tax && first) judge.say('taxUnknown', [code, procedureOf(judge, frame)], { ...first.place, field: 'TAX_CODE' });
    if (tax && tax.rate !== 0 && !taxItems.has(code)) judge.say('taxMissing', [code], first?.place);
  }
  for (const [code, lines] of taxItems) {
    const tax = taxCodeOf(judge, frame, code);
    if (!tax) continue;
    const nets = netItems.get(code) ?? [];
    if (nets.length === 0) judge.say('taxUnused', [code], lines[0]?.place);
    else compare(judge, { tax, lines, nets, amounts });
  }
}

interface Comparison {
  tax: TaxCode;
  lines: readonly DraftItem[];
  nets: readonly DraftItem[];
  amounts: Amounts;
}

/** An item each may be rounded: so many smallest units are let pass. Taxes of jurisdictions come from outside. */
function compare(judge: Judge, { tax, lines, nets, amounts }: Comparison): void {
  const tolerance = judge.system.behaviour.taxTolerance * nets.length;
  const text = (units: number): string => toText(units, amounts.currency);
  const withJurisdiction = lines.some(({ fields }) => fields['TAXJURCODE']);
  for (const { number, place } of lines) {
    const { units, baseUnits } = amounts.of(number);
    const expected = Math.round((baseUnits * tax.rate) / 100_000);
    if (baseUnits === 0 && units !== 0) judge.say('taxNoBase', [tax.code], { ...place, parameter: 'CURRENCYAMOUNT', field: 'AMT_BASE' });
    else if (!withJurisdiction && Math.abs(units - expected) > tolerance) {
      if (tax.isStrict) judge.say('taxAmountWrong', [tax.code, text(units), text(expected)], place);
      else judge.warn('taxAmountWrong', [tax.code, text(units), text(expected)], place);
    }
  }
  if (withJurisdiction) return;
  const base = lines.reduce((sum, { number }) => sum + amounts.of(number).baseUnits, 0);
  const net = nets.reduce((sum, { number }) => sum + amounts.of(number).units, 0);
  if (Math.abs(base - net) > tolerance) judge.say('taxBaseWrong', [tax.code, text(base), text(net)], lines[0]?.place);
}

function procedureOf(judge: Judge, { company }: Frame): string {
  return judge.row('T005', company['LAND1'] ?? '')?.['KALSM'] ?? '';
}

function taxCodeOf(judge: Judge, frame: Frame, code: string): TaxCode | undefined {
  const country = frame.company['LAND1'] ?? '';
  const row = judge.row('T007A', procedureOf(judge, frame), code);
  if (!row) return undefined;
  const isInput = row['MWART'] === 'V';
  const key = isInput ? 'VST' : 'MWS';
  const record = judge.row('A003', 'TX', isInput ? 'MWVS' : 'MWAS', country, code)?.['KNUMH'] ?? '';
  // KBETR holds ten times the percentage, with two decimals.
  const rate = Number((judge.row('KONP', record, '01')?.['KBETR'] ?? '0').replace('.', ''));
  const accounts = judge.row('T030K', frame.company['KTOPL'] ?? '', key, code, country);
  return { code, rate, isStrict: row['PRUEF'] === 'X', key, account: accounts?.['KONTS'] ?? '', type: row['MWART'] ?? '' };
}

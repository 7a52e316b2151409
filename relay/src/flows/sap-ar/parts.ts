import { addAmounts, type Amount } from '@ml-connector/shared';
import type { GlItem, TaxItem } from '../../systems/sap-ecc/index.ts';
import type { ArPart } from './body.ts';
import { apportion, fromMinor, sumOf, toMinor, type MinorUnits } from './minor-units.ts';

/** Something that was sold, or given back: what it cost with tax, on which account its net goes. Amounts are exact, not rounded yet. */
export interface ArComponent {
  account: ArAccount;
  /** SGTXT. */
  text: string;
  gross: Amount;
  tax: Amount;
  /** SAP's tax code; undefined where the account takes none. */
  taxCode?: string;
}

export interface ArAccount {
  glAccount: string;
  costCenter?: string;
  profitCenter?: string;
}

/** What paid for it besides the customer: a gift certificate that was redeemed, store credit. */
export interface ArTender {
  account: ArAccount;
  text: string;
  amount: Amount;
}

export interface ArSums {
  components: readonly ArComponent[];
  tenders: readonly ArTender[];
  /** With tax; what customer and tenders owe together. */
  total: Amount;
  decimals: number;
  /** `invoice`: the customer owes it; `credit`: it is given back. */
  side: 'invoice' | 'credit';
  /** One item per component, or one per account and tax code. */
  items: 'per-line' | 'per-account';
  /** Items a document may have, customer, taxes and tenders among them. */
  mostItems: number;
  /** ZUONR of the items. */
  assignment: string;
  /** Keys of the tax items: `MWS`. */
  taxKeys: { accountKey?: string; conditionKey?: string };
}

interface Rounded {
  component: ArComponent;
  net: MinorUnits;
  tax: MinorUnits;
}

/**
 * The documents, in whole cents and each balanced: all gross amounts sum to the total, the taxes of a code to its rounded sum, and what is
 * left of each is its net. What is too long for one document becomes several.
 */
export function partsOf(sums: ArSums): ArPart[] {
  const { components, tenders, total, decimals, mostItems } = sums;
  const whole = components.map(({ gross, ...rest }) => ({ gross: plain(gross), ...rest }));
  const grosses = apportion(
    toMinor(plain(total), decimals),
    whole.map(({ gross }) => gross),
    decimals,
  );
  const taxes = roundTaxes(components, decimals);
  const rounded = components.map((component, place): Rounded => {
    const tax = taxes[place] ?? 0n;
    return { component, net: (grosses[place] ?? 0n) - tax, tax };
  });
  const lines = sums.items === 'per-line' ? rounded : perAccount(rounded);
  const paid = tenders.filter(({ amount }) => toMinor(plain(amount), decimals) !== 0n);
  const codes = new Set(lines.map(({ component }) => component.taxCode)).size;
  const room = Math.max(1, mostItems - 1 - codes - paid.length);
  const chunks = Array.from({ length: Math.max(1, Math.ceil(lines.length / room)) }, (_, chunk) =>
    lines.slice(chunk * room, (chunk + 1) * room),
  );
  return chunks.map((chunk, place) => partOf(sums, chunk, place === 0 ? paid : [])).filter(({ items }) => items.length > 0);
}

function partOf({ decimals, side, assignment, taxKeys }: ArSums, lines: readonly Rounded[], tenders: readonly ArTender[]): ArPart {
  // Revenue is a credit: negative on an invoice.
  const signed = (minor: MinorUnits): Amount => fromMinor(side === 'invoice' ? -minor : minor, decimals);
  const items: (GlItem | TaxItem)[] = [];
  for (const { component, net } of lines) {
    if (net === 0n) continue;
    const { account, text, taxCode } = component;
    items.push({ kind: 'gl', ...account, amount: signed(net), text, assignment, ...(taxCode !== undefined && { taxCode }) });
  }
  for (const { account, text, amount } of tenders)
    items.push({ kind: 'gl', ...account, amount: signed(-toMinor(plain(amount), decimals)), text, assignment });
  for (const [taxCode, those] of Map.groupBy(lines, ({ component }) => component.taxCode)) {
    const base = sumOf(those.map(({ net }) => net));
    const tax = sumOf(those.map((one) => one.tax));
    // A code of zero percent is told by an item of nothing on its base, which the tax return counts.
    if (taxCode !== undefined && (base !== 0n || tax !== 0n))
      items.push({ kind: 'tax', taxCode, amount: signed(tax), base: signed(base), assignment, ...taxKeys });
  }
  const gross = sumOf(lines.map(({ net, tax }) => net + tax));
  const paid = sumOf(tenders.map(({ amount }) => toMinor(plain(amount), decimals)));
  return { customerAmount: fromMinor(side === 'invoice' ? gross - paid : paid - gross, decimals), items };
}

/** The taxes of a code sum to what its exact sum rounds to. */
function roundTaxes(components: readonly ArComponent[], decimals: number): MinorUnits[] {
  const taxes: MinorUnits[] = components.map(() => 0n);
  const byCode = Map.groupBy(components.keys(), (place) => components[place]?.taxCode);
  for (const places of byCode.values()) {
    const exact = places.map((place) => plain(components[place]?.tax ?? '0'));
    const shares = apportion(toMinor(addAmounts('0', ...exact), decimals), exact, decimals);
    for (const [index, place] of places.entries()) taxes[place] = shares[index] ?? 0n;
  }
  return taxes;
}

function perAccount(lines: readonly Rounded[]): Rounded[] {
  const groups = Map.groupBy(lines, ({ component: { account, taxCode = '' } }) =>
    [account.glAccount, account.costCenter ?? '', account.profitCenter ?? '', taxCode].join('\n'),
  );
  return [...groups.values()].flatMap((those) => {
    const [first] = those;
    if (!first) return [];
    const text = those.length === 1 ? first.component.text : `${those.length} items`;
    return [{ component: { ...first.component, text }, net: sumOf(those.map(({ net }) => net)), tax: sumOf(those.map(({ tax }) => tax)) }];
  });
}

/** Without trailing zeros: `10.0000` is `10`. */
function plain(amount: Amount): Amount {
  return addAmounts(amount);
}

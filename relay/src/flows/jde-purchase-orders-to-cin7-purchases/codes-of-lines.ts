import type { JdePurchaseOrder, JdePurchaseOrderLine } from '../../systems/jde/index.ts';

/** Stands in a code for what an order does not say: an order without a tax area has `-`. */
export const nothing = '-';

/** Of a line that is not taxable whatever its area. */
export const notTaxable = 'N';

/** Codes of the value map tax-rules for a line, the most exact first: `DE19/V/Y`, `DE19/V`, `DE19`; not taxable `DE19/V/N`, `N`. */
export function taxCodes(
  { taxArea, taxExplanation }: JdePurchaseOrder,
  line: Pick<JdePurchaseOrderLine, 'taxArea' | 'taxExplanation' | 'isTaxable'>,
): string[] {
  const area = line.taxArea || taxArea || nothing;
  const explained = `${area}/${line.taxExplanation || taxExplanation || nothing}`;
  return line.isTaxable ? [`${explained}/Y`, explained, area] : [`${explained}/N`, notTaxable];
}

/** Codes of the value map charges for a line: `J/5010.100`, `5010.100`, `5010`, `J`. */
export function chargeCodes({ type, account: { object, subsidiary } }: ChargedLine): string[] {
  const account = [object, subsidiary].filter(Boolean).join('.');
  return account === '' ? [type] : [...new Set([`${type}/${account}`, account, object, type])];
}

/** The one of these that a missing entry is told by: the account of a line that has one, for a type stands for too many. */
export function chargeCode(line: ChargedLine): string {
  const [first = '', account = first] = chargeCodes(line);
  return account;
}

interface ChargedLine {
  type: string;
  account: { object: string; subsidiary: string };
}

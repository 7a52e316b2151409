import { addAmounts, roundAmount, type Amount } from '@ml-connector/shared';
import type { JdePurchaseOrderLine } from '../../systems/jde/index.ts';
import type { BlockReason } from '../flow.ts';
import { fit } from '../texts/index.ts';
import { amountDecimals, amountOf, isZero } from './amounts.ts';
import { chargeCode, chargeCodes } from './codes-of-lines.ts';
import type { LinesInput } from './lines-input.ts';
import { chargeReference, longest, textOf } from './notes.ts';
import type { WantedCharge } from './payload.ts';
import type { PricedLine } from './priced-line.ts';
import { missing, orProblem } from './reasons.ts';
import { taxRuleOf } from './tax-rule.ts';

/** A line without an item as a charge over its amount; none where it has no amount. */
export function chargeOf(
  { order, money, mapping, settings, told }: LinesInput,
  line: JdePurchaseOrderLine,
  reasons: BlockReason[],
): WantedCharge[] {
  const own: BlockReason[] = [];
  const amount = orProblem(amountOf(line, { ...money, ...settings }), own);
  if (amount !== undefined && isZero(amount)) {
    told.push(`line ${line.number} of type ${line.type} has no amount: left out`);
    return [];
  }
  const taxRule = taxRuleOf({ order, mapping }, line, own);
  const service = mapping.lookup('charges', ...chargeCodes(line));
  if (service === undefined) own.push(missing('charges', chargeCode(line), `line ${line.number} of type ${line.type} (${textOf(line)})`));
  reasons.push(...own);
  if (own.length > 0 || amount === undefined || taxRule === undefined || service === undefined) return [];
  return [charge({ service, reference: chargeReference(line, told), amount, taxRule })];
}

/** What four decimals of price left over, one charge for each tax rule. */
export function roundingCharges({ settings }: LinesInput, priced: readonly PricedLine[], reasons: BlockReason[]): WantedCharge[] {
  const uneven = priced.filter(({ rest }) => !isZero(rest));
  const { roundingCharge: service } = settings;
  if (service === undefined) {
    for (const { numbers, line, rest } of uneven)
      reasons.push({
        code: 'PRICE_TOO_FINE',
        message: `line ${numbers}: ${addAmounts(line.Total, rest)} for ${line.Quantity} ${line.UOM} is no price of four decimals; name a service product in roundingCharge that takes what is left`,
      });
    return [];
  }
  return [...Map.groupBy(uneven, ({ line }) => line.TaxRule)].map(([taxRule, those]) => {
    const reference = `Rounding of lines ${those.map(({ numbers }) => numbers).join(', ')}`;
    const amount = roundAmount(addAmounts(...those.map(({ rest }) => rest)), amountDecimals);
    return charge({ service, reference: fit(reference, { field: 'Reference', longest: longest.reference }, []), amount, taxRule });
  });
}

function charge(of: { service: string; reference: string; amount: Amount; taxRule: string }): WantedCharge {
  const { service, reference, amount, taxRule } = of;
  return { Description: service, Reference: reference, Quantity: '1', Price: amount, Discount: '0', TaxRule: taxRule, Total: amount };
}

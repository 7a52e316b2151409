import type { JdePurchaseOrderLine } from '../../systems/jde/index.ts';
import type { BlockReason } from '../flow.ts';
import { taxCodes } from './codes-of-lines.ts';
import type { LinesInput } from './lines-input.ts';
import { missing } from './reasons.ts';

/** The tax rule of a line in Cin7 Core; undefined with the reason. */
export function taxRuleOf(
  { order, mapping }: Pick<LinesInput, 'order' | 'mapping'>,
  line: JdePurchaseOrderLine,
  reasons: BlockReason[],
): string | undefined {
  const codes = taxCodes(order, line);
  const rule = mapping.lookup('tax-rules', ...codes);
  if (rule === undefined) reasons.push(missing('tax-rules', codes.at(-1) ?? '', `line ${line.number}`, codes[0]));
  return rule;
}

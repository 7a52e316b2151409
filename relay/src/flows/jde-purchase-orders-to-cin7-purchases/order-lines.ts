import type { BlockReason } from '../flow.ts';
import { chargeOf, roundingCharges } from './charges.ts';
import { itemOf, merged } from './items.ts';
import type { LinesInput } from './lines-input.ts';
import type { WantedCharge, WantedLine } from './payload.ts';
import { lineOf } from './priced-line.ts';
import { distinct } from './reasons.ts';

export interface MappedLines {
  Lines: WantedLine[];
  AdditionalCharges: WantedCharge[];
  /** Every reason against the order, not only the first. */
  reasons: BlockReason[];
}

/** The lines of a purchase: items with their prices, charges with their amounts, and what four decimals of price left over. */
export function mapLines(input: LinesInput): MappedLines {
  const reasons: BlockReason[] = input.sorted.unclear.map(({ number, type }) => ({
    code: 'LINE_UNCLEAR',
    message: `line ${number} of type ${type} is a text with an amount; name the type among the charges (lineTypes)`,
  }));
  const items = input.sorted.items.flatMap((line) => itemOf(input, line, reasons));
  const charges = input.sorted.charges.flatMap((line) => chargeOf(input, line, reasons));
  const priced = merged(items, input.settings).map((item) => lineOf(input, item));
  const rounding = roundingCharges(input, priced, reasons);
  return { Lines: priced.map(({ line }) => line), AdditionalCharges: [...charges, ...rounding], reasons: distinct(reasons) };
}

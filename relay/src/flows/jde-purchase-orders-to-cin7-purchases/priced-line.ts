import type { Amount } from '@ml-connector/shared';
import type { JdePurchaseOrder, JdePurchaseOrderLine } from '../../systems/jde/index.ts';
import { fit } from '../texts/index.ts';
import { priceOf } from './amounts.ts';
import type { Item } from './items.ts';
import type { SortedLines } from './line-kinds.ts';
import type { LinesInput } from './lines-input.ts';
import { commentOf, longest, numbersOf, textOf } from './notes.ts';
import type { WantedLine } from './payload.ts';

export interface PricedLine {
  line: WantedLine;
  numbers: string;
  /** What its price of four decimals leaves over. */
  rest: Amount;
}

export function lineOf({ order, sorted, settings, told }: LinesInput, item: Item): PricedLine {
  const { lines, sku, unit, taxRule, quantity, amount } = item;
  const { price, total, rest } = priceOf(amount, quantity);
  const texts = settings.textLines === 'comment' ? textsBehind(order, sorted, lines) : [];
  const name = fit(textOf(lines[0] as JdePurchaseOrderLine) || sku, { field: 'Name', longest: longest.name }, told);
  return {
    numbers: numbersOf(lines),
    rest,
    line: {
      SKU: sku,
      Name: name,
      Quantity: quantity,
      UOM: unit,
      Price: price,
      Discount: '0',
      TaxRule: taxRule,
      Comment: commentOf(lines, texts, told),
      Total: total,
    },
  };
}

/** Free text between these lines and the next line that is none. */
function textsBehind({ lines: all }: JdePurchaseOrder, { texts }: SortedLines, lines: readonly JdePurchaseOrderLine[]): string[] {
  return lines.flatMap((line) => {
    const behind = all.slice(all.indexOf(line) + 1);
    const end = behind.findIndex((one) => !texts.includes(one));
    return behind.slice(0, end < 0 ? behind.length : end).map(textOf);
  });
}

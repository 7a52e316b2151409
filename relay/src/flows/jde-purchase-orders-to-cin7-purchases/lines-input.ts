import type { JdePurchaseOrder } from '../../systems/jde/index.ts';
import type { Mapping } from '../flow.ts';
import type { Money } from './amounts.ts';
import type { SortedLines } from './line-kinds.ts';
import type { PurchaseFlowSettings } from './settings.ts';

/** What the lines of an order are mapped by. */
export interface LinesInput {
  order: JdePurchaseOrder;
  sorted: SortedLines;
  money: Money;
  mapping: Mapping;
  settings: PurchaseFlowSettings;
  /** What was cut or left out on the way. */
  told: string[];
}

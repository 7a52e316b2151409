import type { JdePurchaseOrder, JdePurchaseOrderLine } from '../../systems/jde/index.ts';
import { isZero } from './amounts.ts';
import type { PurchaseFlowSettings } from './settings.ts';

export type LineStanding = 'cancelled' | 'unreleased' | 'open' | 'closed';

/** Where a line stands by its statuses. A line without a next status is not released. */
export function standingOf({ lastStatus, nextStatus }: JdePurchaseOrderLine, { statuses }: PurchaseFlowSettings): LineStanding {
  if (statuses.cancelled.includes(lastStatus)) return 'cancelled';
  if (nextStatus < statuses.releasedFrom) return 'unreleased';
  return nextStatus >= statuses.closedFrom ? 'closed' : 'open';
}

/** `unclear`: a text with an amount. */
export type LineKind = 'item' | 'charge' | 'text' | 'left-out' | 'unclear';

/** What becomes of a line in Cin7 Core, by its type and else by its item: free-form numbers of non-stock lines (ITM 0) are no items. */
export function kindOf(line: JdePurchaseOrderLine, { lineTypes: { texts, charges, leftOut } }: PurchaseFlowSettings): LineKind {
  if (leftOut.includes(line.type)) return 'left-out';
  if (texts.includes(line.type)) return isZero(line.extendedAmount + line.foreignExtendedAmount) ? 'text' : 'unclear';
  return charges.includes(line.type) || isZero(line.item.short) ? 'charge' : 'item';
}

/** The lines of an order by what becomes of them. */
export interface SortedLines {
  items: JdePurchaseOrderLine[];
  charges: JdePurchaseOrderLine[];
  texts: JdePurchaseOrderLine[];
  unclear: JdePurchaseOrderLine[];
  /** Of those that are sent: not released yet. */
  unreleased: JdePurchaseOrderLine[];
  cancelled: JdePurchaseOrderLine[];
  leftOut: JdePurchaseOrderLine[];
  /** Nothing more happens to any line that is sent. */
  isClosed: boolean;
}

/** Texts go with the order whatever their own status, unless they are cancelled. */
export function sortLines({ lines }: JdePurchaseOrder, settings: PurchaseFlowSettings): SortedLines {
  const standing = new Map(lines.map((line) => [line, standingOf(line, settings)]));
  const kinds = Map.groupBy(lines, (line): LineKind | 'cancelled' | 'unreleased' => {
    if (standing.get(line) === 'cancelled') return 'cancelled';
    const kind = kindOf(line, settings);
    const counts = kind !== 'text' && kind !== 'left-out';
    return counts && standing.get(line) === 'unreleased' ? 'unreleased' : kind;
  });
  const of = (kind: LineKind | 'cancelled' | 'unreleased'): JdePurchaseOrderLine[] => kinds.get(kind) ?? [];
  const sent = [...of('item'), ...of('charge'), ...of('unclear'), ...of('unreleased')];
  return {
    items: of('item'),
    charges: of('charge'),
    texts: of('text'),
    unclear: of('unclear'),
    unreleased: of('unreleased'),
    cancelled: of('cancelled'),
    leftOut: of('left-out'),
    isClosed: sent.length > 0 && sent.every((line) => standing.get(line) === 'closed'),
  };
}

import { SystemError } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import { orderDifferences } from './purchase-differences.ts';
import { checkOrder } from './purchase-limits.ts';
import { orderIn } from './purchase-rows.ts';
import { settle, type PurchaseParts } from './purchase-settling.ts';
import { checkNotVoided, storedDifferently, tellMinor } from './purchase-states.ts';
import { orderBody } from './purchase-wire.ts';
import { readPurchase } from './purchase-reading.ts';
import { isRow, sameWord, text } from './rows.ts';
import type { Cin7Purchase, Cin7PurchaseOrder } from './types.ts';

interface Putting {
  id: string;
  order: Cin7PurchaseOrder;
  doing: string;
}

/** An order is authorised only once its draft is known to hold these lines: what was stored otherwise stays a draft. */
export async function putOrder(parts: PurchaseParts, id: string, order: Cin7PurchaseOrder, scope: CallScope): Promise<Cin7Purchase> {
  const doing = `writing the order of purchase ${id}`;
  checkOrder(order, doing);
  const putting = { id, order, doing };
  const stored = await settle(
    parts,
    {
      id,
      doing,
      isDone: ({ Order }) => isAsWanted(Order, order),
      checkMayChange: (purchase) => checkIsDraft(purchase, doing),
      send: () => send(parts, putting, scope),
      verify: (purchase) => verify(purchase, order, doing),
    },
    scope,
  );
  tellMinor(parts.clock, { what: 'POST /purchase/order', differences: orderDifferences(stored.Order, order) }, scope);
  return stored;
}

/** Texts of a draft are sent again; those of an order that is through are not worth undoing it. */
function isAsWanted(stored: Cin7Purchase['Order'], order: Cin7PurchaseOrder): boolean {
  const { serious, minor } = orderDifferences(stored, order);
  return stored.Status === order.Status && serious.length === 0 && (minor.length === 0 || stored.Status === 'AUTHORISED');
}

async function send(parts: PurchaseParts, { id, order, doing }: Putting, scope: CallScope): Promise<void> {
  const post = (Status: Cin7PurchaseOrder['Status']): Promise<unknown> =>
    parts.client({ method: 'POST', path: 'purchase/order', body: orderBody(id, order, Status), doing }, scope);
  const answer = await post('DRAFT');
  if (order.Status === 'DRAFT') return;
  if (!saysItHolds(answer, id, order)) {
    const stored = await readPurchase(parts.client, id, scope);
    if (stored) verify(stored, { ...order, Status: 'DRAFT' }, doing);
  }
  await post('AUTHORISED');
}

/** The answer shows the order as stored; one that does not, or is not understood, is no answer to rely on. */
function saysItHolds(answer: unknown, id: string, order: Cin7PurchaseOrder): boolean {
  if (!isRow(answer) || !sameWord(text(answer['TaskID']), id)) return false;
  try {
    const stored = orderIn(answer);
    return stored.Status === 'DRAFT' && orderDifferences(stored, order).serious.length === 0;
  } catch {
    return false;
  }
}

function verify(purchase: Cin7Purchase, order: Cin7PurchaseOrder, doing: string): void {
  const { serious } = orderDifferences(purchase.Order, order);
  const status = purchase.Order.Status === order.Status ? [] : [`the order is ${purchase.Order.Status} in place of ${order.Status}`];
  if (serious.length + status.length > 0) throw storedDifferently(purchase, [...status, ...serious], doing);
}

function checkIsDraft(purchase: Cin7Purchase, doing: string): void {
  checkNotVoided(purchase, doing);
  const { Order, OrderNumber, Status } = purchase;
  if (Order.Status === 'DRAFT' || Order.Status === 'NOT AVAILABLE') return;
  throw new SystemError(
    'CIN7_ORDER_NOT_DRAFT',
    'refused',
    `${doing}: the order of ${OrderNumber} is ${Order.Status} with other lines (${Status})`,
    {
      fix: 'Undo the order in Cin7 Core, and replay the record; or change the order there by hand.',
    },
  );
}

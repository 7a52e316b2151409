import type { ProbeOutcome } from '../flow.ts';
import { nothingOpen } from './cancel.ts';
import { lookForPurchases, resultOf, type PurchasePost } from './find.ts';
import type { PutBody } from './payload.ts';
import { isThere } from './post.ts';
import { linkedSupplier } from './ready.ts';

/**
 * After a lost answer: is the order in Cin7 Core as it was sent, found by its mark? `absent` also for what is only half done, a header without
 * lines, a draft that was not authorised or an order that was only undone: posting looks again, goes on with what is there, and adds no second
 * purchase. A header may come through later than the engine's margin allows for: the second look after making one sees both.
 */
export async function probeOrder(input: PurchasePost): Promise<ProbeOutcome> {
  const { body } = input;
  const supplierOf = lazy(() => linkedSupplier(input));
  const found = await lookForPurchases(input, supplierOf);
  if (body.action === 'cancel')
    return found.live.length === 0 ? { outcome: 'applied', result: nothingOpen(input, found) } : { outcome: 'absent' };
  const supplier = await supplierOf();
  if (!supplier) return { outcome: 'unknown', why: `supplier ${body.supplier} is not linked to one of Cin7 Core any more` };
  const [current, another] = found.live;
  if (!current || another) return { outcome: 'absent' };
  if (!(await isThere(input as PurchasePost<PutBody>, supplier, current))) return { outcome: 'absent' };
  return { outcome: 'applied', result: resultOf(current, input.link ? 'updated' : 'created') };
}

function lazy<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => (value ??= read());
}

import { isSystemError, SystemError } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import type { Cin7Client } from './client.ts';
import { unreadable, type JudgedCall } from './judge.ts';
import { isSimple, toPurchase } from './purchase-rows.ts';
import { isRow, rowsOf, sameWord, text, type Row } from './rows.ts';
import type { Cin7Purchase } from './types.ts';

export type PurchasePath = 'advanced-purchase' | 'purchase';

export async function readPurchase(client: Cin7Client, id: string, scope: CallScope): Promise<Cin7Purchase | undefined> {
  const row = await readRow(client, { id, path: 'advanced-purchase' }, scope);
  return row && purchaseIn(row, { writes: false, doing: `reading purchase ${id}` });
}

/**
 * The row of a purchase, as it came. The advanced path takes every type, but was seen to answer a simple purchase with empty blocks; the simple path refuses
 * the others, and a simple purchase may become an advanced one at any time (facts/cin7.md 9.5). So the one leads to the other, once.
 */
export async function readRow(
  client: Cin7Client,
  { id, path }: { id: string; path: PurchasePath },
  scope: CallScope,
): Promise<Row | undefined> {
  if (path === 'advanced-purchase') {
    const row = await readAt(client, { id, path }, scope);
    if (!row || !typeIsSimple(row, id) || !hasEmptyOrder(row)) return row;
  }
  try {
    return await readAt(client, { id, path: 'purchase' }, scope);
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'CIN7_OTHER_PURCHASE_TYPE') throw error;
    return readAt(client, { id, path: 'advanced-purchase' }, scope);
  }
}

async function readAt(client: Cin7Client, { id, path }: { id: string; path: PurchasePath }, scope: CallScope): Promise<Row | undefined> {
  const doing = `reading purchase ${id}`;
  try {
    const answer = await client({ method: 'GET', path, query: { ID: id }, doing }, scope);
    if (!isRow(answer) || text(answer['ID']) === '') throw unreadable({ writes: false, doing }, 'the answer holds no purchase');
    if (!sameWord(text(answer['ID']), id)) throw otherPurchase(doing, text(answer['ID']));
    return answer;
  } catch (error) {
    if (isSystemError(error) && error.code === 'CIN7_PURCHASE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Throws what cannot be understood. */
export function purchaseIn(row: Row, call: JudgedCall): Cin7Purchase {
  try {
    return toPurchase(row);
  } catch (cause) {
    throw unreadable(call, `the purchase in the answer is not understood: ${(cause as Error).message}`);
  }
}

function typeIsSimple(row: Row, id: string): boolean {
  try {
    return isSimple(row);
  } catch {
    throw unreadable({ writes: false, doing: `reading purchase ${id}` }, 'the purchase in the answer has no Type');
  }
}

function hasEmptyOrder(row: Row): boolean {
  const order = row['Order'];
  return !isRow(order) || ['Lines', 'AdditionalCharges'].every((name) => (rowsOf(order, name) ?? []).length === 0);
}

function otherPurchase(doing: string, id: string): SystemError {
  return new SystemError('CIN7_WRONG_PURCHASE', 'refused', `${doing}: Cin7 Core answered with purchase ${id} in its place`, {
    fix: 'Look at both purchases in Cin7 Core; nothing was changed by this reading. If it comes again, ask Cin7 support.',
  });
}

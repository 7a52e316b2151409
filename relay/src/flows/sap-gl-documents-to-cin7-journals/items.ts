import { addAmounts, compareAmounts, negateAmount } from '@ml-connector/shared';
import type { SapDocument, SapDocumentItem } from '../../systems/sap-ecc/index.ts';
import type { BlockReason } from '../flow.ts';
import { toCents } from './cents.ts';
import type { PairItem } from './pairs.ts';

/**
 * The amount with its sign, debits positive. XNEGP changes nothing here: SAP has such an item on the side that the balance goes to already,
 * it only shows it as less on the other side.
 */
export function signed(item: SapDocumentItem, field: 'amount' | 'localAmount'): string {
  return item.side === 'debit' ? item[field] : negateAmount(item[field]);
}

/** To the last digit, in both currencies: a document that does not balance was read incompletely. */
export function balanceProblems({ items, currency, localCurrency }: SapDocument): BlockReason[] {
  return (['amount', 'localAmount'] as const).flatMap((field) => {
    const balance = addAmounts('0', ...items.map((item) => signed(item, field)));
    if (compareAmounts(balance, '0') === 0) return [];
    const message = `debits and credits differ by ${balance} ${field === 'amount' ? currency : localCurrency} over ${items.length} items`;
    return [{ code: 'DOCUMENT_UNBALANCED', message: `${message}: the document was read incompletely, nothing is posted` }];
  });
}

/** Whether two decimals hold every amount. */
export function fitsTwoDecimals({ items }: SapDocument, field: 'amount' | 'localAmount'): boolean {
  return items.every((item) => toCents(item[field]) !== undefined);
}

/** Items ready for pairing, by their accounts in Cin7 Core; those of no amount at all are left out. */
export function toPairItems(
  { items }: SapDocument,
  { accounts, inBase, perAccount }: { accounts: ReadonlyMap<string, string>; inBase: boolean; perAccount: boolean },
): PairItem[] {
  const single = items.flatMap((item): PairItem[] => {
    const base = toCents(signed(item, 'localAmount')) ?? 0n;
    const amount = inBase ? base : (toCents(signed(item, 'amount')) ?? 0n);
    return amount === 0n && base === 0n ? [] : [{ names: [item.number], account: accounts.get(item.account) ?? '', amount, base }];
  });
  return perAccount ? summed(single) : single;
}

function summed(items: readonly PairItem[]): PairItem[] {
  const groups = Map.groupBy(items, ({ account, amount, base }) => `${amount > 0n || (amount === 0n && base > 0n) ? 'D' : 'C'} ${account}`);
  return [...groups.values()].map((group) =>
    group.reduce((sum, { names, account, amount, base }) => ({
      names: [...sum.names, ...names],
      account,
      amount: sum.amount + amount,
      base: sum.base + base,
    })),
  );
}

import { sumOf, type Cents } from './cents.ts';

/** A debit or credit that is to be paired, above zero. */
export interface Side<Item extends { account: string }> {
  item: Item;
  amount: Cents;
}

export interface PairedAmount<Item> {
  debit: Item;
  credit: Item;
  amount: Cents;
}

/**
 * Pairs debits with credits of the same sum, at most n + m - 1 pairs, never one account with itself, in linear time and always the same
 * way. No account's debits and credits together may exceed the sum of all debits (`cancelOut` sees to that).
 *
 * Where no account stands on both sides, both are taken in their order. Otherwise both sides are laid around a circle, account by account in
 * the same order, and the credits are turned until each account's credits begin where its debits have ended. The turn that does it for
 * the account that needs most does it for all, and puts a beginning on an end, which saves the pair that cutting the circle costs.
 */
export function pairUp<Item extends { account: string }>(
  debits: readonly Side<Item>[],
  credits: readonly Side<Item>[],
): PairedAmount<Item>[] {
  const creditAccounts = new Set(credits.map(({ item }) => item.account));
  if (!debits.some(({ item }) => creditAccounts.has(item.account))) return merge(debits, credits);
  const order = new Map([...debits, ...credits].map(({ item }) => [item.account, 0]));
  for (const [index, account] of [...order.keys()].entries()) order.set(account, index);
  const byAccount = (one: Side<Item>, other: Side<Item>): number =>
    (order.get(one.item.account) ?? 0) - (order.get(other.item.account) ?? 0);
  const left = debits.toSorted(byAccount);
  const right = credits.toSorted(byAccount);
  return merge(left, turned(right, turnFor(left, right)));
}

/** How far the credits have to be turned onwards. */
function turnFor<Item extends { account: string }>(debits: readonly Side<Item>[], credits: readonly Side<Item>[]): Cents {
  const [debitEnds, creditStarts] = [new Map<string, Cents>(), new Map<string, Cents>()];
  let at = 0n;
  for (const { item, amount } of debits) debitEnds.set(item.account, (at += amount));
  const total = at;
  at = 0n;
  for (const { item, amount } of credits) {
    if (!creditStarts.has(item.account)) creditStarts.set(item.account, at);
    at += amount;
  }
  const turns = [...creditStarts].flatMap(([account, start]) => {
    const end = debitEnds.get(account);
    return end === undefined ? [] : [end - start];
  });
  const most = turns.reduce((one, other) => (one > other ? one : other));
  return ((most % total) + total) % total;
}

/** The circle cut open again: its last `turn` comes first. */
function turned<Item extends { account: string }>(sides: readonly Side<Item>[], turn: Cents): Side<Item>[] {
  let untilCut = sumOf(sides.map(({ amount }) => amount)) - turn;
  const [before, after]: [Side<Item>[], Side<Item>[]] = [[], []];
  for (const { item, amount } of sides) {
    const first = untilCut >= amount ? amount : untilCut;
    if (first > 0n) before.push({ item, amount: first });
    if (amount > first) after.push({ item, amount: amount - first });
    untilCut -= first;
  }
  return [...after, ...before];
}

function merge<Item extends { account: string }>(debits: readonly Side<Item>[], credits: readonly Side<Item>[]): PairedAmount<Item>[] {
  const pairs: PairedAmount<Item>[] = [];
  let creditAt = 0;
  let creditLeft = credits[0]?.amount ?? 0n;
  for (const { item: debit, amount: debitAmount } of debits) {
    for (let debitLeft = debitAmount; debitLeft > 0n;) {
      const credit = credits[creditAt];
      if (!credit) throw new RangeError('the debits exceed the credits');
      const amount = debitLeft < creditLeft ? debitLeft : creditLeft;
      pairs.push({ debit, credit: credit.item, amount });
      debitLeft -= amount;
      creditLeft -= amount;
      if (creditLeft === 0n) creditLeft = credits[(creditAt += 1)]?.amount ?? 0n;
    }
  }
  return pairs;
}

/**
 * What meets itself: an account whose debits and credits together exceed the sum of all debits has to be paired with itself for the
 * excess, which a journal cannot say and which changes no balance. It is taken off both of its sides, from the last items backwards.
 */
export function cancelOut<Item extends { account: string }>(
  debits: readonly Side<Item>[],
  credits: readonly Side<Item>[],
): { debits: Side<Item>[]; credits: Side<Item>[]; cancelled: { account: string; amount: Cents } | undefined } {
  const total = sumOf(debits.map(({ amount }) => amount));
  const loads = new Map<string, Cents>();
  for (const { item, amount } of [...debits, ...credits]) loads.set(item.account, (loads.get(item.account) ?? 0n) + amount);
  // All loads together are twice the total, so that at most one exceeds it.
  const over = [...loads].find(([, load]) => load > total);
  if (!over) return { debits: [...debits], credits: [...credits], cancelled: undefined };
  const [account, load] = over;
  const amount = load - total;
  return {
    debits: without(debits, account, amount),
    credits: without(credits, account, amount),
    cancelled: { account, amount },
  };
}

function without<Item extends { account: string }>(sides: readonly Side<Item>[], account: string, amount: Cents): Side<Item>[] {
  let open = amount;
  const kept = sides.toReversed().map((side) => {
    if (side.item.account !== account) return side;
    const cut = open < side.amount ? open : side.amount;
    open -= cut;
    return { item: side.item, amount: side.amount - cut };
  });
  return kept.filter((side) => side.amount > 0n).toReversed();
}

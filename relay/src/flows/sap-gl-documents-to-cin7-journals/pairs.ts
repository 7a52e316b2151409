import { absolute, sumOf, type Cents } from './cents.ts';
import { cancelOut, pairUp, type PairedAmount, type Side } from './pair-up.ts';
import { converted, deviation, isWithinTolerance, rateOf, rateText, sameCurrency, type Rate } from './rate.ts';

/** An item of a document: debits are positive, credits negative, in document currency and in base currency. */
export interface PairItem {
  /** Number of the item, or of those it sums up: `001`. */
  names: readonly string[];
  /** Code in Cin7 Core. */
  account: string;
  amount: Cents;
  base: Cents;
}

/** A journal line: both amounts are above zero, the accounts differ. */
export interface Pair {
  debit: PairItem;
  credit: PairItem;
  amount: Cents;
  base: Cents;
}

export interface Decomposition {
  /** Rate of the lines in document currency, as decimal text. */
  rate: string;
  /** In document currency; each base amount is within a cent of amount times rate. */
  pairs: Pair[];
  /** What is left in base currency alone: exchange rate differences, cents of rounding. Amount and base amount are the same. */
  basePairs: Pair[];
  /** Debit and credit of one account that had nothing but each other to be paired with, in document currency. */
  cancelled: { account: string; amount: Cents } | undefined;
}

interface DecomposeOptions {
  /** Document and base currency are the same, so that the rate is 1. */
  isBaseCurrency: boolean;
  /** Account that takes the other side of every difference in base currency; without one they are paired with each other. */
  baseAgainst?: string | undefined;
}

/**
 * The items of a balanced document as pairs (facts/cin7.md 8). Deterministic. Per account, `pairs` add up to the items' amounts exactly,
 * and `pairs` with `basePairs` to their base amounts.
 *
 * A journal has one rate, and Cin7 Core refuses a line whose base amount is more than a cent off. SAP rounds each item by itself, so pairs
 * of pairs drift; and a payment clears invoices at rates of their own. So: a pair's base amount is what its items have left, as long as
 * that fits; where it does not, the pair gets amount times rate and the rest goes into `basePairs`, netted per account. This always
 * fits. Rates of few decimals are tried first, then finer ones, with the items in their order and in one that keeps the drift small; what
 * leaves the fewest `basePairs` is taken, which for mere rounding is none at all.
 */
export function decompose(items: readonly PairItem[], { isBaseCurrency, baseAgainst }: DecomposeOptions): Decomposition {
  assertBalanced(items);
  let best: Attempt | undefined;
  for (const rate of isBaseCurrency ? [sameCurrency] : candidateRates(items)) {
    for (const ordered of [items, steered(items, rate)]) {
      const attempt = attemptAt({ ordered, items, rate, baseAgainst });
      if (!best || attempt.cost < best.cost) best = attempt;
      if (best.cost === 0n) break;
    }
    if (best?.cost === 0n) break;
  }
  const { rate, pairs, basePairs, cancelled } = best ?? { rate: sameCurrency, pairs: [], basePairs: [], cancelled: undefined };
  return { rate: rateText(rate), pairs, basePairs, cancelled };
}

function assertBalanced(items: readonly PairItem[]): void {
  const [amount, base] = [sumOf(items.map((item) => item.amount)), sumOf(items.map((item) => item.base))];
  if (amount !== 0n || base !== 0n) throw new RangeError('the items do not add up to zero');
}

// SAP's own rates have five decimals, for a hundred units in some currencies; large amounts need more to be met to the cent.
const tryDecimals = [5, 7, 9, 12, 16];

/** From the debits and from the credits: where they differ, one side has the rate of the day and the other one older rates. */
function candidateRates(items: readonly PairItem[]): Rate[] {
  const sides = [items.filter(({ amount }) => amount > 0n), items.filter(({ amount }) => amount < 0n)];
  const sums = sides.map((side) => ({ base: sumOf(side.map(({ base }) => base)), amount: sumOf(side.map(({ amount }) => amount)) }));
  const usable = sums.filter(({ base, amount }) => amount !== 0n && base !== 0n);
  const [first] = sums;
  if (usable.length === 0) return first && first.amount > 0n ? [rateOf(0n, first.amount, 16)] : [sameCurrency];
  return tryDecimals.flatMap((decimals) => usable.map(({ base, amount }) => rateOf(base, absolute(amount), decimals)));
}

/** Positive and negative deviations by turns, so that their running sum stays within that of a single item. */
function steered(items: readonly PairItem[], rate: Rate): PairItem[] {
  const off = (item: PairItem): bigint => deviation(item, rate);
  const inTurns = (side: PairItem[]): PairItem[] => {
    const [over, under] = [side.filter((item) => off(item) > 0n), side.filter((item) => off(item) <= 0n)];
    const ordered: PairItem[] = [];
    let [sum, nextOver, nextUnder] = [0n, 0, 0];
    while (ordered.length < side.length) {
      const item = (sum <= 0n ? (over[nextOver] ?? under[nextUnder]) : (under[nextUnder] ?? over[nextOver])) as PairItem;
      if (item === over[nextOver]) nextOver += 1;
      else nextUnder += 1;
      ordered.push(item);
      sum += off(item);
    }
    return ordered;
  };
  return [...inTurns(items.filter(({ amount }) => amount > 0n)), ...inTurns(items.filter(({ amount }) => amount <= 0n))];
}

interface Attempt {
  rate: Rate;
  pairs: Pair[];
  basePairs: Pair[];
  cancelled: Decomposition['cancelled'];
  /** What has to be said in base currency alone, weighed: lines first, then their sum. */
  cost: bigint;
}

interface Trial {
  ordered: readonly PairItem[];
  items: readonly PairItem[];
  rate: Rate;
  baseAgainst: string | undefined;
}

function attemptAt({ ordered, items, rate, baseAgainst }: Trial): Attempt {
  const sides = (sign: 1n | -1n): Side<PairItem>[] =>
    ordered.map((item) => ({ item, amount: item.amount * sign })).filter(({ amount }) => amount > 0n);
  const { debits, credits, cancelled } = cancelOut(sides(1n), sides(-1n));
  const { pairs, left } = withBase(pairUp(debits, credits), items, rate);
  const basePairs = pairBase(items, left, baseAgainst);
  const sum = sumOf(basePairs.map(({ base }) => base));
  return { rate, pairs, basePairs, cancelled, cost: BigInt(basePairs.length) * 10n ** 30n + sum };
}

/** Gives each pair its base amount; `left` is what an item has beyond that, debit positive. */
function withBase(
  paired: readonly PairedAmount<PairItem>[],
  items: readonly PairItem[],
  rate: Rate,
): { pairs: Pair[]; left: Map<PairItem, Cents> } {
  const left = new Map(items.map((item) => [item, item.base]));
  const open = new Map<PairItem, Cents>();
  for (const { debit, credit, amount } of paired) {
    open.set(debit, (open.get(debit) ?? 0n) + amount);
    open.set(credit, (open.get(credit) ?? 0n) + amount);
  }
  const pairs = paired.map(({ debit, credit, amount }) => {
    const closing = [debit, credit].filter((item) => {
      const rest = (open.get(item) ?? 0n) - amount;
      open.set(item, rest);
      return rest === 0n;
    });
    const wanted = closing.map((item) => (left.get(item) ?? 0n) * (item === debit ? 1n : -1n));
    const base = bestBase(wanted, amount, rate);
    left.set(debit, (left.get(debit) ?? 0n) - base);
    left.set(credit, (left.get(credit) ?? 0n) + base);
    return { debit, credit, amount, base };
  });
  return { pairs, left };
}

/** What an item that ends here has left, the nearer of two, when it fits; else amount times rate. */
function bestBase(wanted: readonly Cents[], amount: Cents, rate: Rate): Cents {
  const off = (base: Cents): bigint => absolute(deviation({ amount, base }, rate));
  const fitting = wanted.filter((base) => base > 0n && isWithinTolerance({ amount, base }, rate));
  return fitting.toSorted((one, other) => (off(one) < off(other) ? -1 : 1))[0] ?? converted(amount, rate);
}

/** Differences in base currency, netted per account, so that no account stands on both sides. */
function pairBase(items: readonly PairItem[], left: ReadonlyMap<PairItem, Cents>, against: string | undefined): Pair[] {
  const differing = items.filter((item) => (left.get(item) ?? 0n) !== 0n);
  const netted = [...Map.groupBy(differing, ({ account }) => account)].map(([account, ofAccount]): PairItem => {
    const base = sumOf(ofAccount.map((item) => left.get(item) ?? 0n));
    return { names: ofAccount.flatMap(({ names }) => names), account, amount: base, base };
  });
  if (against !== undefined) return netted.flatMap((item) => pairAgainst(item, against));
  const sides = (sign: 1n | -1n): Side<PairItem>[] =>
    netted.map((item) => ({ item, amount: item.base * sign })).filter(({ amount }) => amount > 0n);
  return pairUp(sides(1n), sides(-1n)).map((pair) => ({ ...pair, base: pair.amount }));
}

/** The account itself needs no pair: what the others leave on it is its own difference. */
function pairAgainst(item: PairItem, account: string): Pair[] {
  if (item.account === account || item.base === 0n) return [];
  const other: PairItem = { names: [], account, amount: 0n, base: 0n };
  const amounts = { amount: absolute(item.base), base: absolute(item.base) };
  return [item.base > 0n ? { debit: item, credit: other, ...amounts } : { debit: other, credit: item, ...amounts }];
}

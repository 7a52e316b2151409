import type { Cin7PaymentTerm } from '../../systems/cin7-core/index.ts';
import type { ValueMapCodes } from '../flow.ts';

/** By the same text, else by the same number of net days, else by words in common; of several the one most alike. */
export function proposeTerm({ code, name }: { code: string; name: string }, terms: Cin7PaymentTerm[]): ValueMapCodes['proposals'] {
  const likenessOf = (term: Cin7PaymentTerm): number => likeness(words(name), words(term.Name));
  const ranked = terms.toSorted((one, other) => likenessOf(other) - likenessOf(one));
  const equal = ranked.find((term) => words(term.Name).join(' ') === words(name).join(' ') && name !== '');
  if (equal) return [{ from: code, to: equal.Name, why: 'same text' }];
  const days = netDays(name);
  const sameDays = ranked.find(({ Duration, Method }) => Duration === days && /^number of days$/i.test(Method));
  if (sameDays) return [{ from: code, to: sameDays.Name, why: days === 0 ? 'due at once' : `net ${days} days` }];
  // 45 days and 30 days have most words in common.
  const similar = ranked.find((term) => likenessOf(term) >= 0.6 && numbersIn(term.Name) === numbersIn(name));
  return similar ? [{ from: code, to: similar.Name, why: 'similar text' }] : [];
}

/** The longest number of days in the text that earns no discount: `14 days 2 %, 30 net` gives 30; 0 for immediate payment. */
function netDays(text: string): number | undefined {
  if (/end of (the )?month|monatsende|next month|baseline/i.test(text)) return undefined;
  const withoutDiscounts = text.replaceAll(/\d+\s*(days?|tagen?)?\s*\d+([.,]\d+)?\s*%/gi, '').replaceAll(/\d+([.,]\d+)?\s*%/g, '');
  const days = [...withoutDiscounts.matchAll(/\d+/g)].map(Number).filter((number) => number <= 365);
  if (days.length > 0) return Math.max(...days);
  return /immediate|at once|sofort|cash on|upon receipt/i.test(text) ? 0 : undefined;
}

function numbersIn(text: string): string {
  return (text.match(/\d+/g) ?? []).join(' ');
}

function words(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** Dice's coefficient: twice the words in common over all words. */
function likeness(one: string[], other: string[]): number {
  const shared = one.filter((word) => other.includes(word)).length;
  return one.length + other.length === 0 ? 0 : (2 * shared) / (one.length + other.length);
}

import type { Cin7Account } from '../../systems/cin7-core/index.ts';
import type { ValueMapCodes } from '../flow.ts';

type Target = Pick<Cin7Account, 'Code' | 'Name'>;

/** Names less alike than this have little to do with each other. */
const leastLikeness = 0.6;

/**
 * Accounts of Cin7 Core that an account may be: of the same code, of the same name, else of the most similar name. Of a code and another
 * account of the same name both are proposed, so that a person decides.
 */
export function proposeAccount({ code, name }: { code: string; name: string }, accounts: readonly Target[]): ValueMapCodes['proposals'] {
  const sameCode = accounts.filter(({ Code }) => plain(Code) === plain(code));
  const sameName = accounts.filter(({ Name }) => fold(name) !== '' && fold(Name) === fold(name));
  const certain = [...new Set([...sameCode, ...sameName])];
  if (certain.length > 0) return certain.map((account) => ({ from: code, to: account.Code, why: whyCertain(account) }));

  const likened = accounts.map((account) => ({ account, likeness: likeness(words(name), words(account.Name)) }));
  const best = Math.max(leastLikeness, ...likened.map((one) => one.likeness));
  return likened
    .filter((one) => one.likeness >= best)
    .map(({ account }) => ({ from: code, to: account.Code, why: `similar name: ${account.Name}` }));

  function whyCertain(account: Target): string {
    const isSameName = sameName.includes(account);
    if (!sameCode.includes(account)) return 'same name';
    return isSameName ? 'same code and name' : `same code, other name: ${account.Name}`;
  }
}

/** Without leading zeros, whatever the case. */
function plain(code: string): string {
  return code
    .trim()
    .replace(/^0+(?=.)/, '')
    .toLowerCase();
}

export function fold(name: string): string {
  return words(name).join(' ');
}

function words(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** Dice's coefficient: twice the words in common over all words. `Rec` is a word in common with `Receivables`. */
function likeness(one: string[], other: string[]): number {
  const isLike = (word: string): boolean =>
    other.some((another) => word === another || isShortFor(word, another) || isShortFor(another, word));
  const shared = one.filter(isLike).length;
  return one.length + other.length === 0 ? 0 : (2 * shared) / (one.length + other.length);
}

/** Descriptions of 30 characters are full of abbreviations. */
function isShortFor(short: string, long: string): boolean {
  return short.length >= 3 && long.length > short.length && long.startsWith(short);
}

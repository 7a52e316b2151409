import { compareAmounts } from '@ml-connector/shared';

export interface KeyValue {
  text: string;
  isNumber: boolean;
}

/**
 * Watches that keys go up. Numbers are compared as numbers. How a database sorts texts depends on its collation, which AIS does not
 * tell; but it must be one of the known ones, and the same from the first row to the last.
 */
export interface KeyOrder {
  /** -1 where the key goes up, 0 where it stays, 1 where it goes down by every collation that is still possible. */
  step(from: KeyValue, to: KeyValue): -1 | 0 | 1;
}

type Compare = (one: string, other: string) => number;

export function openKeyOrder(): KeyOrder {
  let collations: readonly Compare[] = known;
  return {
    step: (from, to) => {
      if (from.isNumber && to.isNumber) return compareNumbers(from.text, to.text);
      if (from.text === to.text) return 0;
      const left = collations.filter((compare) => compare(from.text, to.text) <= 0);
      if (left.length === 0) return 1;
      collations = left;
      return -1;
    },
  };
}

function compareNumbers(one: string, other: string): -1 | 0 | 1 {
  // Up to fifteen digits are exact in a JS number.
  if (one.length > 15 || other.length > 15) return compareAmounts(one, other);
  return Math.sign(Number(one) - Number(other)) as -1 | 0 | 1;
}

/** Of EBCDIC (IBM i) as far as keys need it: signs, then small letters, capital letters, digits. */
const ebcdic = ' .<(+|&!$*);-/,%_>?`:#@\'="abcdefghijklmnopqr~stuvwxyz^[]{ABCDEFGHI}JKLMNOPQR\\STUVWXYZ0123456789';
const place = (character: string): number => {
  const index = ebcdic.indexOf(character);
  return index < 0 ? 1000 + (character.codePointAt(0) ?? 0) : index;
};

const linguistic = new Intl.Collator('en');
const known: readonly Compare[] = [
  (one, other) => (one < other ? -1 : 1),
  (one, other) => byPlace(Array.from(one), Array.from(other)),
  (one, other) => linguistic.compare(one, other),
];

function byPlace(one: string[], other: string[]): number {
  const most = Math.max(one.length, other.length);
  for (let index = 0; index < most; index++) {
    // A shorter text is filled up with blanks, as in the column.
    const difference = place(one[index] ?? ' ') - place(other[index] ?? ' ');
    if (difference !== 0) return difference;
  }
  return 0;
}

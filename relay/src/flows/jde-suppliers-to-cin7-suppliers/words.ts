import type { SupplierWords } from '../cin7-suppliers/index.ts';

export interface SupplierNumber {
  /** AN8 in plain digits. */
  number: string;
  environment: string;
}

/** `6001 (JPD920)`: two environments give the same numbers to different companies, so a number alone is nobody's. */
export function fullNumber({ number, environment }: SupplierNumber): string {
  return `${number} (${environment})`;
}

/**
 * JD Edwards suppliers by AN8 and environment. The marks of former environments count as those of the one they became: an upgrade renames
 * JPD910 to JPD920, its suppliers stay the same.
 */
export function jdeSupplierWords(environment: string, formerEnvironments: readonly string[] = []): SupplierWords {
  const today = (marked: string): string => (formerEnvironments.includes(marked) ? environment : marked);
  const numberIn = (text: string): string | undefined => {
    const [, number, marked = ''] = /^0*(\d{1,8}) ?\(([A-Z0-9]{1,10})\)/i.exec(text) ?? [];
    return number === undefined ? undefined : fullNumber({ number, environment: today(marked.toUpperCase()) });
  };
  return {
    noun: 'JDE supplier',
    short: (number) => number.replace(/ .*$/, ''),
    comment: (number) => `JDE supplier ${number}`,
    inComment: (comments) => numberIn(/\bJDE supplier (.*)/i.exec(comments)?.[1] ?? ''),
    attribute: (number) => number,
    // What else somebody wrote there is not ours, and not to be written over.
    inAttribute: (text) => numberIn(text) ?? text,
  };
}

/** The environment of a full number. */
export function environmentOf(number: string): string {
  return /\(([A-Z0-9]+)\)$/.exec(number)?.[1] ?? '';
}

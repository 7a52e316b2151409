import type { Cin7Supplier } from '../../systems/cin7-core/index.ts';
import type { SupplierRules } from './rules.ts';
import type { SupplierWords } from './words.ts';

/**
 * The number a supplier carries: in the first additional attribute of our attribute set, else in the comments. Undefined for a supplier
 * that is nobody's; the mark itself where it is another source's.
 */
export function markedNumber(
  words: SupplierWords,
  { AttributeSet, AdditionalAttribute1, Comments }: Cin7Supplier,
  { attributeSet }: Pick<SupplierRules, 'attributeSet'>,
): string | undefined {
  const isOurSet = attributeSet !== undefined && AttributeSet?.toLowerCase() === attributeSet.toLowerCase();
  const attribute = isOurSet ? AdditionalAttribute1?.trim() : '';
  return attribute ? words.inAttribute(attribute) : (words.inComment(Comments ?? '') ?? anyMark.exec(Comments ?? '')?.[0]);
}

/** What any source writes: a supplier that another flow brought is not free to be taken over. */
const anyMark = /\bSAP vendor [^\s,;.]+|\bJDE supplier \d+ \([A-Z0-9]+\)/i;

/** The comments with the mark in them; what people wrote there stays. */
export function withMark(comments: string | undefined, mark: string): string {
  const own = (comments ?? '').trim();
  return own ? `${own.slice(0, 256 - mark.length - 2).trimEnd()}\n${mark}` : mark;
}

/** `Acme GmbH [100123]`, the name a supplier gets when another one has its name. */
export function nameWithNumber(words: SupplierWords, name: string, number: string): string {
  return `${name} [${words.short(number)}]`;
}

/** Leaves room for ` [0000100123]` within the 256 characters of Cin7 Core. */
export const longestName = 243;

/** Names are compared as Cin7 Core does: whatever the case. */
export function isSameName(one: string, other: string): boolean {
  return foldName(one) === foldName(other);
}

export function foldName(name: string): string {
  return name.normalize('NFC').replaceAll(/\s+/gu, ' ').trim().toLowerCase();
}

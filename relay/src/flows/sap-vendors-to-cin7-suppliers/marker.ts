import { alphaIn, alphaOut } from '@ml-connector/shared';
import type { Cin7Supplier } from '../../systems/cin7-core/index.ts';

/** How a supplier says whose vendor it is: for people and for us, since Cin7 Core has no field for foreign keys (facts/cin7.md 10). */
export function markerComment(number: string): string {
  return `SAP vendor ${alphaOut(number)}`;
}

/**
 * The vendor number a supplier carries, padded: in the first additional attribute of our attribute set, else in the comments.
 * Undefined for a supplier that is nobody's.
 */
export function markedNumber(
  { AttributeSet, AdditionalAttribute1, Comments }: Cin7Supplier,
  { attributeSet }: { attributeSet?: string | undefined },
): string | undefined {
  const isOurSet = attributeSet !== undefined && AttributeSet?.toLowerCase() === attributeSet.toLowerCase();
  const attribute = isOurSet ? AdditionalAttribute1?.trim() : '';
  const comment = /\bSAP vendor ([^\s,;.]+)/i.exec(Comments ?? '')?.[1];
  const number = attribute || comment;
  return number ? alphaIn(number, 10) : undefined;
}

/** The comments with the marker in them; what people wrote there stays. */
export function withMarker(comments: string | undefined, number: string): string {
  const marker = markerComment(number);
  const own = (comments ?? '').trim();
  return own ? `${own.slice(0, 256 - marker.length - 2).trimEnd()}\n${marker}` : marker;
}

/** `Acme GmbH [100123]`, the name a vendor gets when another one has its name. */
export function nameWithNumber(name: string, number: string): string {
  return `${name} [${alphaOut(number)}]`;
}

/** Names are compared as Cin7 Core does: whatever the case. */
export function isSameName(one: string, other: string): boolean {
  return foldName(one) === foldName(other);
}

export function foldName(name: string): string {
  return name.normalize('NFC').replaceAll(/\s+/gu, ' ').trim().toLowerCase();
}

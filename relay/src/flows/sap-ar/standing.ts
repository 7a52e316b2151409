import { compareAmounts, SystemError } from '@ml-connector/shared';
import { openPostings, type FiDocumentKey, type FoundFiDocument, type Postings, type SapSession } from '../../systems/sap-ecc/index.ts';
import type { CallScope } from '../../systems/index.ts';
import { debitsOf, isOfSameSystem, partReference, readHeaderText, type ArBody } from './body.ts';

/** What stands in SAP for one source document: of each part the document that counts. */
export interface Standing {
  /** In the order of the parts; undefined where there is none. More than the body has parts, where an earlier version had more. */
  parts: (StandingDocument | undefined)[];
  /** Those that were reversed, and those that reverse them. */
  reversed: FoundFiDocument[];
  /**
   * Everything that this version of the source document says was posted, perhaps by another mapping than today's, which may have made more
   * or fewer documents of it.
   */
  isWhole: boolean;
}

export interface StandingDocument {
  document: FoundFiDocument;
  /**
   * `same`: ours from this version of the source document. `byHand`: keyed in with the same type, currency and total. `earlier`: ours, from
   * another version. `foreign`: somebody else's with our reference, be it another store's.
   */
  content: 'same' | 'byHand' | 'earlier' | 'foreign';
}

const known = new WeakMap<SapSession, Postings>();

/** The postings of a session; what they read of SAP's customizing is read once. */
export function postingsOf(session: SapSession): Postings {
  const present = known.get(session) ?? openPostings(session);
  known.set(session, present);
  return present;
}

/** Asks SAP by reference. Rejects with `refused` where two documents of one reference count. */
export async function lookUpStanding(session: SapSession, body: ArBody, scope: CallScope): Promise<Standing> {
  const postings = postingsOf(session);
  const counting: (FoundFiDocument | undefined)[] = [];
  const reversed: FoundFiDocument[] = [];
  let count = Math.max(1, body.parts.length);
  for (let part = 1; part <= count; part++) {
    const reference = partReference(body.reference, part);
    const documents = await postings.find({ companyCode: body.companyCode, reference }, scope);
    const those = documents.filter(({ reversal, isReversal }) => !reversal && !isReversal);
    if (those.length > 1) throw twice(body, those);
    counting.push(those[0]);
    reversed.push(...documents.filter((one) => !those.includes(one)));
    // An earlier version may have had more parts; its documents say how many, also those that were reversed.
    for (const one of documents) count = Math.max(count, ourText(body, one)?.parts ?? 0);
  }
  const isWhole = body.parts.length > 0 && isWholeVersion(body, counting);
  const parts = counting.map((document, place) => document && { document, content: contentOf(body, place, document, isWhole) });
  return { parts, reversed, isWhole };
}

/** Everything that the body says stands there, and nothing else. */
export function isDone({ parts: wanted }: ArBody, { parts, isWhole }: Standing): boolean {
  return isWhole || parts.every((one, place) => (place < wanted.length ? isRight(one) : one === undefined));
}

/** Whether a document is what the body wants in its place. */
export function isRight(one: StandingDocument | undefined): one is StandingDocument {
  return one?.content === 'same' || one?.content === 'byHand';
}

export function documentsOf({ parts }: Standing): FiDocumentKey[] {
  return parts.flatMap((one) => (one ? [one.document] : []));
}

/** `1000/1800000123/2024`, several joined by `+`. */
export function targetIdOf(documents: readonly FiDocumentKey[]): string {
  return documents.map(({ companyCode, documentNumber, fiscalYear }) => `${companyCode}/${documentNumber}/${fiscalYear}`).join('+');
}

/** For people: `1800000123 (1000/2024)`. */
export function targetLabelOf([first, ...others]: readonly FiDocumentKey[]): string {
  if (!first) return '';
  const name = `${first.documentNumber} (${first.companyCode}/${first.fiscalYear})`;
  return others.length === 0 ? name : `${name} and ${others.length} more`;
}

function contentOf(body: ArBody, place: number, document: FoundFiDocument, isWhole: boolean): StandingDocument['content'] {
  const wanted = body.parts[place];
  const isTotal = wanted !== undefined && compareAmounts(debitsOf(wanted), document.total) === 0;
  // Of several documents one may be missing yet, and another mapping would divide what is left otherwise.
  if (ourText(body, document)) return isWhole || (isOfVersion(body, document, body.parts.length) && isTotal) ? 'same' : 'earlier';
  const isKeyedIn = readHeaderText(document.headerText) === undefined;
  const isAlike = document.currency === body.currency && document.documentType === body.header.documentType;
  return isKeyedIn && isAlike && isTotal ? 'byHand' : 'foreign';
}

function isWholeVersion(body: ArBody, counting: readonly (FoundFiDocument | undefined)[]): boolean {
  const count = (counting[0] && ourText(body, counting[0])?.parts) ?? 0;
  return count > 0 && counting.every((one, place) => (place < count ? one && isOfVersion(body, one, count) : one === undefined));
}

/** Ours, of the same version of the source document, as one of so many. */
function isOfVersion(body: ArBody, document: FoundFiDocument, count: number): boolean {
  const text = ourText(body, document);
  return text?.stamp === body.stamp && text.parts === count;
}

/** What the header text says of a document that this source document brought; undefined for any other. */
export function ourText({ reference, stamp }: ArBody, { headerText }: Pick<FoundFiDocument, 'headerText'>) {
  const read = readHeaderText(headerText);
  return read?.reference === reference && isOfSameSystem(read.stamp, stamp) ? read : undefined;
}

function twice(body: ArBody, documents: readonly FoundFiDocument[]): SystemError {
  const numbers = documents.map(({ documentNumber, fiscalYear }) => `${documentNumber}/${fiscalYear}`).join(' and ');
  const reference = documents[0]?.reference ?? '';
  const isOfOthers = documents.some((one) => readHeaderText(one.headerText) && !ourText(body, one));
  return new SystemError(
    'SAP_DOCUMENT_TWICE',
    'refused',
    `${body.name}: company code ${body.companyCode} holds ${documents.length} documents with the reference ${reference}: ${numbers}`,
    { fix: isOfOthers ? otherStore : 'Reverse the one that is too many in SAP (FB08), then replay this record.' },
  );
}

/** What to do where two stores post with the same references. */
export const otherStore =
  'Another store posts to this company code with the same reference prefix. Give one of the two another one (setting referencePrefix), and clear up by hand what both have posted.';

import { compareAmounts, addAmounts, SystemError } from '@ml-connector/shared';
import { openPostings, type FiDocumentKey, type FoundFiDocument, type Postings, type SapSession } from '../../systems/sap-ecc/index.ts';
import type { CallScope } from '../../systems/index.ts';
import { fingerprintOf, partReference, readHeaderText, type ArBody } from './body.ts';

/** What stands in SAP for one source document: of each part the document that counts, those that were reversed left out. */
export interface Standing {
  /** In the order of the parts; undefined where there is none. More than the body has parts, where an earlier version had more. */
  parts: (StandingDocument | undefined)[];
}

export interface StandingDocument {
  document: FoundFiDocument;
  /**
   * `same`: holds what the body says, by its fingerprint, or keyed in by hand with the same type, currency and total. `earlier`: ours, from
   * another version of the source document. `foreign`: somebody else's with our reference.
   */
  content: 'same' | 'earlier' | 'foreign';
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
  const parts: Standing['parts'] = [];
  let count = Math.max(1, body.parts.length);
  for (let part = 1; part <= count; part++) {
    const reference = partReference(body.reference, part);
    const documents = await postings.find({ companyCode: body.companyCode, reference }, scope);
    const counting = documents.filter(({ reversal, isReversal }) => !reversal && !isReversal);
    if (counting.length > 1) throw twice(body, counting);
    const [document] = counting;
    parts.push(document && { document, content: contentOf(body, part, document) });
    // An earlier version may have had more parts; its documents say how many, also those that were reversed.
    for (const one of documents) count = Math.max(count, ourText(body, one)?.parts ?? 0);
  }
  return { parts };
}

/** Everything that the body says stands there, and nothing else. */
export function isDone({ parts: wanted }: ArBody, { parts }: Standing): boolean {
  return parts.every((one, place) => (place < wanted.length ? one?.content === 'same' : one === undefined));
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

function contentOf(body: ArBody, part: number, document: FoundFiDocument): StandingDocument['content'] {
  const wanted = body.parts[part - 1];
  const text = ourText(body, document);
  if (text) return wanted && text.fingerprint === fingerprintOf(body, part) && text.parts === body.parts.length ? 'same' : 'earlier';
  if (!wanted || document.currency !== body.currency || document.documentType !== body.header.documentType) return 'foreign';
  const debits = [wanted.customerAmount, ...wanted.items.map(({ amount }) => amount)].filter((amount) => compareAmounts(amount, '0') > 0);
  return compareAmounts(addAmounts('0', ...debits), document.total) === 0 ? 'same' : 'foreign';
}

function ourText({ reference }: ArBody, { headerText }: FoundFiDocument) {
  const read = readHeaderText(headerText);
  return read?.reference === reference ? read : undefined;
}

function twice({ name, companyCode }: ArBody, documents: readonly FoundFiDocument[]): SystemError {
  const numbers = documents.map(({ documentNumber, fiscalYear }) => `${documentNumber}/${fiscalYear}`).join(' and ');
  const reference = documents[0]?.reference ?? '';
  return new SystemError(
    'SAP_DOCUMENT_TWICE',
    'refused',
    `${name}: company code ${companyCode} holds ${documents.length} documents with the reference ${reference}: ${numbers}`,
    { fix: 'Reverse the one that is too many in SAP (FB08), then replay this record.' },
  );
}

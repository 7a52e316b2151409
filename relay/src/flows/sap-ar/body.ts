import { addAmounts, canonicalHash, compareAmounts, SystemError, type Amount } from '@ml-connector/shared';
import type { FiPosting, GlItem, OneTimeCustomer, TaxItem } from '../../systems/sap-ecc/index.ts';
import type { BlockReason, FlowKey } from '../flow.ts';

/** What is to stand in SAP for one source document: FI documents that are found again by their reference, or none at all. */
export interface ArBody {
  /** For people: `order 10452`. */
  name: string;
  /** XBLNR of the first document; further ones have `P2`, `P3` behind it. At most 12 characters. */
  reference: string;
  companyCode: string;
  currency: string;
  /** Which source document it is of and what that says, by `stampOf`: stands in the header text, and is told from any other by it. */
  stamp: string;
  /** The only part that field overrides may change: the rest has to balance and to be found again. */
  header: ArHeader;
  customer: ArCustomer;
  /** Each is a document, balanced in itself; empty when nothing is to stand there: an order that was cancelled. */
  parts: ArPart[];
}

export interface ArHeader {
  documentType: string;
  /** `YYYY-MM-DD`. */
  documentDate: string;
  postingDate: string;
  /** SGTXT of the customer's item. */
  text: string;
  /** ZUONR of every item. */
  assignment: string;
  paymentTerms: string;
}

/** Who owes it. `linked`: as the customer's own record is known in SAP; it waits until that is there. */
export type ArCustomer =
  { kind: 'number'; number: string } | { kind: 'linked'; record: FlowKey } | { kind: 'oneTime'; number: string; address: OneTimeCustomer };

export interface ArPart {
  /** Of the customer's item, debit positive; `0` where others paid all of it: then there is no such item. */
  customerAmount: string;
  items: (GlItem | TaxItem)[];
}

export function partReference(reference: string, part: number): string {
  return part === 1 ? reference : `${reference}P${part}`;
}

/**
 * Eight letters and digits: three for the source system, five for what the source document says. `content` holds what the source said and
 * nothing that the mapping made of it: a corrected account is no change of an order that was posted before.
 */
export function stampOf({ system, content }: { system: string; content: unknown }): string {
  return shortHash(system, 3) + shortHash(content, 5);
}

/** Whether two stamps are of the same source system. */
export function isOfSameSystem(one: string, other: string): boolean {
  return one.slice(0, 3) === other.slice(0, 3);
}

function shortHash(content: unknown, length: number): string {
  const number = BigInt(`0x${canonicalHash(content).slice(0, 24)}`) % 36n ** BigInt(length);
  return number.toString(36).padStart(length, '0');
}

/** `#BC10452 3f2a9c01/2`: the reference again, which survives a substitution of XBLNR, the stamp, and how many documents there are. */
export function headerTextOf({ reference, stamp, parts }: ArBody): string {
  return `#${reference} ${stamp}/${parts.length}`;
}

/** What a header text of ours says; undefined for any other. */
export function readHeaderText(text: string): { reference: string; stamp: string; parts: number } | undefined {
  const [, reference, stamp, parts] = /^#(\S+) ([0-9a-z]{8})\/(\d+)$/.exec(text.trim()) ?? [];
  return reference === undefined || stamp === undefined ? undefined : { reference, stamp, parts: Number(parts) };
}

/** Sum of the debits of a part. */
export function debitsOf({ customerAmount, items }: ArPart): Amount {
  const amounts = [customerAmount, ...items.map(({ amount }) => amount)];
  return addAmounts('0', ...amounts.filter((amount) => compareAmounts(amount, '0') > 0));
}

const longestReference = 16;
const longestHeaderText = 25;

/** Throws `refused` where the last document could not be told from others: before the first of them is posted. */
export function assertNameable(body: ArBody): void {
  const last = partReference(body.reference, Math.max(1, body.parts.length));
  if (last.length <= longestReference && headerTextOf(body).length <= longestHeaderText) return;
  throw new SystemError(
    'SAP_REFERENCE_TOO_LONG',
    'refused',
    `${body.name}: the reference ${last} or the header text "${headerTextOf(body)}" is longer than SAP's ${longestReference} and ${longestHeaderText} characters`,
    { fix: 'Post in sums per account (settings items, longOrders), so that there are fewer documents.' },
  );
}

/** The document as SAP is asked to post it. */
export function postingOf(body: ArBody, part: number, { customer, postingDate }: { customer: string; postingDate: string }): FiPosting {
  const { header, companyCode, currency } = body;
  const { customerAmount = '0', items = [] } = body.parts[part - 1] ?? {};
  const owes = /[1-9]/.test(customerAmount);
  const { assignment, text, paymentTerms } = header;
  const own = { kind: 'customer' as const, customer, amount: customerAmount, text, assignment, ...(paymentTerms && { paymentTerms }) };
  return {
    companyCode,
    documentType: header.documentType,
    documentDate: header.documentDate.replaceAll('-', ''),
    postingDate: postingDate.replaceAll('-', ''),
    reference: partReference(body.reference, part),
    headerText: headerTextOf(body),
    currency,
    items: [...(owes ? [own] : []), ...items],
    // What others paid in full has no item of the customer, and no address.
    ...(owes && body.customer.kind === 'oneTime' && { oneTimeCustomer: body.customer.address }),
  };
}

const day = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** What field overrides may have done to the header. */
export function checkArBody({ header }: ArBody): BlockReason[] {
  const reasons: BlockReason[] = [];
  const invalid = (message: string): void => void reasons.push({ code: 'FIELD_INVALID', message });
  for (const name of ['documentDate', 'postingDate'] as const)
    if (!day.test(header[name])) invalid(`${name} "${header[name]}" is no day like 2024-05-31`);
  if (!/^[A-Z0-9]{1,2}$/.test(header.documentType)) invalid(`documentType "${header.documentType}" is no document type like DR`);
  for (const [name, longest] of [
    ['text', 50],
    ['assignment', 18],
    ['paymentTerms', 4],
  ] as const)
    if (header[name].length > longest) invalid(`${name} has ${header[name].length} characters, SAP takes ${longest}`);
  return reasons;
}

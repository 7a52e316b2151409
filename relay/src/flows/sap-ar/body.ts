import { canonicalHash } from '@ml-connector/shared';
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

/** Says what a document holds, so that it can be told from another version of the same order: eight characters. */
export function fingerprintOf({ header, companyCode, currency, customer, parts }: ArBody, part: number): string {
  return canonicalHash({
    header,
    companyCode,
    currency,
    customer: customer.kind === 'linked' ? customer.kind : customer,
    part: parts[part - 1],
  }).slice(0, 8);
}

/** `#BC10452 3f2a9c01/2`: the reference again, which survives a substitution of XBLNR, the content, and how many documents there are. */
export function headerTextOf(body: ArBody, part: number): string {
  return `#${body.reference} ${fingerprintOf(body, part)}/${body.parts.length}`;
}

/** What a header text of ours says; undefined for any other. */
export function readHeaderText(text: string): { reference: string; fingerprint: string; parts: number } | undefined {
  const [, reference, fingerprint, parts] = /^#(\S+) ([0-9a-f]{8})\/(\d+)$/.exec(text.trim()) ?? [];
  return reference === undefined || fingerprint === undefined ? undefined : { reference, fingerprint, parts: Number(parts) };
}

/** The document as SAP is asked to post it. */
export function postingOf(body: ArBody, part: number, { customer, postingDate }: { customer: string; postingDate: string }): FiPosting {
  const { header, companyCode, currency } = body;
  const { customerAmount = '0', items = [] } = body.parts[part - 1] ?? {};
  const { assignment, text, paymentTerms } = header;
  const own = { kind: 'customer' as const, customer, amount: customerAmount, text, assignment, ...(paymentTerms && { paymentTerms }) };
  return {
    companyCode,
    documentType: header.documentType,
    documentDate: header.documentDate.replaceAll('-', ''),
    postingDate: postingDate.replaceAll('-', ''),
    reference: partReference(body.reference, part),
    headerText: headerTextOf(body, part),
    currency,
    items: [...(/[1-9]/.test(customerAmount) ? [own] : []), ...items],
    ...(body.customer.kind === 'oneTime' && { oneTimeCustomer: body.customer.address }),
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

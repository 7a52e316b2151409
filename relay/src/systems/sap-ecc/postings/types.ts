import type { SapMessage } from '@ml-connector/shared';
import type { CallScope } from '../../system.ts';
import type { SapSession } from '../session.ts';

/** An FI document to post with BAPI_ACC_DOCUMENT_POST (facts/sap-ecc.md 2.5). Amounts are decimal texts, debit positive, credit negative. */
export interface FiPosting {
  companyCode: string;
  /** BLART: `DR`, `DG`. */
  documentType: string;
  /** YYYYMMDD. */
  documentDate: string;
  postingDate: string;
  /** REF_DOC_NO (XBLNR), at most 16 characters, upper case, the same for every try: by it the document is found again. */
  reference: string;
  /** HEADER_TXT, at most 25. */
  headerText: string;
  /** ISO 4217; amounts have its decimals at most. */
  currency: string;
  /** Fixed rate of document to local currency; left out: SAP's own of the day. */
  exchangeRate?: string;
  /** In the order of their item numbers; they sum to zero. */
  items: readonly FiItem[];
  /** Address of the one-time customer, where the customer item is a one-time account; one per document. */
  oneTimeCustomer?: OneTimeCustomer;
}

export type FiItem = GlItem | CustomerItem | TaxItem;

interface FiItemBase {
  amount: string;
  /** SGTXT, at most 50. */
  text?: string;
  /** ZUONR, at most 18. */
  assignment?: string;
}

export interface GlItem extends FiItemBase {
  kind: 'gl';
  glAccount: string;
  taxCode?: string;
  costCenter?: string;
  profitCenter?: string;
  internalOrder?: string;
  /** XREF3, at most 20. */
  referenceKey3?: string;
}

export interface CustomerItem extends FiItemBase {
  kind: 'customer';
  customer: string;
  paymentTerms?: string;
  /** YYYYMMDD. */
  baselineDate?: string;
  paymentMethod?: string;
  /** Special G/L indicator. */
  specialGl?: string;
}

export interface TaxItem extends FiItemBase {
  kind: 'tax';
  taxCode: string;
  /** Net, of the same sign as the amount. */
  base: string;
  /** Left out: SAP determines it from the tax code. */
  glAccount?: string;
  /** Transaction key of the tax procedure: `MWS`. */
  accountKey?: string;
  conditionKey?: string;
  taxJurisdiction?: string;
}

export interface OneTimeCustomer {
  name: string;
  name2?: string;
  street: string;
  city: string;
  postalCode: string;
  /** ISO, two letters. */
  country: string;
  region?: string;
  language?: string;
}

/** Identity of an FI document: company code, document number, fiscal year. */
export interface FiDocumentKey {
  companyCode: string;
  documentNumber: string;
  fiscalYear: string;
}

export interface FoundFiDocument extends FiDocumentKey {
  documentType: string;
  reference: string;
  headerText: string;
  currency: string;
  postingDate: string;
  documentDate: string;
  /** Sum of the debits in document currency, as far as the items could be read. */
  total: string;
  /** Set on a document that was reversed, and on one that reverses. */
  reversal?: { documentNumber: string; fiscalYear: string };
  /** Whether it is the one that reverses. */
  isReversal: boolean;
}

export interface Postings {
  /** BAPI_ACC_DOCUMENT_CHECK: what SAP would say; no message of type E, A or X means that it would take it. */
  check(posting: FiPosting, scope: CallScope): Promise<SapMessage[]>;
  /**
   * Posts and commits, at most once per unitId. Rejects with `refused` (SAP said no; `facts.messages`), `retry` (nothing was posted), or
   * `uncertain`. A closed period is `SAP_PERIOD_CLOSED`, an object locked by a user `SAP_LOCKED` (`retry`).
   */
  post(request: { unitId: string; posting: FiPosting }, scope: CallScope): Promise<FiDocumentKey>;
  /** BAPI_ACC_DOCUMENT_REV_POST of one document, the same way. */
  reverse(
    request: { unitId: string; document: FiDocumentKey; reason: string; postingDate: string },
    scope: CallScope,
  ): Promise<FiDocumentKey>;
  /** Documents with exactly this reference, posted ones only (BSTAT blank), also reversed and reversing ones, oldest first. */
  find(search: { companyCode: string; reference: string; documentTypes?: readonly string[] }, scope: CallScope): Promise<FoundFiDocument[]>;
  /**
   * Whether this day's period is open for all of these account types (KOART; `D` and `S` unless said otherwise), as T001B says. An interval that
   * is open to one authorization group counts as open: only posting shows whether our user is of it.
   */
  isPeriodOpen(period: { companyCode: string; postingDate: string; accountTypes?: readonly string[] }, scope: CallScope): Promise<boolean>;
}

export type OpenPostings = (session: SapSession) => Postings;

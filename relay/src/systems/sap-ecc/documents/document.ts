/** A posted FI document of SAP ECC. Names are ours; codes are SAP's, numbers with their leading zeros (facts/sap-ecc.md 2.11). */
export interface SapDocument {
  systemId: string;
  client: string;
  companyCode: string;
  /** BELNR, ten digits. */
  number: string;
  fiscalYear: string;
  /** BLART. */
  documentType: string;
  /** `YYYY-MM-DD`. */
  documentDate: string;
  postingDate: string;
  /** BKPF-MONAT. */
  period: string;
  user: string;
  transaction: string;
  /** XBLNR. */
  reference: string;
  /** BKTXT. */
  headerText: string;
  /** Document currency. */
  currency: string;
  /** Currency of the company code (HWAER). */
  localCurrency: string;
  /** The document that this one reverses; undefined for an ordinary one. That this one was reversed later is not part of it. */
  reverses?: { number: string; fiscalYear: string };
  items: SapDocumentItem[];
}

export interface SapDocumentItem {
  /** BUZEI. */
  number: string;
  /** KOART: S, D, K, A, M. */
  accountType: string;
  side: 'debit' | 'credit';
  /** HKONT, ten characters. */
  account: string;
  /** Decimal text, never negative, in the currency's own decimals: `1000` for 1000 JPY. */
  amount: string;
  /** The same in `localCurrency`. */
  localAmount: string;
  /** XNEGP: the item reduces the other side. */
  isNegativePosting: boolean;
  taxCode: string;
  customer: string;
  vendor: string;
  costCenter: string;
  profitCenter: string;
  order: string;
  assignment: string;
  text: string;
}

import type { CallScope } from '../system.ts';

export type * from './purchase-types.ts';

/** One Cin7 Core account. All calls share the account's pace; every call is traced to its scope. Field names are Cin7's (facts/cin7.md 5, 7). */
export interface Cin7Session {
  /** GET /me: base currency, lock date. Cached for minutes. */
  me(scope: CallScope): Promise<Cin7Company>;
  paymentTerms(scope: CallScope): Promise<Cin7PaymentTerm[]>;
  taxRules(scope: CallScope): Promise<Cin7TaxRule[]>;
  accounts(scope: CallScope): Promise<Cin7Account[]>;
  attributeSets(scope: CallScope): Promise<Cin7AttributeSet[]>;
  readonly suppliers: Cin7Suppliers;
}

export interface Cin7Suppliers {
  get(id: string, scope: CallScope): Promise<Cin7Supplier | undefined>;
  /** All suppliers of exactly this name, case-insensitively, deprecated ones too (the API's own filter is starts-with). */
  findByName(name: string, scope: CallScope): Promise<Cin7Supplier[]>;
  /** Creates; a lost answer rejects with `uncertain`. */
  create(body: Cin7SupplierBody, scope: CallScope): Promise<Cin7Supplier>;
  /**
   * Brings an existing supplier to the body: reads it first, gives addresses and contacts their IDs (so that none is doubled), sends the PUT
   * only when something differs. Safe to repeat. `changed` names the fields (`PaymentTerm`, `Addresses[Business].City`), empty when none did.
   * Fields and contact fields the body leaves out stay as they are, `''` clears them; an address is taken as a whole. Entries of the
   * supplier that the body does not know are kept, but give up being the default when the body names another one.
   */
  update(id: string, body: Cin7SupplierBody, scope: CallScope): Promise<{ supplier: Cin7Supplier; changed: string[] }>;
}

export interface Cin7SupplierBody {
  Name: string;
  Currency: string;
  PaymentTerm: string;
  AccountPayable: string;
  TaxRule: string;
  Status: 'Active' | 'Deprecated';
  Comments?: string;
  TaxNumber?: string;
  AttributeSet?: string;
  AdditionalAttribute1?: string;
  Addresses: Cin7Address[];
  Contacts: Cin7Contact[];
}

export interface Cin7Address {
  ID?: string;
  Line1: string;
  Line2?: string;
  City?: string;
  State?: string;
  Postcode?: string;
  /** A name (`Germany`), not a code. */
  Country: string;
  Type: 'Billing' | 'Business' | 'Shipping';
  DefaultForType: boolean;
}

export interface Cin7Contact {
  ID?: string;
  Name: string;
  Phone?: string;
  MobilePhone?: string;
  Fax?: string;
  Email?: string;
  Default: boolean;
}

export interface Cin7Supplier extends Cin7SupplierBody {
  ID: string;
  LastModifiedOn: string;
}

export interface Cin7Company {
  Company: string;
  Currency: string;
  LockDate: string | null;
}

export interface Cin7PaymentTerm {
  ID: string;
  Name: string;
  Duration: number;
  Method: string;
  IsActive: boolean;
  IsDefault: boolean;
}

export interface Cin7TaxRule {
  ID: string;
  Name: string;
  TaxPercent: number;
  IsActive: boolean;
  IsTaxForPurchase: boolean;
}

export interface Cin7AttributeSet {
  ID: string;
  Name: string;
  Attribute1Name: string;
}

export interface Cin7Account {
  Code: string;
  Name: string;
  Type: string;
  Status: string;
  Class: string;
  SystemAccount: string | null;
  SystemAccountCode: string | null;
}

/** General ledger postings (facts/cin7.md 8). A line is a pair of accounts with one amount. */
export interface Cin7Journals {
  get(taskId: string, scope: CallScope): Promise<Cin7Journal | undefined>;
  /** All journals with exactly this narration that are not voided: how a document is known again. */
  findByNarration(narration: string, scope: CallScope): Promise<Cin7Journal[]>;
  /** All journals, also voided ones, with these words in their number, status, narration or notes. */
  search(words: string, scope: CallScope): Promise<Cin7Journal[]>;
  /** A draft has no effect on the ledger yet. A lost answer rejects with `uncertain`: look it up by its narration. */
  createDraft(body: Cin7JournalBody, scope: CallScope): Promise<Cin7Journal>;
  /** Overwrites a draft. A lost answer rejects with `uncertain`; safe to repeat. */
  updateDraft(taskId: string, body: Cin7JournalBody, scope: CallScope): Promise<Cin7Journal>;
  /**
   * Posts a draft. Safe to repeat; a voided one rejects with `refused`. `check` sees what Cin7 Core holds before it is posted, and throws to
   * leave it a draft. `read`: what a search found of it a moment ago, so that it is not read once more.
   */
  complete(taskId: string, scope: CallScope, check?: (stored: Cin7Journal) => void, read?: Cin7Journal): Promise<Cin7Journal>;
  /** Why accounts cannot be posted to, a sentence for each; empty when all can. */
  accountProblems(rules: JournalAccountRules, scope: CallScope): Promise<string[]>;
  /** Ledger rows dated from the first to the last day, both included, in base currency. */
  transactions(days: { first: string; last: string; account?: string }, scope: CallScope): Promise<Cin7Transaction[]>;
}

/** Accounts a journal is about to post to. Those that Cin7 Core keeps itself (receivables, payables, taxes) need to be allowed. */
export interface JournalAccountRules {
  codes: readonly string[];
  allowed: readonly string[];
  refused: readonly string[];
}

export interface Cin7JournalBody {
  Currency: string;
  /** Units of base currency for one unit of Currency, as decimal text. */
  CurrencyConversionRate: string;
  /** `YYYY-MM-DD`, after the company's lock date. */
  EffectiveDate: string;
  /** Identifies the document; at most 256 characters. */
  Narration: string;
  Notes: string;
  Lines: Cin7JournalLine[];
}

export interface Cin7JournalLine {
  /** Account codes, two different ones. */
  Debit: string;
  Credit: string;
  Reference: string;
  /** Decimal text above zero with two decimals, in Currency and in base currency. */
  Amount: string;
  BaseAmount: string;
}

export interface Cin7Journal extends Cin7JournalBody {
  TaskID: string;
  JournalNumber: string;
  Status: 'DRAFT' | 'COMPLETED' | 'VOIDED';
}

export interface Cin7Transaction {
  TaskID: string;
  DebitAccountCode: string;
  CreditAccountCode: string;
  /** Decimal text. */
  Amount: string;
  EffectiveDate: string;
  Reference: string;
  Type: string;
}

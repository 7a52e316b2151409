import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { LocationRow, ProductRow } from './product-rows.ts';
import type { PurchaseRow } from './purchase-rows.ts';
import { seed } from './seed.ts';

/** Everything one simulated company holds. Rows are kept as the API shows them; IDs are lower case inside. */
export interface Cin7State {
  me: Cin7Me;
  currencies: string[];
  accounts: AccountRow[];
  paymentTerms: PaymentTermRow[];
  taxRules: TaxRuleRow[];
  attributeSets: AttributeSetRow[];
  locations: LocationRow[];
  products: Map<string, ProductRow>;
  suppliers: Map<string, SupplierRow>;
  journals: Map<string, JournalRow>;
  purchases: Map<string, PurchaseRow>;
}

export interface Cin7Me {
  Company: string;
  Currency: string;
  TimeZone: string;
  LockDate: string | null;
  OpeningBalanceDate: string | null;
  TaxCalculationMethod: string;
  DefaultSaleTaxRuleName: string;
  MaximumDecimalPlacesInQuantity: string;
}

export interface AccountRow {
  Code: string;
  Name: string;
  Type: string;
  Status: string;
  Class: string;
  SystemAccount: string | null;
  SystemAccountCode: string | null;
  Description: string;
  ForPayments: boolean;
  DisplayName: string;
  Currency: string | null;
}

export interface PaymentTermRow {
  ID: string;
  Name: string;
  Duration: number;
  Method: string;
  IsActive: boolean;
  IsDefault: boolean;
}

export interface TaxRuleRow {
  ID: string;
  Name: string;
  Account: string;
  IsActive: boolean;
  TaxInclusive: boolean;
  TaxPercent: number;
  IsTaxForSale: boolean;
  IsTaxForPurchase: boolean;
}

export interface AttributeSetRow {
  ID: string;
  Name: string;
  Attribute1Name: string;
  Attribute1Type: string;
}

export interface SupplierRow {
  ID: string;
  Name: string;
  Currency: string;
  PaymentTerm: string;
  AccountPayable: string;
  TaxRule: string;
  Status: string;
  Discount: number;
  Comments: string;
  TaxNumber: string;
  AttributeSet: string;
  /** AdditionalAttribute1 to 10. */
  attributes: string[];
  Addresses: AddressRow[];
  Contacts: ContactRow[];
  LastModifiedOn: string;
}

export interface AddressRow {
  ID: string;
  Line1: string;
  Line2: string;
  City: string;
  State: string;
  Postcode: string;
  Country: string;
  Type: string;
  DefaultForType: boolean;
}

export interface ContactRow {
  ID: string;
  Name: string;
  Phone: string;
  MobilePhone: string;
  Fax: string;
  Email: string;
  Website: string;
  Comment: string;
  Default: boolean;
  IncludeInEmail: boolean;
}

/** Amounts and rates are decimal text. */
export interface JournalRow {
  TaskID: string;
  JournalNumber: string;
  Status: string;
  Currency: string;
  CurrencyConversionRate: string;
  EffectiveDate: string;
  Narration: string;
  Notes: string;
  Lines: JournalLineRow[];
}

export interface JournalLineRow {
  Debit: string;
  Credit: string;
  Reference: string;
  Amount: string;
  BaseAmount: string;
}

/** Tables that are written line by line to the state file; the newest line of an ID wins when it is read again. */
export interface SavedRow {
  supplier?: SupplierRow;
  journal?: JournalRow;
  product?: ProductRow;
  purchase?: PurchaseRow;
}

/** The seed, or the seed plus what the state file holds. */
export function openState(file: string | undefined): Cin7State {
  const state = seed();
  if (!file || !existsSync(file)) return state;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue;
    keep(state, JSON.parse(line) as SavedRow);
  }
  return state;
}

/** Puts the row into the state and, when there is a file, on disk before the answer leaves. */
export function save(state: Cin7State, file: string | undefined, saved: SavedRow): void {
  keep(state, saved);
  if (file) appendFileSync(file, `${JSON.stringify(saved)}\n`);
}

function keep({ suppliers, journals, products, purchases }: Cin7State, { supplier, journal, product, purchase }: SavedRow): void {
  if (supplier) suppliers.set(supplier.ID, supplier);
  if (journal) journals.set(journal.TaskID, journal);
  if (product) products.set(product.ID, product);
  if (purchase) purchases.set(purchase.ID, purchase);
}

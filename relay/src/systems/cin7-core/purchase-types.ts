import type { CallScope } from '../system.ts';

/** Purchases (facts/cin7.md 9). A purchase is a header first, then its order with the lines; its currency is always the supplier's. */
export interface Cin7Purchases {
  get(id: string, scope: CallScope): Promise<Cin7Purchase | undefined>;
  /**
   * Purchases, voided ones too, whose Note begins with this line. Cin7 Core cannot search notes: those updated since are listed, by the supplier's
   * name and, as he may have been renamed, without it; each of this supplier is read. Give the latest `since` that is safe (ISO 8601, UTC).
   */
  findByNote(
    firstLine: string,
    where: { supplierId: string; supplierName: string; since: string },
    scope: CallScope,
  ): Promise<Cin7Purchase[]>;
  /** A draft without lines. A lost answer rejects with `uncertain`: look it up by its note. */
  create(header: Cin7PurchaseHeader, scope: CallScope): Promise<Cin7Purchase>;
  /** Sends nothing when nothing differs; fields left out stay as they are. Safe to repeat, a lost answer is looked up first. */
  updateHeader(id: string, header: Cin7PurchaseHeader, scope: CallScope): Promise<Cin7Purchase>;
  /**
   * Replaces the lines of a draft order, and with `AUTHORISED` orders it once the draft holds them; verified by reading back. A lost answer is
   * looked up; when that fails too it rejects with `uncertain`. Safe to repeat, also when the order was authorised with these very lines; any
   * other order that is no draft rejects with `refused` (`CIN7_ORDER_NOT_DRAFT`): `undo` first.
   */
  putOrder(id: string, order: Cin7PurchaseOrder, scope: CallScope): Promise<Cin7Purchase>;
  /** Makes the order a draft again. Safe to repeat. Rejects with `refused` where it was received or invoiced (`CIN7_PURCHASE_IN_USE`). */
  undo(id: string, scope: CallScope): Promise<void>;
  /** Safe to repeat. Rejects with `refused` where it was received or invoiced (`CIN7_PURCHASE_IN_USE`). */
  void(id: string, scope: CallScope): Promise<void>;
}

export interface Cin7PurchaseHeader {
  SupplierID: string;
  Approach: 'INVOICE' | 'STOCK';
  /** Set once; Cin7 Core may turn a simple purchase into an advanced one by itself. Service purchases count as advanced. */
  PurchaseType: 'Simple' | 'Advanced';
  Location: string;
  TaxRule: string;
  TaxCalculation: 'Exclusive' | 'Inclusive';
  Terms?: string;
  /** `YYYY-MM-DD`. */
  RequiredBy?: string;
  /** At most 1024 characters; its first line says whose purchase it is. */
  Note: string;
  /** Base units for one of the supplier's currency; left out, Cin7 Core uses its own. */
  CurrencyRate?: string;
}

export interface Cin7PurchaseOrder {
  Status: 'DRAFT' | 'AUTHORISED';
  /** At most 1024 characters. */
  Memo: string;
  Lines: Cin7PurchaseLine[];
  AdditionalCharges: Cin7PurchaseCharge[];
}

/** Amounts are decimal texts in the supplier's currency; Total is Quantity x Price less Discount, without tax where tax is exclusive. */
export interface Cin7PurchaseLine {
  SKU: string;
  Name: string;
  /** At most 4 decimals. */
  Quantity: string;
  Price: string;
  Discount: string;
  Tax: string;
  TaxRule: string;
  SupplierSKU?: string;
  Comment?: string;
  Total: string;
}

export interface Cin7PurchaseCharge {
  /** Name of a service product. */
  Description: string;
  Reference?: string;
  Quantity: string;
  Price: string;
  Discount: string;
  Tax: string;
  TaxRule: string;
  Total: string;
}

export interface Cin7Purchase extends Cin7PurchaseHeader {
  ID: string;
  OrderNumber: string;
  /** DRAFT, ORDERING, ORDERED, RECEIVING, RECEIVED, INVOICED, VOIDED, ... and compounds of them. */
  Status: string;
  SupplierCurrency: string;
  LastUpdatedDate: string;
  Order: {
    Status: 'NOT AVAILABLE' | 'DRAFT' | 'AUTHORISED' | 'VOIDED';
    Memo: string;
    Lines: Cin7PurchaseLine[];
    AdditionalCharges: Cin7PurchaseCharge[];
  };
}

export interface Cin7Products {
  /**
   * Exactly these SKUs, case-insensitively, deprecated ones too; those that do not exist are left out. Remembered for five minutes; that one is
   * missing or not active, for half a minute.
   */
  bySku(skus: readonly string[], scope: CallScope): Promise<Cin7Product[]>;
}

export interface Cin7Product {
  ID: string;
  SKU: string;
  Name: string;
  Type: 'Stock' | 'Service';
  UOM: string;
  Status: string;
}

export interface Cin7Location {
  ID: string;
  Name: string;
  IsDefault: boolean;
  IsDeprecated: boolean;
}

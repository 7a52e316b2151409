/** Amounts, quantities and rates are decimal text; IDs are lower case; statuses that Cin7 Core derives are not kept (purchase-status.ts). */
export interface PurchaseRow {
  ID: string;
  OrderNumber: string;
  OrderDate: string;
  Type: 'Simple Purchase' | 'Advanced Purchase' | 'Service Purchase';
  SupplierID: string;
  SupplierCurrency: string;
  CurrencyRate: string;
  Approach: string;
  BlindReceipt: boolean;
  Contact: string;
  Phone: string;
  Location: string;
  TaxRule: string;
  TaxCalculation: string;
  Terms: string;
  RequiredBy: string | null;
  Note: string;
  isVoided: boolean;
  Order: PurchaseOrderRow;
  received: 'NOT RECEIVED' | 'PARTIALLY RECEIVED' | 'FULLY RECEIVED';
  invoiced: 'NOT INVOICED' | 'PARTIALLY INVOICED' | 'INVOICED';
  InvoiceNumber: string;
  LastUpdatedDate: string;
}

export interface PurchaseOrderRow {
  Status: 'NOT AVAILABLE' | 'DRAFT' | 'AUTHORISED';
  Memo: string;
  Lines: PurchaseLineRow[];
  AdditionalCharges: PurchaseChargeRow[];
}

export interface PurchaseLineRow {
  ProductID: string;
  SKU: string;
  Name: string;
  Quantity: string;
  Price: string;
  Discount: string;
  Tax: string;
  TaxRule: string;
  SupplierSKU: string;
  Comment: string;
  Total: string;
}

export interface PurchaseChargeRow {
  Description: string;
  Reference: string;
  Quantity: string;
  Price: string;
  Discount: string;
  Tax: string;
  TaxRule: string;
  Total: string;
}

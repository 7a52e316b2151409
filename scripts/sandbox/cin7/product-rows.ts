export interface ProductRow {
  ID: string;
  SKU: string;
  Name: string;
  Category: string;
  Type: 'Stock' | 'Service';
  CostingMethod: string;
  DefaultLocation: string;
  UOM: string;
  /** `Active`, `Setup required`, `Deprecated`. */
  Status: string;
  PurchaseTaxRule: string;
  LastModifiedOn: string;
}

export interface LocationRow {
  ID: string;
  Name: string;
  IsDefault: boolean;
  IsDeprecated: boolean;
}

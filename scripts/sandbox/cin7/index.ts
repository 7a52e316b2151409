export { startCin7, type CallCounter, type Cin7Sim, type Cin7SimOptions } from './server.ts';
export { faultKinds, type Fault, type FaultKind } from './faults.ts';
export { limitStyles, type LimitStyle } from './limits.ts';
export { balanceOf } from './journals.ts';
export { serviceProducts, skuOf, stockProducts, uomOf } from './seed-products.ts';
export type { LocationRow, ProductRow } from './product-rows.ts';
export type { PurchaseChargeRow, PurchaseLineRow, PurchaseOrderRow, PurchaseRow } from './purchase-rows.ts';
export type {
  AccountRow,
  JournalLineRow,
  JournalRow,
  AddressRow,
  Cin7Me,
  Cin7State,
  ContactRow,
  PaymentTermRow,
  SupplierRow,
  TaxRuleRow,
} from './state.ts';

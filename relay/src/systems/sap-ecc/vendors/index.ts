export { readVendors, type VendorBatch, type VendorReading } from './read-vendors.ts';
export { readVendorCursor, type VendorCursor } from './cursor.ts';
export { readPaymentTerms, readReconciliationAccounts, type CodeWithName } from './codes.ts';
export type { Vendor, VendorAddress, VendorCompanyCode, VendorPurchasingOrganisation } from './vendor.ts';
export { readCompanyCodes, type CompanyCode } from './reference.ts';
export { chooseAddresses, readAddresses, readEmails, type AddressRow } from './addresses.ts';
export { findChangeDocuments } from './changes.ts';
export { collectAll, onlyIn, selectByKeys } from './key-lists.ts';

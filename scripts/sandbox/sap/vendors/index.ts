export { type ChangeDocument, type FieldChange, writeChangeDocument } from './change-documents.ts';
export { type ChangeDocumentChoice, type NewVendor, type VendorChange, type VendorRows, Vendors } from './vendors.ts';

export { type NewVendor, type VendorChange, type VendorRows, Vendors } from './vendors.ts';

export { readPaymentTerms, type JdeCode } from './payment-terms.ts';
export { readSuppliers } from './read-suppliers.ts';

export { cin7Core, cin7Settings, type Cin7Settings } from './manifest.ts';
export { openCin7Session, type OpenCin7Session } from './session.ts';
export { isReceivedOrInvoiced } from './purchase-states.ts';
export { accountsPayable, activeTerms, purchaseTaxRules } from './reference.ts';
export type * from './types.ts';

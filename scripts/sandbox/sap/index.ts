export { defaultUser, startSapSystem, type SapSystem, type SapSystemOptions } from './system.ts';
export { type Fault, type FaultKind } from './faults.ts';
export {
  accountSums,
  closePeriod,
  openPeriod,
  postings,
  type AccountSum,
  type AccountSumRange,
  type PeriodOf,
  type Posted,
  type PostingSearch,
} from './accounting/index.ts';
export { type FunctionChoice, type OptionalFunction } from './functions/index.ts';
export { type Tables } from './seed/index.ts';
export { type Row } from './dictionary/index.ts';
export { type SapUser } from './users.ts';
export { type NewVendor, type VendorChange, type VendorRows } from './vendors/index.ts';
export { type ChangeDocumentChoice } from './masters/index.ts';
export { type CustomerChange, type CustomerRows, type NewCustomer } from './customers/index.ts';
export { type MaterialChange, type MaterialRows, type NewPrice } from './materials/index.ts';
export {
  minutesBefore,
  trueDocuments,
  trueTotals,
  type DocumentKey,
  type Invention,
  type NewDocument,
  type NewItem,
  type Reversal,
  type TrueDocument,
  type TrueTotals,
  type TruthRange,
} from './documents/index.ts';
export {
  sapControl,
  serveControl,
  startSapProcess,
  type ControlCalls,
  type ControlServer,
  type SapAnnouncement,
  type SapControl,
  type SapProcess,
} from './control/index.ts';
export { loadExtracts, printReport, type ExtractReport, type Extracts, type Finding } from './extracts/index.ts';

export { Documents, minutesBefore, type DocumentKey, type Invention, type Reversal } from './documents.ts';
export { DocumentNumbers } from './document-numbers.ts';
export { fiscalPeriodOf } from './fiscal-period.ts';
export { type NewDocument, type NewItem } from './new-document.ts';
export { trueDocuments, trueTotals, type TrueDocument, type TrueTotals, type TruthRange } from './truth.ts';

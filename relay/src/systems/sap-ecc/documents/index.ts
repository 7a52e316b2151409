export { readDocuments, type DocumentBatch, type DocumentReading, type DocumentSelection } from './read-documents.ts';
export { debitsOf, totalDocuments, type DocumentTotals } from './totals.ts';
export { readDocumentCursor, type DocumentCursor, type DocumentId } from './cursor.ts';
export { headerFields, idOf, nameOf, readHeadersOf, type DocumentTypeChoice, type HeaderRow } from './headers.ts';
export { findReversals } from './reversals.ts';
export type { SapDocument, SapDocumentItem } from './document.ts';

export { addressFrom, Addresses, generalFrom } from './addresses.ts';
export { changeRow, writeChangeDocument, type ChangeDocumentChoice, type FieldChange } from './change-documents.ts';

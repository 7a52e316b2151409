export { sapGlDocumentsToCin7Journals } from './flow.ts';
export { glFlowSettings, type GlFlowSettings } from './settings.ts';
export { documentKey, readNarration, type NarratedDocument } from './document-key.ts';
export type { JournalHeader, JournalPart, JournalsBody } from './payload.ts';

export type { EntryState, JournalEntry, UnitOutcome } from './entry.ts';
export type { UnitGate, UnitPhase } from './gate.ts';
export { interrupted } from './interrupted.ts';
export { journalFile, openJournal, type JournalDeps, type UnitJournal } from './journal.ts';
export { openUnits, type UnitCall, type Units, type UnitsDeps, type UnitsStatus } from './units.ts';

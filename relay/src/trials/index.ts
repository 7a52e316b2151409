export { causesOf, recordsOfCause, standingStates, type Cause, type Causes, type CauseFilter } from './causes.ts';
export { type ComparisonReport } from './compare-mappings.ts';
export { differencesOf } from './differences.ts';
export * from './dry-runs.ts';
export { previewReplay, type ReplayPreview } from './replay-preview.ts';
export * from './replays.ts';
export { runTrials, type TrialDeps } from './run-trials.ts';
export { mostSelected, type RecordSelection } from './selection.ts';
export { compareRecent, shadowDraft, viewDraft, type ShadowDraft } from './shadow.ts';

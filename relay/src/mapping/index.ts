export * from './change.ts';
export { decodeText, mostCsvEntries, separators, writeCsv, type CsvFault, type SeparatorName } from './csv/index.ts';
export { draftMapping, dropDraft, findDraft, promoteDraft, saveDraft, type MappingDraft } from './drafts.ts';
export { importEntries, planImport, type ImportPlan } from './import-entries.ts';
export { assembleMapping, loadMapping, policyOf, type LoadedMapping, type MappedFlow, type MappingParts } from './load.ts';
export { currentOverrides, listOverrideSets, saveOverrides, type OverrideSet } from './override-sets.ts';
export {
  applyOverrides,
  closeOverrides,
  mostOverrides,
  overrideFaults,
  type FieldOverride,
  type OverriddenField,
  type Overridden,
} from './overrides/index.ts';
export { acceptProposals, type AcceptedProposals } from './proposals.ts';
export { releasedRecords } from './released.ts';
export { countsKey, countValueMaps, type ValueMapCounts } from './summaries.ts';
export * from './types.ts';
export * from './value-map.ts';
export { findVersion, keepVersion, type MappingVersion } from './versions.ts';

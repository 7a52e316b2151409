export { policyError, policyLines, type Decision, type Denied, type MissingRule } from './decision.ts';
export { keyOfOthers, presetList } from './keys.ts';
export { buildPolicy, decision, notOfThisKind, unknownSystem, type Policy, type SystemPolicy, type SystemType } from './policy.ts';
export { missingForRows, rowLines, type RowCondition, type RowRule } from './rows.ts';
export { addTable, joinedSources, missingForTable, sourceOfTable, tableLines, type TableRules, type TouchedTable } from './tables.ts';

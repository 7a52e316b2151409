import { sapBaseNeeds, sapPresets, type SapNeeds, type SapPreset } from '@ml-connector/shared';
import { addTable, type RowRule, type TableRules } from '../../../policy/index.ts';
import type { ParameterRule, SapPolicySettings } from './settings.ts';

/** A system's policy with its presets unfolded; each entry remembers where it comes from. */
export interface SapRules {
  presets: readonly SapPreset[];
  functions: Map<string, string>;
  /** Those of the functions that may be part of a unit that is committed. */
  writes: Set<string>;
  tables: TableRules;
  parameters: readonly ParameterRule[];
  rows: readonly RowRule[];
}

/** What is allowed on one system. Base needs (logon, metadata, currency decimals) always are. */
export function effectiveRules(settings: SapPolicySettings | undefined): SapRules {
  const rules: SapRules = {
    presets: settings?.presets ?? [],
    functions: new Map(),
    writes: new Set(),
    tables: new Map(),
    parameters: settings?.parameters ?? [],
    rows: settings?.rows ?? [],
  };
  addNeeds(rules, sapBaseNeeds, 'base');
  for (const preset of settings?.presets ?? []) addNeeds(rules, sapPresets[preset], `preset ${preset}`);
  for (const name of settings?.functions ?? []) addFunction(rules, name, 'functions');
  for (const name of settings?.writes ?? []) addWrite(rules, name, 'writes');
  for (const [table, fields] of Object.entries(settings?.tables ?? {})) addTable(rules.tables, { table, fields, source: 'tables' });
  return rules;
}

function addNeeds(rules: SapRules, { functions, writes = [], tables }: SapNeeds, source: string): void {
  for (const name of functions) addFunction(rules, name, source);
  for (const name of writes) addWrite(rules, name, source);
  for (const [table, fields] of Object.entries(tables)) addTable(rules.tables, { table, fields, source });
}

function addFunction({ functions }: SapRules, name: string, source: string): void {
  if (!functions.has(name)) functions.set(name, source);
}

function addWrite(rules: SapRules, name: string, source: string): void {
  addFunction(rules, name, source);
  rules.writes.add(name);
}

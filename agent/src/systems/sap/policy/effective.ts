import { sapBaseNeeds, sapPresets, type SapNeeds, type SapPreset } from '@ml-connector/shared';
import type { ParameterRule, RowRule, SystemPolicySettings } from './settings.ts';

/** A system's policy with its presets unfolded; each entry remembers where it comes from. */
export interface EffectiveRules {
  presets: readonly SapPreset[];
  functions: Map<string, string>;
  /** Those of the functions that may be part of a unit that is committed. */
  writes: Set<string>;
  /** Fields with their source, or '*' for all of them. */
  tables: Map<string, Map<string, string> | '*'>;
  parameters: readonly ParameterRule[];
  rows: readonly RowRule[];
}

/** What is allowed on one system. Base needs (logon, metadata, currency decimals) always are. */
export function effectiveRules(settings: SystemPolicySettings | undefined): EffectiveRules {
  const rules: EffectiveRules = {
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
  for (const [table, fields] of Object.entries(settings?.tables ?? {})) addTable(rules, { table, fields, source: 'tables' });
  return rules;
}

function addNeeds(rules: EffectiveRules, { functions, writes = [], tables }: SapNeeds, source: string): void {
  for (const name of functions) addFunction(rules, name, source);
  for (const name of writes) addWrite(rules, name, source);
  for (const [table, fields] of Object.entries(tables)) addTable(rules, { table, fields, source });
}

function addFunction({ functions }: EffectiveRules, name: string, source: string): void {
  if (!functions.has(name)) functions.set(name, source);
}

function addWrite(rules: EffectiveRules, name: string, source: string): void {
  addFunction(rules, name, source);
  rules.writes.add(name);
}

function addTable({ tables }: EffectiveRules, entry: { table: string; fields: readonly string[] | '*'; source: string }): void {
  const { table, fields, source } = entry;
  const present = tables.get(table);
  if (present === '*') return;
  if (fields === '*') {
    tables.set(table, '*');
    return;
  }
  const merged = present ?? new Map<string, string>();
  for (const field of fields) if (!merged.has(field)) merged.set(field, source);
  tables.set(table, merged);
}

import { canonicalHash } from '@ml-connector/shared';
import type { z } from 'zod';
import type { FlowRef } from '../ledger/index.ts';
import type { Store } from '../store/index.ts';
import { currentOverrides } from './override-sets.ts';
import { compileOverrides, type CompiledOverrides, type FieldOverride, type Table } from './overrides/index.ts';
import type { Mapping, MissingPolicy, ValueMapSpec } from './types.ts';

export interface LoadedMapping {
  tenantId: string;
  /** Names settings, entries, policies and overrides by their content: the same content is the same version. */
  version: string;
  /** Changes with every change of settings, entries, policies or overrides, also one that is taken back. */
  stamp: number;
  settings: unknown;
  mapping: Mapping;
  /** Left out where the integration overrides no field. */
  overrides?: CompiledOverrides;
  /** What it was made of; for versions that are kept, and drafts that begin from it. */
  parts: MappingParts;
}

export interface MappingParts {
  settings: unknown;
  tables: readonly Table[];
  overrides: readonly FieldOverride[];
}

/** What of a flow its mapping is made by. */
export interface MappedFlow {
  settings: z.ZodObject;
  valueMaps: readonly ValueMapSpec[];
}

/** The mapping of a flow as it is now. Rejects when the stored settings do not fit the flow's schema. */
export async function loadMapping(store: Store, flow: FlowRef, spec: MappedFlow): Promise<LoadedMapping> {
  const row = await store.db
    .selectFrom('integration_flow')
    .select(['settings_json', 'changed_at'])
    .where('integration_id', '=', flow.integrationId)
    .where('flow_id', '=', flow.flowId)
    .executeTakeFirstOrThrow();
  const settings = spec.settings.parse(JSON.parse(row.settings_json));
  const tables = await Promise.all(spec.valueMaps.map((map) => loadTable(store, flow.integrationId, map)));
  const overrides = await currentOverrides(store.db, flow);
  return { ...assembleMapping({ settings, tables, overrides }, flow.tenantId), stamp: row.changed_at };
}

/** A mapping of these parts, of that tenant; it has no stamp, for it may be one that nobody saved. */
export function assembleMapping(parts: MappingParts, tenantId: string): Omit<LoadedMapping, 'stamp'> {
  const { settings, tables, overrides } = parts;
  const content = overrides.length === 0 ? { settings, tables } : { settings, tables, overrides };
  const version = canonicalHash(content).slice(0, 16);
  const compiled = compileOverrides(overrides, { version, tenantId, tables: [...tables] });
  return { tenantId, version, settings, mapping: { settings, lookup: lookupIn(tables) }, ...(compiled && { overrides: compiled }), parts };
}

async function loadTable(store: Store, integrationId: string, spec: ValueMapSpec): Promise<Table> {
  const rows = await store.db
    .selectFrom('value_map_entry')
    .select(['from_code', 'to_code'])
    .where('integration_id', '=', integrationId)
    .where('value_map_id', '=', spec.id)
    .execute();
  const policy = await policyOf(store, integrationId, spec);
  return { id: spec.id, ...policy, entries: Object.fromEntries(rows.map((row) => [row.from_code, row.to_code])) };
}

/** What happens to a code without entry: the integration's choice, else the flow's. */
export async function policyOf(
  store: Store,
  integrationId: string,
  spec: ValueMapSpec,
): Promise<{ missing: MissingPolicy; defaultCode: string | null }> {
  const row = await store.db
    .selectFrom('value_map')
    .select(['missing', 'default_code'])
    .where('integration_id', '=', integrationId)
    .where('value_map_id', '=', spec.id)
    .executeTakeFirst();
  return row ? { missing: row.missing as MissingPolicy, defaultCode: row.default_code } : { missing: spec.missing, defaultCode: null };
}

function lookupIn(tables: readonly Table[]): Mapping['lookup'] {
  const byId = new Map(tables.map((table) => [table.id, { ...table, entries: new Map(Object.entries(table.entries)) }]));
  return (valueMapId, ...codes) => {
    const table = byId.get(valueMapId);
    if (!table) throw new Error(`the flow has no value map ${valueMapId}`);
    for (const code of codes) {
      const entry = table.entries.get(code);
      if (entry !== undefined) return entry;
    }
    if (table.missing === 'pass') return codes.at(-1);
    return table.missing === 'default' ? (table.defaultCode ?? undefined) : undefined;
  };
}

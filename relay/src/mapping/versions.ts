import { canonicalHash, type Clock } from '@ml-connector/shared';
import type { FlowRef } from '../ledger/index.ts';
import type { Store } from '../store/index.ts';
import type { LoadedMapping } from './load.ts';
import type { FieldOverride } from './overrides/index.ts';
import type { MissingPolicy } from './types.ts';

/** What a record's mapping version stood for. */
export interface MappingVersion {
  version: string;
  firstUsedAt: number;
  settings: unknown;
  valueMaps: {
    id: string;
    missing: MissingPolicy;
    defaultCode: string | null;
    entries: number;
    /** Equal digests: the same entries. */
    entriesDigest: string;
  }[];
  overrides: FieldOverride[];
}

// Written once per version; this process need not ask again. Small: a version is a change that somebody made.
const kept = new WeakMap<Store, Set<string>>();
const mostKept = 10_000;

/** Writes down what a version is made of, the first time it is used. */
export async function keepVersion(store: Store, clock: Clock, flow: FlowRef, loaded: LoadedMapping): Promise<void> {
  const known = kept.get(store) ?? new Set<string>();
  kept.set(store, known);
  const name = `${flow.integrationId} ${flow.flowId} ${loaded.version}`;
  if (known.has(name)) return;
  await store.db
    .insertInto('mapping_version')
    .values({
      integration_id: flow.integrationId,
      flow_id: flow.flowId,
      version: loaded.version,
      tenant_id: flow.tenantId,
      content_json: JSON.stringify(contentOf(loaded)),
      first_used_at: clock.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  if (known.size >= mostKept) known.clear();
  known.add(name);
}

export async function findVersion(store: Store, flow: FlowRef, version: string): Promise<MappingVersion | undefined> {
  const row = await store.db
    .selectFrom('mapping_version')
    .selectAll()
    .where('tenant_id', '=', flow.tenantId)
    .where('integration_id', '=', flow.integrationId)
    .where('flow_id', '=', flow.flowId)
    .where('version', '=', version)
    .executeTakeFirst();
  if (!row) return undefined;
  return { version, firstUsedAt: row.first_used_at, ...(JSON.parse(row.content_json) as ReturnType<typeof contentOf>) };
}

function contentOf({ parts }: LoadedMapping): Omit<MappingVersion, 'version' | 'firstUsedAt'> {
  const valueMaps = parts.tables.map(({ id, missing, defaultCode, entries }) => ({
    id,
    missing,
    defaultCode,
    entries: Object.keys(entries).length,
    entriesDigest: canonicalHash(entries).slice(0, 16),
  }));
  return { settings: parts.settings, valueMaps, overrides: [...parts.overrides] };
}

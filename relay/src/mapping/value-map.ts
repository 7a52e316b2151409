import type { Store, ValueMapEntryRow, ValueMapProposalRow } from '../store/index.ts';
import { policyOf } from './load.ts';
import type { MissingPolicy, ValueMapCodes, ValueMapSpec } from './types.ts';

/** A value map as its editor shows it. */
export interface ValueMapView {
  spec: ValueMapSpec;
  missing: MissingPolicy;
  defaultCode: string | null;
  entries: { from: string; fromName: string; to: string; toName: string }[];
  /** Codes that records wait for, those holding up most records first. */
  missingEntries: { code: string; name: string; records: number; examples: string[] }[];
  proposals: { from: string; fromName: string; to: string; toName: string; why: string }[];
  /** Codes of the target to choose from. */
  targetCodes: { code: string; name: string }[];
}

export async function viewValueMap(store: Store, integrationId: string, spec: ValueMapSpec): Promise<ValueMapView> {
  const ref = { integrationId, valueMapId: spec.id };
  const { names, targetCodes } = await codesOf(store, ref);
  const name = (side: 'from' | 'to', code: string): string => names.get(`${side} ${code}`) ?? '';
  const entries = (await entriesOf(store, ref)).map(({ from_code: from, to_code: to }) => ({
    from,
    fromName: name('from', from),
    to,
    toName: name('to', to),
  }));
  const mapped = new Set(entries.map((entry) => entry.from));
  const proposals = (await proposalsOf(store, ref))
    .filter((row) => !mapped.has(row.from_code))
    .map(({ from_code: from, to_code: to, why }) => ({ from, fromName: name('from', from), to, toName: name('to', to), why }));
  const missingEntries = (await missingOf(store, ref)).map((missing) => ({ ...missing, name: name('from', missing.code) }));
  return { spec, ...(await policyOf(store, integrationId, spec)), entries, missingEntries, proposals, targetCodes };
}

/** Replaces what is known about the codes of both sides and the proposals, as the flow has just read them. */
export async function storeCodes(store: Store, integrationId: string, maps: readonly ValueMapCodes[]): Promise<void> {
  await store.transaction(async (transaction) => {
    for (const { valueMapId, from, to, proposals } of maps) {
      const of = { integration_id: integrationId, value_map_id: valueMapId };
      for (const table of ['value_map_code', 'value_map_proposal'] as const) {
        await transaction.deleteFrom(table).where('integration_id', '=', integrationId).where('value_map_id', '=', valueMapId).execute();
      }
      const codes = [...from.map((one) => ({ ...one, side: 'from' })), ...to.map((one) => ({ ...one, side: 'to' }))];
      for (const { side, code, name } of codes) {
        await transaction
          .insertInto('value_map_code')
          .values({ ...of, side, code, name })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
      for (const proposal of proposals) {
        await transaction
          .insertInto('value_map_proposal')
          .values({ ...of, from_code: proposal.from, to_code: proposal.to, why: proposal.why })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
    }
  });
}

interface Ref {
  integrationId: string;
  valueMapId: string;
}

async function codesOf(store: Store, { integrationId, valueMapId }: Ref) {
  const rows = await store.db
    .selectFrom('value_map_code')
    .select(['side', 'code', 'name'])
    .where('integration_id', '=', integrationId)
    .where('value_map_id', '=', valueMapId)
    .orderBy('code')
    .execute();
  const names = new Map(rows.map(({ side, code, name }) => [`${side} ${code}`, name]));
  return { names, targetCodes: rows.filter((row) => row.side === 'to').map(({ code, name }) => ({ code, name })) };
}

async function missingOf(
  store: Store,
  { integrationId, valueMapId }: Ref,
): Promise<{ code: string; records: number; examples: string[] }[]> {
  const rows = await store.db
    .selectFrom('missing_entry')
    .innerJoin('record', 'record.id', 'missing_entry.record_id')
    .select(['missing_entry.code', 'record.key', 'record.label'])
    .where('missing_entry.integration_id', '=', integrationId)
    .where('missing_entry.value_map_id', '=', valueMapId)
    .where('record.state', '=', 'blocked')
    .orderBy('record.key')
    .execute();
  const byCode = Map.groupBy(rows, (row) => row.code);
  return [...byCode]
    .map(([code, waiting]) => ({
      code,
      records: waiting.length,
      examples: waiting.slice(0, 3).map(({ key, label }) => `${label} (${key})`),
    }))
    .toSorted((one, other) => other.records - one.records || (one.code < other.code ? -1 : 1));
}

function entriesOf(store: Store, { integrationId, valueMapId }: Ref): Promise<ValueMapEntryRow[]> {
  return store.db
    .selectFrom('value_map_entry')
    .selectAll()
    .where('integration_id', '=', integrationId)
    .where('value_map_id', '=', valueMapId)
    .orderBy('from_code')
    .execute();
}

function proposalsOf(store: Store, { integrationId, valueMapId }: Ref): Promise<ValueMapProposalRow[]> {
  return store.db
    .selectFrom('value_map_proposal')
    .selectAll()
    .where('integration_id', '=', integrationId)
    .where('value_map_id', '=', valueMapId)
    .orderBy('from_code')
    .execute();
}

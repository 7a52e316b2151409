import type { Clock } from '@ml-connector/shared';
import type { Store } from '../store/index.ts';
import { setEntries, type ValueMapRef } from './change.ts';

export interface AcceptedProposals {
  accepted: { from: string; to: string }[];
  /** Codes with several proposals: a person has to name the one that is meant. */
  ambiguous: string[];
  released: number;
}

/** Makes entries of proposals: of the given codes, or of all that have exactly one. Codes that have an entry keep it. */
export async function acceptProposals(
  store: Store,
  clock: Clock,
  { integrationId, valueMapId, codes, actor }: ValueMapRef & { codes: readonly string[] | 'all'; actor: string },
): Promise<AcceptedProposals> {
  const proposals = await pairsOf(store, 'value_map_proposal', { integrationId, valueMapId });
  const entries = await pairsOf(store, 'value_map_entry', { integrationId, valueMapId });
  const mapped = new Set(entries.map((entry) => entry.from_code));
  const wanted = proposals.filter(({ from_code: from }) => !mapped.has(from) && (codes === 'all' || codes.includes(from)));
  const byCode = [...Map.groupBy(wanted, (proposal) => proposal.from_code)];
  const accepted = byCode.flatMap(([from, [one, ...others]]) => (one && others.length === 0 ? [{ from, to: one.to_code }] : []));
  const ambiguous = byCode.filter(([, found]) => found.length > 1).map(([from]) => from);
  const released = accepted.length === 0 ? 0 : await setEntries(store, clock, { integrationId, valueMapId, entries: accepted, actor });
  return { accepted, ambiguous, released };
}

function pairsOf(
  store: Store,
  table: 'value_map_proposal' | 'value_map_entry',
  { integrationId, valueMapId }: ValueMapRef,
): Promise<{ from_code: string; to_code: string }[]> {
  return store.db
    .selectFrom(table)
    .select(['from_code', 'to_code'])
    .where('integration_id', '=', integrationId)
    .where('value_map_id', '=', valueMapId)
    .orderBy('from_code')
    .execute();
}

import { recordPages, type RecordFilter } from '../ledger/index.ts';
import type { RecordRow, Store } from '../store/index.ts';
import { recordsOfCause, type CauseFilter } from './causes.ts';

/** Which records to replay: these, those of a filter, or those of a cause. */
export type RecordSelection =
  | { recordIds: readonly string[] }
  | { filter: Omit<RecordFilter, 'tenantId'> }
  | { causeId: string; filter?: Omit<CauseFilter, 'tenantId'> };

export const mostSelected = 100_000;

/** Ids of the selected records, oldest first. */
export async function selectedIds(store: Store, tenantId: string, selection: RecordSelection): Promise<string[]> {
  if ('causeId' in selection) return recordsOfCause(store, { tenantId, ...selection.filter }, selection.causeId, mostSelected);
  const ids: string[] = [];
  const pages = 'recordIds' in selection ? { tenantId, recordIds: selection.recordIds } : { filter: { ...selection.filter, tenantId } };
  for await (const records of recordPages(store, pages)) {
    for (const { id } of records) ids.push(id);
    if (ids.length >= mostSelected) break;
  }
  return ids.toSorted().slice(0, mostSelected);
}

/** The records themselves, some hundred at a time, in the order of the ids. */
export async function* recordsOf(store: Store, tenantId: string, ids: readonly string[]): AsyncGenerator<RecordRow[]> {
  yield* recordPages(store, { tenantId, recordIds: ids });
}

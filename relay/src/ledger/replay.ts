import type { Clock } from '@ml-connector/shared';
import type { RecordRow, Store } from '../store/index.ts';
import { replayPage } from './replay-page.ts';
import { searchRecords, type RecordFilter } from './search.ts';

export type ReplaySelection = { tenantId: string; recordIds: readonly string[] } | { filter: RecordFilter };

export interface ReplayResult {
  /** Records that go out again under their own id. */
  released: string[];
  /** New versions of records that were finished: an update of what the target holds, never a second creation. */
  created: string[];
  /** Already under way. */
  untouched: string[];
}

/** Maps and posts records again, with the mapping of today. `actor`: `user:…`, `token:…`. */
export async function replayRecords(store: Store, clock: Clock, selection: ReplaySelection, actor: string): Promise<ReplayResult> {
  const result: ReplayResult = { released: [], created: [], untouched: [] };
  const runs = new Map<string, string>();
  for await (const records of recordPages(store, selection)) {
    const changes = await store.commit((sql) => replayPage(sql, clock, { records, actor, runs }));
    for (const { change, id } of changes) result[change].push(id);
  }
  store.notify({ about: 'work' });
  return result;
}

const pageSize = 500;

/** The records of a selection, some hundred at a time. */
export async function* recordPages(store: Store, selection: ReplaySelection): AsyncGenerator<RecordRow[]> {
  if ('recordIds' in selection) {
    for (let from = 0; from < selection.recordIds.length; from += pageSize) {
      yield store.db
        .selectFrom('record')
        .selectAll()
        .where('tenant_id', '=', selection.tenantId)
        .where('id', 'in', selection.recordIds.slice(from, from + pageSize))
        .orderBy('id')
        .execute();
    }
    return;
  }
  // Newest first and always onwards to older ids: what the replay itself creates is never met.
  for (let before: string | null | undefined; before !== null;) {
    const page = await searchRecords(store, selection.filter, { before: before ?? undefined, limit: pageSize });
    yield page.records;
    before = page.next;
  }
}

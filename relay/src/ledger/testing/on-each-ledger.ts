import type { Clock, WireError } from '@ml-connector/shared';
import type { RecordRow, Store } from '../../store/index.ts';
import { databaseKinds, openTestDatabase, type DatabaseKind, type TestDatabase } from '../../store/testing/index.ts';
import { beginPosting, type BegunAttempt } from '../begin-posting.ts';
import { settlePosting } from '../settle-posting.ts';
import { openLedgerStore, recordOf, tickingClock } from './ledger-bench.ts';

/** A ledger that is empty at the beginning of each test, but for one integration with one flow. */
export interface LedgerTest {
  readonly kind: DatabaseKind;
  readonly clock: Clock;
  /** Of the present test. */
  readonly store: Store;
  /** Begins a post of the newest version of a key, which has to be pending. */
  begin(key: string): Promise<{ record: RecordRow; attempt: BegunAttempt }>;
  /** Posts it with success. */
  post(key: string, targetId?: string): Promise<void>;
}

/** What is posted. */
export const body = { Name: 'Größe AG' };

/** A target that did not take it. */
export const busy: WireError = { code: 'BUSY', verdict: 'retry', message: 'try later' };

/** Declares tests once for each database. */
export function onEachLedger(declare: (ledger: LedgerTest) => void): void {
  describe.each(databaseKinds)('on %s', (kind) => {
    const clock = tickingClock();
    let database: TestDatabase;
    let store: Store;
    beforeAll(async () => {
      database = await openTestDatabase(kind);
    });
    afterAll(async () => database[Symbol.asyncDispose]());
    beforeEach(async () => {
      store = await openLedgerStore(clock, kind === 'SQLite' ? undefined : database.settings);
    });
    afterEach(async () => {
      await store[Symbol.asyncDispose]();
      await database.clear();
    });

    const begin: LedgerTest['begin'] = async (key) => {
      const record = await recordOf(store, key);
      const attempt = await beginPosting(store, clock, record, { mappingVersion: 'm1', body, notes: [] });
      if (!attempt) throw new Error(`${key} was not pending`);
      return { record, attempt };
    };
    declare({
      kind,
      clock,
      get store() {
        return store;
      },
      begin,
      post: async (key, targetId = `target-${key}`) => {
        const result = { targetId, targetLabel: 'Größe AG', action: 'created' };
        await settlePosting(store, clock, await begin(key), { state: 'succeeded', result });
      },
    });
  });
}

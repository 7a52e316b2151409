import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Clock } from '@ml-connector/shared';
import { addEvent } from '../../ledger/index.ts';
import { openStore, type Store } from '../../store/index.ts';
import { openTestStore, type TestDatabase } from '../../store/testing/index.ts';
import { openVault, type Vault } from '../../vault/index.ts';
import { anchorFileOf } from '../anchor-file.ts';
import type { AnchorDeps } from '../make-anchor.ts';
import { verifyAudit, type AuditReport } from '../verify.ts';

export interface AuditedStore extends AnchorDeps, AsyncDisposable {
  store: Store;
  vault: Vault;
  clock: SetClock;
  folder: string;
  /** One event each, in this order, at the clock's time. */
  write: (tenantId: string, ...subjects: string[]) => Promise<void>;
  verify(more?: { tenantId?: string; since?: number; withoutFile?: boolean }): Promise<AuditReport>;
}

/** A clock that the test sets. */
export interface SetClock extends Clock {
  at: number;
}

export const start = Date.UTC(2026, 4, 29, 9);

/** A store with a vault, and no tenants; on a database of its own, or on one that is empty and is emptied afterwards. */
export async function openAudited(database?: TestDatabase): Promise<AuditedStore> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ml-relay-audit-'));
  const clock: SetClock = { at: start, now: () => clock.at, wait: () => Promise.resolve() };
  const store = await (database ? openStore({ ...database.settings, clock }) : openTestStore(clock));
  const vault = openVault({ file: path.join(folder, 'master.key') });
  const anchorFile = anchorFileOf(folder);
  let written = 0;
  return {
    store,
    vault,
    clock,
    folder,
    anchorFile,
    write: (tenantId, ...subjects) =>
      store.transaction(async (transaction) => {
        for (const subjectId of subjects) {
          const data = { note: `Müller & Söhne ${++written}` };
          await addEvent(transaction, { subjectId, tenantId, at: clock.now(), actor: 'engine', kind: 'noted', data });
        }
      }),
    verify: ({ withoutFile, ...more } = {}) =>
      verifyAudit({ store, vault, clock, anchorFile: withoutFile ? undefined : anchorFile, ...more }),
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await database?.clear();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

import Database from 'better-sqlite3';
import { setTimeout as delay } from 'node:timers/promises';

/** What the relay's database says, read beside the running relay and never kept open: a killed relay must find its file as it left it. */
export class LedgerView {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  all<Row>(text: string, ...values: unknown[]): Row[] {
    const db = new Database(this.#file, { readonly: true, timeout: 2000 });
    try {
      return db.prepare(text).all(...values) as Row[];
    } finally {
      db.close();
    }
  }

  /** Newest version of every key of a flow. */
  newest(flowId: string): { id: string; key: string; state: string; targetId: string | null }[] {
    return this.all(
      `select id, key, state, target_id as targetId from record as one where flow_id = ? and not exists
         (select 1 from record as newer where newer.integration_id = one.integration_id and newer.flow_id = one.flow_id
            and newer.key = one.key and newer.version > one.version)`,
      flowId,
    );
  }

  /** Resolves within a millisecond or two after the count that `query` gives has risen by `more`. */
  async risen(query: string, more: number, signal: AbortSignal): Promise<void> {
    const db = new Database(this.#file, { readonly: true });
    try {
      const count = db.prepare(query).pluck();
      const wanted = Number(count.get()) + more;
      let seen = db.pragma('data_version', { simple: true });
      while (!signal.aborted) {
        await delay(1);
        const version = db.pragma('data_version', { simple: true });
        if (version === seen) continue;
        seen = version;
        if (Number(count.get()) >= wanted) return;
      }
    } finally {
      db.close();
    }
  }
}

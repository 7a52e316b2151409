import Database from 'better-sqlite3';
import type { FlowRef } from '../../../relay/src/ledger/index.ts';
import { newId } from '../../../relay/src/store/index.ts';
import { orderOf, toBody } from '../pipeline/order.ts';

const perTransaction = 10_000;

/** Finished records with the rows that a post leaves: attempt, link, four events. Written straight into the file, so that a million take a minute. */
export function fillFinished(file: string, { tenantId, integrationId, flowId }: FlowRef, count: number): void {
  using db = disposable(new Database(file));
  db.pragma('synchronous = OFF');
  const record = db.prepare(
    `insert into record (id, tenant_id, integration_id, flow_id, run_id, key, label, version, payload_json, payload_hash, state, attempts,
       mapping_version, target_id, target_label, action, created_at, changed_at)
     values (?, '${tenantId}', '${integrationId}', '${flowId}', 'run_0', ?, ?, 1, ?, ?, 'succeeded', 1, 'm1', ?, ?, 'created', ?, ?)`,
  );
  const attempt = db.prepare(
    `insert into attempt (id, record_id, number, mapping_version, body_json, notes_json, started_at, ended_at, outcome)
     values (?, ?, 1, 'm1', ?, '[]', ?, ?, 'succeeded')`,
  );
  const link = db.prepare(
    `insert into link (integration_id, flow_id, key, tenant_id, target_id, target_label, source_hash, target_hash, record_id, created_at, changed_at)
     values ('${integrationId}', '${flowId}', ?, '${tenantId}', ?, ?, ?, ?, ?, ?, ?)`,
  );
  const event = db.prepare(
    `insert into event (subject_id, seq, tenant_id, at, actor, kind, data_json, prev_hash, hash)
     values (?, ?, '${tenantId}', ?, 'engine', ?, ?, ?, ?)`,
  );
  db.pragma('foreign_keys = OFF');
  const hash = 'a'.repeat(64);
  const insert = db.transaction((first: number, last: number) => {
    for (let number = first; number < last; number++) {
      const [order, at, id] = [orderOf(number), Date.now(), newId('record', Date.now())];
      const [body, target] = [JSON.stringify(toBody(order)), `T-${number}`];
      record.run(id, order.id, order.customer.name, JSON.stringify(order), `${hash}${number}`, target, order.id, at, at);
      attempt.run(newId('attempt', at), id, body, at, at);
      link.run(order.id, target, order.id, hash, hash, id, at, at);
      for (const [seq, kind] of ['received', 'posting', 'call', 'succeeded'].entries()) event.run(id, seq + 1, at, kind, body, hash, hash);
    }
  });
  for (let first = 0; first < count; first += perTransaction) insert.immediate(first, Math.min(count, first + perTransaction));
  db.pragma('wal_checkpoint(TRUNCATE)');
}

function disposable(db: Database.Database): Database.Database & Disposable {
  return Object.assign(db, { [Symbol.dispose]: () => void db.close() });
}

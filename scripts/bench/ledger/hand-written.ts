import { hash } from 'node:crypto';
import Database from 'better-sqlite3';
import { newId, type RecordRow, type RunRow } from '../../../relay/src/store/index.ts';
import { bodyOf, vendor } from './vendor.ts';

/** The limit: what a careful person would write by hand for exactly these rows. */
export function openRaw(file: string, theRun: RunRow) {
  const db = new Database(file);
  for (const setting of ['synchronous = FULL', 'cache_size = -32768', 'wal_autocheckpoint = 4000']) db.pragma(setting);
  const newest = db.prepare(
    'select id, version, payload_hash from record where integration_id = ? and flow_id = ? and key = ? order by version desc limit 1',
  );
  const record = db.prepare(
    `insert into record (id, tenant_id, integration_id, flow_id, run_id, key, label, version, payload_json, payload_hash, state, attempts,
       created_at, changed_at) values (?, 'ten_1', 'int_1', 'vendors', ?, ?, ?, 1, ?, ?, 'pending', 0, ?, ?)`,
  );
  const head = db.prepare('select seq, hash from event where subject_id = ? order by seq desc limit 1');
  const event = db.prepare(
    `insert into event (subject_id, seq, tenant_id, at, actor, kind, data_json, prev_hash, hash) values (?, ?, 'ten_1', ?, 'engine', ?, ?, ?, ?)`,
  );
  const count = db.prepare('update run set read_count = read_count + ?, new_count = new_count + ? where id = ?');
  const due = db.prepare(
    `select * from record as one where integration_id = 'int_1' and flow_id = 'vendors' and state = 'pending' and not exists (select 1 from record as
       older where older.integration_id = one.integration_id and older.flow_id = one.flow_id and older.key = one.key and
       older.version < one.version and older.state not in ('succeeded', 'skipped')) order by key, version limit ?`,
  );
  const begin = db.prepare(
    `update record set state = 'posting', attempts = attempts + 1, mapping_version = 'm1', changed_at = ? where id = ? and state = 'pending'`,
  );
  const attempt = db.prepare(
    `insert into attempt (id, record_id, number, mapping_version, body_json, notes_json, started_at) values (?, ?, 1, 'm1', ?, '[]', ?)`,
  );
  const end = db.prepare(`update attempt set ended_at = ?, outcome = 'succeeded' where id = ?`);
  const settle = db.prepare(
    `update record set state = 'succeeded', target_id = ?, target_label = ?, action = 'created', changed_at = ? where id = ? and state = 'posting'`,
  );
  const link = db.prepare(
    `insert into link (integration_id, flow_id, key, tenant_id, target_id, target_label, source_hash, target_hash, record_id, created_at,
       changed_at) values ('int_1', 'vendors', ?, 'ten_1', ?, ?, ?, ?, ?, ?, ?) on conflict (integration_id, flow_id, key) do update set
       target_id = excluded.target_id`,
  );
  const sha256 = (text: string): string => hash('sha256', text, 'hex');
  const trail = (id: string, kind: string, data: unknown): void => {
    const last = head.get(id) as { seq: number; hash: string } | undefined;
    const [seq, prev, at, text] = [(last?.seq ?? 0) + 1, last?.hash ?? '', Date.now(), JSON.stringify(data)];
    event.run(id, seq, at, kind, text, prev, sha256(JSON.stringify([id, seq, 'ten_1', at, 'engine', kind, text, prev])));
  };
  const inserting = db.transaction((vendors: ReturnType<typeof vendor>[]) => {
    for (const { key, label, payload } of vendors) {
      const text = JSON.stringify(payload);
      const payloadHash = sha256(text);
      if (newest.get('int_1', 'vendors', key)) continue;
      const [id, now] = [newId('record', Date.now()), Date.now()];
      record.run(id, theRun.id, key, label, text, payloadHash, now, now);
      trail(id, 'received', { runId: theRun.id, version: 1, payloadHash });
      count.run(1, 1, theRun.id);
    }
  });
  const beginning = db.transaction((records: { row: RecordRow; attemptId: string; body: string }[]) => {
    for (const { row, attemptId, body } of records) {
      begin.run(Date.now(), row.id);
      attempt.run(attemptId, row.id, body, Date.now());
      trail(row.id, 'posting', { attempt: 1, mappingVersion: 'm1', bodyHash: sha256(body) });
    }
  });
  const settling = db.transaction((records: { row: RecordRow; attemptId: string; body: string }[]) => {
    for (const { row, attemptId, body } of records) {
      const [target, now] = [`target-${row.key}`, Date.now()];
      end.run(now, attemptId);
      settle.run(target, row.label, now, row.id);
      link.run(row.key, target, row.label, row.payload_hash, sha256(body), row.id, now, now);
      trail(row.id, 'succeeded', { targetId: target, targetLabel: row.label, action: 'created' });
    }
  });
  return {
    insert(number: number): number {
      inserting.immediate(Array.from({ length: number }, vendor));
      return number;
    },
    post(number: number): number {
      const rows = due.all(number) as RecordRow[];
      const work = rows.map((row) => ({ row, attemptId: newId('attempt', Date.now()), body: JSON.stringify(bodyOf(row)) }));
      beginning.immediate(work);
      settling.immediate(work);
      return rows.length;
    },
    [Symbol.dispose]: () => db.close(),
  };
}

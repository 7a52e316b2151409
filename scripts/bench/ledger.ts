import { hash } from 'node:crypto';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { systemClock } from '@ml-connector/shared';
import { beginPosting, dueRecords, intake, settlePosting, startRun, type FlowRef } from '../../relay/src/ledger/index.ts';
import { newId, openStore, type RecordRow, type RunRow, type Store } from '../../relay/src/store/index.ts';
import { figure, sampled, type Report, type Sampled } from './report.ts';

const samples = 5;
const sampleMs = 600;
const callers = 200;
const flow: FlowRef = { tenantId: 'ten_1', integrationId: 'int_1', flowId: 'vendors' };

/** Records into the ledger and through posting, durable, beside single commits and hand-written prepared statements on the same tables. */
export async function run(report: Report): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ledger-bench-'));
  try {
    report.note(fileSystemFact(folder));
    report.note(
      `Vendor records of 1.4 KB; ${callers} callers at once, or one after the other ("single commits"); SQLite WAL, synchronous FULL.`,
    );
    await using store = await openStore({ file: path.join(folder, 'relay.db') });
    const theRun = await seed(store);
    using raw = openRaw(path.join(folder, 'relay.db'), theRun);
    const insert = {
      grouped: async () => grouped(store, theRun),
      single: async () => single(store, theRun),
      raw: async () => raw.insert(callers),
    };
    const insertRates = await alternating(insert);
    const post = { ledger: async () => postRound(store), raw: async () => raw.post(callers) };
    const postRates = await alternating(post, async () => fill(store, theRun));
    print(report, insertRates, postRates);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function print(report: Report, insert: Record<'grouped' | 'single' | 'raw', Sampled>, post: Record<'ledger' | 'raw', Sampled>): void {
  report.table('Ledger, records per second', [
    { what: 'intake, one record per call, group commit', rate: figure(insert.grouped) },
    { what: 'intake, single commits', rate: figure(insert.single) },
    { what: 'the same rows by hand-written prepared statements, one transaction per group', rate: figure(insert.raw) },
    { what: 'claim, begin and settle a post', rate: figure(post.ledger) },
    { what: 'the same by hand-written prepared statements', rate: figure(post.raw) },
  ]);
  const against = (what: string, ours: Sampled, other: Sampled, wanted: number): void => {
    const ratio = ours.median / other.median;
    report.target({ what, wanted: `>= ${wanted}x`, measured: `${ratio.toFixed(2)}x`, met: ratio >= wanted });
  };
  against('group commit against single commits', insert.grouped, insert.single, 10);
  against('intake against prepared statements', insert.grouped, insert.raw, 0.6);
  against('claim and settle against prepared statements', post.ledger, post.raw, 0.6);
}

/** Measures the contenders in turns, so that a slower minute of the machine meets all of them. */
async function alternating<Name extends string>(
  contenders: Record<Name, () => Promise<number>>,
  prepare: () => Promise<void> = async () => {},
): Promise<Record<Name, Sampled>> {
  const names = Object.keys(contenders) as Name[];
  const rates = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let sample = 0; sample <= samples; sample++) {
    for (const name of names) {
      await prepare();
      const rate = await rateOf(contenders[name]);
      if (sample > 0) rates.get(name)?.push(rate); // the first one warms up
    }
  }
  return Object.fromEntries([...rates].map(([name, list]) => [name, sampled(list)])) as Record<Name, Sampled>;
}

async function rateOf(work: () => Promise<number>): Promise<number> {
  const start = performance.now();
  let done = 0;
  while (performance.now() - start < sampleMs) {
    const count = await work();
    if (count === 0) break;
    done += count;
  }
  return done / ((performance.now() - start) / 1000);
}

let next = 0;
function vendor(): { key: string; label: string; payload: unknown } {
  const key = String(next++).padStart(10, '0');
  const banks = Array.from({ length: 8 }, (_, item) => ({
    item,
    account: '0000400000',
    text: 'Bürobedarf, geliefert an Werk 1000',
    iban: 'DE02120300000000202051',
  }));
  return { key, label: `Lieferant ${key} GmbH`, payload: { LIFNR: key, NAME1: `Lieferant ${key} GmbH`, ORT01: 'Köln', banks } };
}

async function takeIn(store: Store, { id }: RunRow, records: ReturnType<typeof vendor>[]): Promise<void> {
  await intake(store, systemClock, { flow, runId: id, kind: 'document', mappingVersion: 'm1', records });
}

async function grouped(store: Store, theRun: RunRow): Promise<number> {
  await Promise.all(Array.from({ length: callers }, () => takeIn(store, theRun, [vendor()])));
  return callers;
}

async function single(store: Store, theRun: RunRow): Promise<number> {
  await takeIn(store, theRun, [vendor()]);
  return 1;
}

async function fill(store: Store, theRun: RunRow): Promise<void> {
  const pending = await dueRecords(store, flow, systemClock.now(), 20_000);
  if (pending.length < 20_000) await takeIn(store, theRun, Array.from({ length: 20_000 }, vendor));
}

const notes: string[] = [];
async function postRound(store: Store): Promise<number> {
  const records = await dueRecords(store, flow, systemClock.now(), callers);
  await Promise.all(records.map((record) => postOne(store, record)));
  return records.length;
}

async function postOne(store: Store, record: RecordRow): Promise<void> {
  const body = bodyOf(record);
  const attempt = await beginPosting(store, systemClock, record, { mappingVersion: 'm1', body, notes });
  if (!attempt) return;
  const result = { targetId: `target-${record.key}`, targetLabel: record.label, action: 'created' };
  await settlePosting(store, systemClock, { record, attempt }, { state: 'succeeded', result });
}

function bodyOf(record: RecordRow): unknown {
  return { Name: record.label, Currency: 'EUR', PaymentTerm: '30 days', TaxRule: 'Standard', Code: record.key };
}

/** The limit: what a careful person would write by hand for exactly these rows. */
function openRaw(file: string, theRun: RunRow) {
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

async function seed(store: Store): Promise<RunRow> {
  const { db } = store;
  const at = { created_at: 0, changed_at: 0 };
  await db.insertInto('tenant').values({ id: 'ten_1', name: 'Bench', created_at: 0 }).execute();
  const unset = { site_id: null, secrets: null, halted_json: null, check_json: null, settings_json: '{}', version: 1 };
  await db
    .insertInto('connection')
    .values({ ...unset, ...at, id: 'con_1', tenant_id: 'ten_1', system: 'sap-ecc', name: 'SAP' })
    .execute();
  const connections = { source_connection_id: 'con_1', target_connection_id: 'con_1' };
  await db
    .insertInto('integration')
    .values({ ...at, ...connections, id: 'int_1', tenant_id: 'ten_1', name: 'Vendors' })
    .execute();
  const row = {
    integration_id: 'int_1',
    flow_id: 'vendors',
    tenant_id: 'ten_1',
    enabled: 1,
    paused: 0,
    settings_json: '{}',
    changed_at: 0,
  };
  const timing = { schedule_json: null, cursor_json: null, next_run_at: null, next_sweep_at: null, failures: 0 };
  await db
    .insertInto('integration_flow')
    .values({ ...row, ...timing })
    .execute();
  return startRun(store, systemClock, { flow, mode: 'full', trigger: 'manual' });
}

function fileSystemFact(folder: string): string {
  const handle = openSync(path.join(folder, 'probe'), 'w');
  const block = Buffer.alloc(4096, 1);
  const times = Array.from({ length: 200 }, () => {
    const start = performance.now();
    writeSync(handle, block);
    fdatasyncSync(handle);
    return performance.now() - start;
  });
  closeSync(handle);
  const names: Record<number, string> = {
    0xef53: 'ext4',
    0x58465342: 'xfs',
    0x9123683e: 'btrfs',
    0x01021994: 'tmpfs',
    0x794c7630: 'overlayfs',
  };
  const { type } = statfsSync(folder);
  const { median, spread } = sampled(times.sort((a, b) => a - b).slice(10, 190));
  return `File system ${names[type] ?? `0x${type.toString(16)}`}: 4 KB written and on disk in ${median.toFixed(2)} ms (±${(spread * 100).toFixed(0)} %).`;
}

import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { Pool } from 'undici';
import { orderOf, toBody } from './order.ts';

/**
 * The limit: what a careful person would write in an afternoon. Per record a durable row before the post and a durable outcome after it, each with
 * an audit row, commits shared by what is in flight; no retry, no dedupe, no look-up, no chain, no trace of the call.
 */
export async function bareRate({ targetUrl, inFlight, count }: { targetUrl: string; inFlight: number; count: number }): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bare-bench-'));
  const pool = new Pool(new URL(targetUrl).origin, { connections: inFlight });
  const db = openDatabase(path.join(folder, 'bare.sqlite'));
  try {
    const insert = db.prepare(`insert into record (key, hash, payload, state) values (?, ?, ?, 'pending')`);
    const settle = db.prepare(`update record set state = 'succeeded', target_id = ? where key = ?`);
    const audit = db.prepare('insert into audit (key, at, what) values (?, ?, ?)');
    const commit = grouped(db);
    let next = 0;
    const work = async (): Promise<void> => {
      for (let number = next++; number < count; number = next++) {
        const order = orderOf(number);
        const payload = JSON.stringify(order);
        await commit(() => {
          insert.run(order.id, hash('sha256', payload), payload);
          audit.run(order.id, Date.now(), 'received');
        });
        const body = JSON.stringify(toBody(order));
        const answer = await pool.request({ method: 'POST', path: '/', headers: { 'content-type': 'application/json' }, body });
        const { id } = (await answer.body.json()) as { id: string };
        await commit(() => {
          settle.run(id, order.id);
          audit.run(order.id, Date.now(), `posted ${id}`);
        });
      }
    };
    const began = performance.now();
    await Promise.all(Array.from({ length: inFlight }, work));
    return count / ((performance.now() - began) / 1000);
  } finally {
    await pool.close();
    db.close();
    rmSync(folder, { recursive: true });
  }
}

function openDatabase(file: string): Database.Database {
  const db = new Database(file);
  for (const setting of ['journal_mode = WAL', 'synchronous = FULL', 'cache_size = -32768', 'wal_autocheckpoint = 4000'])
    db.pragma(setting);
  db.exec(`create table record (key text primary key, hash text, payload text, state text, target_id text) without rowid;
    create index pending on record (key) where state = 'pending';
    create table audit (id integer primary key, key text, at integer, what text)`);
  return db;
}

/** Work handed in during one turn of the event loop shares a commit. */
function grouped(db: Database.Database): (work: () => void) => Promise<void> {
  let waiting: { work: () => void; done: () => void }[] = [];
  const flush = (): void => {
    const group = waiting;
    waiting = [];
    db.transaction(() => {
      for (const { work } of group) work();
    }).immediate();
    for (const { done } of group) done();
  };
  return (work) =>
    new Promise((done) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ work, done });
    });
}

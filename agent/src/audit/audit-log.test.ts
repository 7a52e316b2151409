import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog, systemClock } from '@ml-connector/shared';
import { openAuditLog } from './audit-log.ts';
import type { AuditEntry } from './entry.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ml-audit-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const clock = { ...systemClock, now: () => Date.parse('2026-11-21T10:00:00Z') };
const entry = (callId: string, time = '2026-11-21T10:00:00.000Z'): AuditEntry => ({
  time,
  callId,
  operation: 'SapTableRead',
  system: 'PRD',
  tables: { LFA1: ['LIFNR', 'NAME1'] },
  decision: 'allowed',
  rule: 'preset sap-vendors-to-cin7-suppliers',
  outcome: 'ok',
  rows: 3,
  ms: 12,
});
const linesOf = (day: string): string[] =>
  readFileSync(path.join(folder, `${day}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n');

test('calls are appended in order, each day to its own file', async () => {
  await using audit = openAuditLog({ folder, keepDays: 30, clock, log: silentLog });
  for (let n = 0; n < 500; n += 1) audit.append(entry(`call-${n}`));
  audit.append(entry('next-day', '2026-11-22T00:00:00.001Z'));
  await audit.flush();
  expect(linesOf('2026-11-21').map((line) => (JSON.parse(line) as AuditEntry).callId)).toEqual(
    Array.from({ length: 500 }, (_, n) => `call-${n}`),
  );
  expect(linesOf('2026-11-22')).toHaveLength(1);
});

test('closing writes what is still waiting, and a new start appends to the same day', async () => {
  {
    await using audit = openAuditLog({ folder, keepDays: 30, clock, log: silentLog });
    audit.append(entry('first'));
  }
  {
    await using audit = openAuditLog({ folder, keepDays: 30, clock, log: silentLog });
    audit.append(entry('second'));
  }
  expect(linesOf('2026-11-21')).toHaveLength(2);
});

test('files past their retention are removed, other files never', async () => {
  for (const name of ['2026-10-21.jsonl', '2026-10-22.jsonl', '2025-01-01.jsonl', 'notes.txt']) writeFileSync(path.join(folder, name), '');
  await using audit = openAuditLog({ folder, keepDays: 30, clock, log: silentLog });
  await audit.flush();
  expect(readdirSync(folder).sort()).toEqual(['2026-10-22.jsonl', 'notes.txt']);
});

test('a disk that refuses for a while loses no line', async () => {
  await using audit = openAuditLog({ folder: path.join(folder, 'audit'), keepDays: 30, clock, log: silentLog });
  renameSync(path.join(folder, 'audit'), path.join(folder, 'away'));
  audit.append(entry('while-away'));
  await audit.flush();
  renameSync(path.join(folder, 'away'), path.join(folder, 'audit'));
  audit.append(entry('back-again'));
  await audit.flush();
  const text = readFileSync(path.join(folder, 'audit', '2026-11-21.jsonl'), 'utf8');
  expect(text.match(/while-away|back-again/g)).toEqual(['while-away', 'back-again']);
});

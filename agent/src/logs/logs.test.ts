import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openAgentLog, type AgentLog } from './agent-log.ts';
import { parseSince, type LogFilter } from './filter.ts';
import { prettyLine } from './pretty.ts';
import { logFiles } from './rotating-file.ts';
import { logSettings } from './settings.ts';
import { tailLog } from './tail.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ml-logs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (settings: object = {}): AgentLog => openAgentLog({ folder, settings: logSettings.parse(settings) });
const everything = (): string =>
  logFiles(folder)
    .map((file) => readFileSync(file, 'utf8'))
    .join('');

async function tail(lines: number, filter: LogFilter = {}): Promise<unknown[]> {
  const found: unknown[] = [];
  const signal = new AbortController().signal;
  for await (const { fields } of tailLog({ folder, filter, lines, follow: false, signal })) found.push(fields['n'] ?? fields['msg']);
  return found;
}

test('files are closed at their size, the newest are kept, and no line is cut', () => {
  {
    using agentLog = open({ maxFileMb: 0.01, keepFiles: 3 });
    for (let n = 0; n < 500; n += 1) agentLog.log.info({ n, name: '上海机械有限公司' }, 'vendor read');
  }
  expect(logFiles(folder)).toHaveLength(4);
  const numbers = everything()
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { n: number }).n);
  expect(numbers.at(-1)).toBe(499);
  expect(numbers).toEqual(numbers.map((_, index) => 500 - numbers.length + index));
});

test('a new start goes on in the same file', () => {
  for (const run of [1, 2]) {
    using agentLog = open();
    agentLog.log.info({ run }, 'started');
  }
  expect(everything().match(/"run":\d/g)).toEqual(['"run":1', '"run":2']);
});

test('a change of level reaches loggers that were made before', () => {
  using agentLog = open();
  const child = agentLog.log.child({ system: 'PRD' });
  const grandchild = child.child({ callId: 'c-1' });
  grandchild.debug('before');
  agentLog.setLevel('debug');
  grandchild.debug('after');
  agentLog.setLevel('error');
  child.warn('quiet again');
  expect(everything().match(/"msg":"[^"]+"/g)).toEqual(['"msg":"after"']);
  expect(agentLog.level()).toBe('error');
});

test('the newest matching lines are found across files, in order', async () => {
  using agentLog = open({ maxFileMb: 0.01, keepFiles: 50 });
  for (let n = 0; n < 300; n += 1) {
    const level = n % 10 === 0 ? 'warn' : 'info';
    agentLog.log[level]({ n, system: n % 2 ? 'QAS' : 'PRD', recordId: `rec-${n % 100}`, callId: `call-${n}` }, 'read');
  }
  expect(logFiles(folder).length).toBeGreaterThan(3);
  expect(await tail(3)).toEqual([297, 298, 299]);
  expect(await tail(4, { level: 'warn' })).toEqual([260, 270, 280, 290]);
  expect(await tail(10, { recordId: 'rec-7' })).toEqual([7, 107, 207]);
  expect(await tail(10, { system: 'QAS', callId: 'call-42' })).toEqual([]);
  expect(await tail(0)).toEqual([]);
  expect(await tail(1000, { since: Date.now() + 1000 })).toEqual([]);
  expect(await tail(1000)).toHaveLength(300);
});

test('following goes on across rotations and misses nothing', async () => {
  using agentLog = open({ maxFileMb: 0.01, keepFiles: 50 });
  agentLog.log.info({ n: -1 }, 'from before');
  const stop = new AbortController();
  const seen: unknown[] = [];
  for await (const { fields } of tailLog({ folder, filter: {}, lines: 1, follow: true, signal: stop.signal })) {
    seen.push(fields['n']);
    if (seen.length === 1) for (let n = 0; n < 400; n += 1) agentLog.log.info({ n }, 'while following');
    if (fields['n'] === 399) stop.abort();
  }
  expect(seen).toEqual([-1, ...Array.from({ length: 400 }, (_, n) => n)]);
});

test('half a line and a line that is no JSON do no harm', async () => {
  using agentLog = open();
  appendFileSync(path.join(folder, 'agent.log'), 'node: out of memory\n{"level":"in');
  expect(await tail(5)).toEqual(['node: out of memory']);
  expect(await tail(5, { level: 'info' })).toEqual([]);
  expect(agentLog.level()).toBe('info');
});

test.each([
  ['10m', -600_000],
  ['2h', -7_200_000],
  ['1970-01-02T00:00:00Z', 86_400_000],
  ['yesterday', undefined],
  ['10', undefined],
])('--since %s', (text, time) => {
  expect(parseSince(text, 0)).toBe(time);
});

test('a pretty line is one line with its fields', () => {
  const line = prettyLine({ colors: false })(
    '{"level":"warn","time":"2026-11-21T10:00:00.000Z","component":"agent","system":"PRD","msg":"call denied"}\n',
  );
  expect(line).toMatch(/^\[2026-11-2\d .*\] WARN: call denied \{"system":"PRD"\}\n$/);
});

test('a pretty line shows control characters instead of obeying them', () => {
  const message = 'call denied: \u001b]0;owned\u0007\u001b[2J\nlevel 60 forged\u009b31m';
  const line = prettyLine({ colors: false })(`${JSON.stringify({ level: 'warn', msg: message, system: 'P\u001b[2JD' })}\n`);
  expect(line.trimEnd().split('\n')).toEqual([
    expect.stringContaining(String.raw`call denied: \x1b]0;owned\x07\x1b[2J`),
    expect.stringMatching(/^ {2}level 60 forged\\x9b31m/),
  ]);
  expect(line).not.toMatch(/[^\P{Cc}\n]/u);
});

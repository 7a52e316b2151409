import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog, SystemError } from '@ml-connector/shared';
import { askAgent, openControl, type ControlHandlers } from './control.ts';
import { lockDataDir } from './lock.ts';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'ml-control-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const handlers: ControlHandlers = {
  status: () => Promise.resolve({ tunnel: 'up' }),
  'log-level': (level) => Promise.resolve(level),
  'reload-policy': () => Promise.reject(new SystemError('CONFIG_INVALID', 'refused', 'agent.yaml:3: is wrong', { fix: 'correct it' })),
  'credentials-changed': () => Promise.resolve(undefined),
  units: () => Promise.resolve({}),
  doctor: () => Promise.resolve({ findings: [] }),
};

test('the running agent answers, with its own errors too, and nobody answers after it stopped', async () => {
  {
    await using control = await openControl({ dataDir, handlers, log: silentLog });
    expect(control).toBeDefined();
    await expect(askAgent(dataDir, 'status')).resolves.toEqual({ answer: { tunnel: 'up' } });
    await expect(askAgent(dataDir, 'log-level', { level: 'debug' })).resolves.toEqual({ answer: { level: 'debug' } });
    await expect(askAgent(dataDir, 'credentials-changed', 'PRD')).resolves.toEqual({ answer: null });
    await expect(askAgent(dataDir, 'reload-policy')).rejects.toMatchObject({ code: 'CONFIG_INVALID', fix: 'correct it' });
    expect(statSync(path.join(dataDir, 'control.json')).mode & 0o077).toBe(0);
  }
  await expect(askAgent(dataDir, 'status')).resolves.toBeUndefined();
});

test('a killed agent leaves its socket behind, and the next one starts all the same', async () => {
  const first = await openControl({ dataDir, handlers, log: silentLog });
  const door = readFileSync(path.join(dataDir, 'control.json'), 'utf8');
  await first[Symbol.asyncDispose]();
  writeFileSync(path.join(dataDir, 'control.sock'), '');
  writeFileSync(path.join(dataDir, 'control.json'), door);
  await expect(askAgent(dataDir, 'status')).resolves.toBeUndefined();
  await using second = await openControl({ dataDir, handlers, log: silentLog });
  expect(second).toBeDefined();
  await expect(askAgent(dataDir, 'status')).resolves.toEqual({ answer: { tunnel: 'up' } });
});

test.each([
  ['a wrong token', JSON.stringify({ token: 'guessed', command: 'status' })],
  ['an unknown command', JSON.stringify({ token: 'x', command: 'shutdown' })],
  ['no JSON', 'GET / HTTP/1.1'],
])('%s gets an error and nothing else', async (_what, line) => {
  await using control = await openControl({ dataDir, handlers, log: silentLog });
  expect(control).toBeDefined();
  const { address } = JSON.parse(readFileSync(path.join(dataDir, 'control.json'), 'utf8')) as { address: string };
  const socket = createConnection(address);
  const answer = new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(String(bytes))));
  socket.write(`${line}\n`);
  expect(await answer).toMatch(/^\{"error":\{"code":"INTERNAL"/);
  socket.destroy();
});

test('a very deep data folder still gets a control socket', async () => {
  const deep = path.join(dataDir, 'a'.repeat(60), 'b'.repeat(60));
  const taken = lockDataDir(deep);
  await using control = await openControl({ dataDir: deep, handlers, log: silentLog });
  expect(control).toBeDefined();
  await expect(askAgent(deep, 'status')).resolves.toBeDefined();
  if ('lock' in taken) taken.lock[Symbol.dispose]();
});

test('two agents cannot hold one data folder', () => {
  const first = lockDataDir(dataDir);
  expect(first).toHaveProperty('lock');
  expect(lockDataDir(dataDir)).toHaveProperty('holder');
  if ('lock' in first) first.lock[Symbol.dispose]();
  const again = lockDataDir(dataDir);
  expect(again).toHaveProperty('lock');
  if ('lock' in again) again.lock[Symbol.dispose]();
});

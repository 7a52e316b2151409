import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { askAgent } from './control/index.ts';

/** The real process, as an administrator starts it; a relay is not there, so the tunnel stays down. */
let folder = '';
let running: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ml-cli-'));
  writeFileSync(path.join(folder, 'agent.yaml'), yaml());
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running = [];
  rmSync(folder, { recursive: true, force: true });
});

const yaml = (more = ''): string =>
  `systems:\n  PRD: { type: sap-ecc, ashost: 127.0.0.1, sysnr: '00', client: '100', user: RFC_MLCONN }\npolicy:\n  PRD:\n    presets: [sap-vendors-to-cin7-suppliers]\n${more}`;

function start(args: string[], { env = {}, input }: { env?: Record<string, string>; input?: string } = {}): ChildProcess {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'main.ts'), ...args], {
    env: { ...process.env, NODE_OPTIONS: '', AGENT_DATA_DIR: folder, AGENT_CONFIG: '', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.push(child);
  if (input !== undefined) child.stdin?.end(input);
  return child;
}

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

function end(child: ChildProcess): Promise<Ended> {
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk) => (out += String(chunk)));
  child.stderr?.on('data', (chunk) => (err += String(chunk)));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

const cli = (args: string[], input = ''): Promise<Ended> => end(start(args, { input }));

/** An enrolment as the relay would have left it; its relay does not answer. */
function enrolled(): void {
  const jwk = (type: 'ed25519' | 'x25519') =>
    (type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519')).privateKey.export({ format: 'jwk' });
  const enrollment = {
    agentId: 'agent-1',
    tenantId: 'acme',
    siteId: 'berlin',
    relayName: 'Relay',
    relayUrl: 'https://127.0.0.1:9',
    enrolledAt: '2026-11-21T10:00:00Z',
  };
  writeFileSync(
    path.join(folder, 'identity.json'),
    JSON.stringify({ identityKey: jwk('ed25519'), sealingKey: jwk('x25519'), tokenId: 't', enrollment }),
  );
}

/** Resolves once the agent answers on its control socket, which it opens before it dials. */
async function startAgent(env: Record<string, string> = {}): Promise<{ child: ChildProcess; ended: Promise<Ended> }> {
  enrolled();
  const child = start(['run'], { env });
  const ended = end(child);
  while (!existsSync(path.join(folder, 'control.json')) && child.exitCode === null) await new Promise((resolve) => setImmediate(resolve));
  return { child, ended };
}

test('the process ends with the exit code of the command, and one line without a stack', async () => {
  const [usage, config] = await Promise.all([cli(['rnu']), cli(['run', '--config', path.join(folder, 'none.yaml')])]);
  expect(usage).toMatchObject({ code: 2, out: '', err: expect.stringContaining("unknown command 'rnu'") as string });
  expect(config).toMatchObject({ code: 78, out: '', err: `${path.join(folder, 'none.yaml')}: does not exist\n` });
});

test('a running agent answers the command line, refuses a second one, and stops at SIGTERM', async () => {
  const { child, ended } = await startAgent();
  const [level, second, doctor] = await Promise.all([cli(['logs', 'level', 'debug']), cli(['run']), cli(['doctor', '--json'])]);
  expect(level).toMatchObject({ code: 0, out: expect.stringContaining('logs from debug on') as string });
  expect(await askAgent(folder, 'status')).toMatchObject({ answer: { agentId: 'agent-1', logLevel: 'debug', systems: [{ name: 'PRD' }] } });
  expect(second).toMatchObject({ code: 1, err: expect.stringContaining(`an agent with process id ${child.pid} already runs`) as string });
  expect(doctor.code).toBe(1);
  expect(JSON.parse(doctor.out)).toMatchObject({
    findings: expect.arrayContaining([
      expect.objectContaining({ check: 'relay.tcp', result: 'failed' }),
      expect.objectContaining({ check: 'sap.sdk:PRD' }),
    ]) as unknown,
  });

  const saveAndReload = (more: string): Promise<unknown> => {
    writeFileSync(path.join(folder, 'agent.yaml'), yaml(more));
    return askAgent(folder, 'reload-policy');
  };
  await expect(saveAndReload('    tabels: {}\n')).rejects.toMatchObject({
    message: expect.stringContaining('did you mean "tables"') as string,
  });
  await expect(saveAndReload('    functions: [Z_ML_NEW]\n')).resolves.toEqual({ answer: { restartNeededFor: [] } });

  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0 });
  const logs = await cli(['logs', '--json', '-n', '200']);
  const messages = logs.out
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { msg: string }).msg);
  expect(messages[0]).toBe('agent starts');
  expect(messages.at(-1)).toBe('agent stopped');
  expect(messages).toContain('the policy was read again and counts from now on');
});

test('the service host stops the agent by closing its standard input', async () => {
  const { child, ended } = await startAgent({ AGENT_SERVICE: '1' });
  child.stdin?.write('stop\n');
  child.stdin?.end();
  expect(await ended).toMatchObject({ code: 0, err: '' });
});

test('without the service host a closed standard input means nothing', async () => {
  const { child, ended } = await startAgent();
  child.stdin?.end();
  expect(await askAgent(folder, 'status')).toMatchObject({ answer: { pid: child.pid } });
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 0 });
});

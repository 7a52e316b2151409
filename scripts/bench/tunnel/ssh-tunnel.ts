import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';

/** An OpenSSH reverse tunnel on loopback, with an sshd and keys of its own. */
export interface SshTunnel extends AsyncDisposable {
  /** Leads to `targetPort` through `ssh -R`. */
  port: number;
  /** CPU time of ssh and sshd so far, in microseconds; in steps of 10 ms. */
  cpuMicros(): number;
}

export function findSshd(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin'];
  const found = folders.map((folder) => path.join(folder, 'sshd')).find((file) => existsSync(file));
  return found && process.platform === 'linux' ? found : undefined;
}

/**
 * `ssh -N -R` leaves Nagle's algorithm on, which stalls small calls for 40 ms; with a terminal OpenSSH sets TCP_NODELAY
 * (facts/performance.md 1).
 */
export async function openSshTunnel({
  sshd,
  targetPort,
  noDelay,
}: {
  sshd: string;
  targetPort: number;
  noDelay: boolean;
}): Promise<SshTunnel> {
  await using opened = new AsyncDisposableStack();
  const folder = mkdtempSync(path.join(tmpdir(), 'ml-bench-ssh-'));
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['host', 'user']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, name)]);
  copyFileSync(path.join(folder, 'user.pub'), path.join(folder, 'authorized_keys'));
  chmodSync(path.join(folder, 'authorized_keys'), 0o600);
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true });
  const [sshdPort, port] = [await freePort(), await freePort()];
  const serverOptions = [
    'ListenAddress=127.0.0.1',
    `AuthorizedKeysFile=${path.join(folder, 'authorized_keys')}`,
    'StrictModes=no',
    'UsePAM=no',
    'PidFile=none',
  ];
  const server = spawn(
    sshd,
    ['-D', '-f', '/dev/null', '-p', String(sshdPort), '-h', path.join(folder, 'host'), ...asOptions(serverOptions)],
    { stdio: 'ignore' },
  );
  opened.defer(() => end(server));
  await reachable(sshdPort);
  const clientOptions = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR', 'ExitOnForwardFailure=yes'];
  const forward = ['-R', `127.0.0.1:${port}:127.0.0.1:${targetPort}`, `${userInfo().username}@127.0.0.1`];
  const args = [
    '-F',
    '/dev/null',
    noDelay ? '-tt' : '-N',
    '-p',
    String(sshdPort),
    '-i',
    path.join(folder, 'user'),
    ...asOptions(clientOptions),
    ...forward,
  ];
  const client = spawn('ssh', noDelay ? [...args, 'sleep', '3600'] : args, { stdio: 'ignore' });
  opened.defer(() => end(client));
  await reachable(port);
  const pids = (): number[] => [client.pid ?? -1, ...withDescendants(server.pid ?? -1)];
  const held = opened.move();
  return {
    port,
    cpuMicros: () => pids().reduce((sum, pid) => sum + cpuMicrosOf(pid), 0),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

function asOptions(options: string[]): string[] {
  return options.flatMap((option) => ['-o', option]);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function reachable(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const socket = net.connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => socket.once('connect', () => resolve(true)).once('error', () => resolve(false)));
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing answers on port ${port}`);
}

/** Fields of /proc/<pid>/stat after the command: state, parent, …; empty once the process has ended. */
function statOf(pid: number | string): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

function withDescendants(pid: number): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const children = all.filter((name) => Number(statOf(name)[1]) === pid).map(Number);
  return [pid, ...children.flatMap(withDescendants)];
}

function cpuMicrosOf(pid: number): number {
  const [user = 0, system = 0] = statOf(pid).slice(11, 13).map(Number);
  return (user + system) * 10_000;
}

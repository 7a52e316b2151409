import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { findInstallation, type Installation } from './installation.ts';

/** A private PostgreSQL server on loopback, for tests. It ends, and its folder goes, when it is disposed of or when this process dies. */
export interface PostgresServer extends AsyncDisposable {
  readonly kind: Installation['kind'];
  readonly version: string;
  /** Of one of its databases, as its superuser. */
  url(database?: string): string;
  /** Ends the server: `fast` rolls back what is under way, `immediate` is a crash. */
  stop(how: 'fast' | 'immediate'): Promise<void>;
  /** Starts it again, on the same port. */
  start(): Promise<void>;
}

const password = 'only-for-tests';

/** Resolves when it takes connections. PostgreSQL refuses to run as root: then it runs as `nobody`. */
export async function startPostgres({ kind }: { kind?: Installation['kind'] } = {}): Promise<PostgresServer> {
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const folder = mkdtempSync(path.join(tmpdir(), 'postgres-'));
  try {
    if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
    const installation = await findInstallation({ folder, kind, isOtherUser: user.uid !== undefined });
    const data = path.join(folder, 'data');
    await initialise(installation, { folder, data, user });
    const port = await freePort();
    let running = await run(installation, { folder, data, port, user });
    return {
      kind: installation.kind,
      version: running.version,
      url: (database = 'postgres') => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`,
      stop: (how) => running.stop(how === 'fast' ? 'INT' : 'QUIT'),
      start: async () => {
        running = await run(installation, { folder, data, port, user });
      },
      async [Symbol.asyncDispose]() {
        await running.stop('INT');
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

interface Place {
  folder: string;
  data: string;
  user: { uid?: number; gid?: number };
}

/** In the locale of a usual installation, where text is not ordered by its bytes. */
async function initialise({ initdb, env }: Installation, { folder, data, user }: Place): Promise<void> {
  const passwordFile = path.join(folder, 'password');
  writeFileSync(passwordFile, password);
  chmodSync(passwordFile, 0o644);
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US'];
  const args = ['-D', data, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync', ...locale];
  await promisify(execFile)(initdb, args, { ...user, cwd: folder, env: { ...process.env, ...env, LC_ALL: 'C' } });
}

interface Running {
  version: string;
  stop(signal: 'INT' | 'QUIT'): Promise<void>;
}

// The shell outlives this process for a moment: when standard input ends because nobody is there any more, it ends the server and takes
// the folder away.
const keeper = `"$@" & server=$!
if read signal; then kill -s "$signal" $server; wait $server
else kill -s QUIT $server; wait $server; rm -rf "$FOLDER"; fi`;

async function run({ postgres, env }: Installation, { folder, data, port, user }: Place & { port: number }): Promise<Running> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '32MB',
    deadlock_timeout: '50ms',
    // What the server wrote outlives it in any case, only not the machine.
    fsync: 'off',
  };
  const args = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const child = spawn('/bin/sh', ['-c', keeper, 'keeper', postgres, ...args], {
    ...user,
    cwd: folder,
    env: { ...process.env, ...env, LC_ALL: 'C', FOLDER: folder },
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  });
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'exit');
  const lines: string[] = [];
  const { promise: ready, resolve, reject } = Promise.withResolvers<string>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (lines.length < 50) lines.push(line);
    if (line.includes('ready to accept connections')) resolve(/PostgreSQL ([\d.]+)/.exec(lines.join('\n'))?.[1] ?? '');
    if (line.includes('database system is shut down')) reject(new Error(`PostgreSQL did not start:\n${lines.join('\n')}`));
  });
  void ended.then(() => reject(new Error(`PostgreSQL did not start:\n${lines.join('\n')}`)));
  const stop = async (signal: 'INT' | 'QUIT'): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.stdin.end(`${signal}\n`);
    await ended;
  };
  try {
    return { version: await ready, stop };
  } catch (error) {
    await stop('QUIT');
    throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

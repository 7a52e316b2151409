import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { renameSync, rmSync, readFileSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { toSystemError, toWireError, fromWireError, type Log, type WireError } from '@ml-connector/shared';
import { z } from 'zod';

/** What the command line may ask of the running agent on the same machine. */
export const controlCommands = ['status', 'log-level', 'reload-policy', 'credentials-changed', 'doctor', 'units'] as const;
export type ControlCommand = (typeof controlCommands)[number];
export type ControlHandlers = Record<ControlCommand, (argument: unknown) => Promise<unknown>>;

const door = z.object({ address: z.string(), token: z.string(), pid: z.int() });
export type ControlDoor = z.output<typeof door>;

const request = z.strictObject({ token: z.string(), command: z.enum(controlCommands), argument: z.unknown().optional() });
type Answer = { answer: unknown } | { error: WireError };

const doorFile = (dataDir: string): string => path.join(dataDir, 'control.json');

/**
 * Listens on a local socket (named pipe on Windows). Its address and a fresh token stand in `control.json`, which only the agent's user
 * can read. Closing it ends the connections and removes the file.
 */
export async function openControl(deps: { dataDir: string; handlers: ControlHandlers; log: Log }): Promise<AsyncDisposable> {
  const { dataDir, handlers, log } = deps;
  const address = addressFor(dataDir);
  const token = randomBytes(32).toString('base64url');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', (error) => log.debug({ err: error }, 'a control connection broke'));
    answerOn(socket, { token, handlers });
  });
  // Left over from an agent that was killed; the lock on the data folder says that none is running.
  if (process.platform !== 'win32') rmSync(address, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });
  // Renamed into place, so that nobody ever reads a half of it.
  const next = `${doorFile(dataDir)}.new`;
  writeFileSync(next, JSON.stringify({ address, token, pid: process.pid } satisfies ControlDoor), { mode: 0o600 });
  renameSync(next, doorFile(dataDir));
  return {
    async [Symbol.asyncDispose]() {
      rmSync(doorFile(dataDir), { force: true });
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Asks the agent that runs on this data folder; undefined when none is running. Rejects with the agent's own error. */
export async function askAgent(dataDir: string, command: ControlCommand, argument?: unknown): Promise<{ answer: unknown } | undefined> {
  const known = readDoor(dataDir);
  if (!known) return undefined;
  const socket = await connect(known.address);
  if (!socket) return undefined;
  try {
    socket.write(`${JSON.stringify({ token: known.token, command, argument })}\n`);
    for await (const line of createInterface({ input: socket })) {
      const message = JSON.parse(line) as Answer;
      if ('error' in message) throw fromWireError(message.error);
      return message;
    }
    return undefined;
  } finally {
    socket.destroy();
  }
}

/** The running agent's address and process, as it wrote them; also left there by an agent that was killed. */
export function readDoor(dataDir: string): ControlDoor | undefined {
  try {
    return door.parse(JSON.parse(readFileSync(doorFile(dataDir), 'utf8')));
  } catch {
    return undefined;
  }
}

/** A Unix socket path holds 107 bytes, so a deep data folder gets one in the system's folder for temporary files. */
function addressFor(dataDir: string): string {
  const folder = path.resolve(dataDir);
  const name = `ml-agent-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  const inFolder = path.join(folder, 'control.sock');
  return Buffer.byteLength(inFolder) <= 100 ? inFolder : path.join('/tmp', `${name}.sock`);
}

function answerOn(socket: Socket, { token, handlers }: { token: string; handlers: ControlHandlers }): void {
  const lines = createInterface({ input: socket });
  lines.on('line', (line) => {
    void answer(line, { token, handlers }).then((message) => socket.destroyed || socket.write(`${JSON.stringify(message)}\n`));
  });
}

async function answer(line: string, { token, handlers }: { token: string; handlers: ControlHandlers }): Promise<Answer> {
  try {
    const asked = request.parse(JSON.parse(line));
    if (!isSame(asked.token, token)) throw new Error('the token is not that of control.json');
    return { answer: (await handlers[asked.command](asked.argument)) ?? null };
  } catch (error) {
    return { error: toWireError(toSystemError(error, 'the running agent')) };
  }
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [given, expected].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}

function connect(address: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(address);
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined);
      else reject(error);
    });
  });
}

/** The real node-rfc addon in a child process, on the SDK stand-in: what tests of the simulated system call it with. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildStandIn } from '../../nwrfc-standin/index.ts';
import type { AddonReply, AddonRequest } from './addon-child.ts';

export type Parameters = Record<string, unknown>;

export interface AddonClient {
  call(name: string, parameters?: Parameters, options?: Parameters): Promise<Parameters>;
  ping(): Promise<boolean>;
  reset(): Promise<void>;
  cancel(): Promise<void>;
  close(): Promise<void>;
  info(): Promise<Record<string, string>>;
  /** Changes when the addon has reconnected by itself. */
  readonly handle: number;
}

export interface Addon extends AsyncDisposable {
  /** Opens a client; rejects with node-rfc's error object, as every call does. */
  open(parameters: Record<string, string>): Promise<AddonClient>;
  environment(): Promise<{ noderfc: { version: string; nwrfcsdk: object } }>;
}

/** `environment` goes to the child before it loads the addon. */
export async function startAddon(environment: Record<string, string> = {}): Promise<Addon> {
  const sdkHome = await buildStandIn();
  const cwd = await mkdtemp(path.join(tmpdir(), 'addon-')); // node-rfc writes _noderfc.log where it starts
  const child = fork(path.join(import.meta.dirname, 'addon-child.ts'), {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', LD_LIBRARY_PATH: path.join(sdkHome, 'lib'), UV_THREADPOOL_SIZE: '12', ...environment },
    serialization: 'advanced',
  });
  const request = requester(child);
  let clients = 0;
  return {
    environment: async () => (await request({ op: 'version' })).value as Awaited<ReturnType<Addon['environment']>>,
    open: async (parameters) => {
      const client = ++clients;
      await request({ op: 'open', client, parameters });
      return openedClient(client, request);
    },
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
      await rm(cwd, { recursive: true, force: true });
    },
  };
}

type Request = (request: AddonRequest) => Promise<AddonReply>;

function requester(child: ChildProcess): Request {
  const waiting = new Map<number, (reply: AddonReply) => void>();
  let last = 0;
  child.on('message', (reply: AddonReply) => waiting.get(reply.id)?.(reply));
  return async (request) => {
    const id = ++last;
    const reply = await new Promise<AddonReply>((resolve) => {
      waiting.set(id, resolve);
      child.send({ id, request });
    });
    waiting.delete(id);
    if ('error' in reply) throw Object.assign(reply.error as object, { handle: reply.handle });
    return reply;
  };
}

function openedClient(client: number, request: Request): AddonClient {
  let handle = 0;
  const noting = async (asked: AddonRequest): Promise<unknown> => {
    try {
      const reply = await request(asked);
      handle = reply.handle ?? 0;
      return reply.value;
    } catch (error) {
      handle = (error as { handle?: number }).handle ?? 0;
      throw error;
    }
  };
  return {
    get handle() {
      return handle;
    },
    call: async (name, parameters = {}, options = {}) => (await noting({ op: 'call', client, name, parameters, options })) as Parameters,
    ping: async () => (await noting({ op: 'ping', client })) as boolean,
    info: async () => (await noting({ op: 'info', client })) as Record<string, string>,
    reset: async () => void (await noting({ op: 'reset', client })),
    cancel: async () => void (await noting({ op: 'cancel', client })),
    close: async () => void (await noting({ op: 'close', client })),
  };
}

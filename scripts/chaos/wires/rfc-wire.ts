import { once } from 'node:events';
import net from 'node:net';
import { Holds, type Held, type HoldRequest } from './holds.ts';

/** One call of a function module on its way to SAP. */
export interface RfcCall {
  function: string;
  /** What a table reader reads; empty for other functions. */
  table: string;
}

/** Stands between the agent's RFC process and SAP: passes calls on, holds chosen ones, cuts the session under others. */
export interface RfcWire extends AsyncDisposable {
  readonly port: number;
  /** The n-th call from now that matches waits, before SAP sees it or before its answer leaves. To lose it is to cut its session. */
  hold(request: HoldRequest<RfcCall>): Held;
  /** Lets everything go that waits. */
  clear(): void;
  /** The last calls, for the evidence. */
  readonly log: readonly string[];
}

const keptLines = 2000;

export async function openRfcWire(sapPort: number): Promise<RfcWire> {
  const holds = new Holds<RfcCall, never>();
  const sockets = new Set<net.Socket>();
  const log: string[] = [];
  const server = net.createServer((near) => {
    const far = net.connect({ port: sapPort, host: '127.0.0.1' });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.setNoDelay(true);
      one.on('error', () => other.resetAndDestroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    new Conversation({ near, far, holds, note }).start();
  });
  function note(line: string): void {
    log.push(`${new Date().toISOString()} ${line}`);
    if (log.length > keptLines) log.shift();
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    hold: (request) => holds.arm(request),
    clear: () => holds.releaseAll(),
    log,
    async [Symbol.asyncDispose]() {
      holds.releaseAll();
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

interface Ends {
  near: net.Socket;
  far: net.Socket;
  holds: Holds<RfcCall, never>;
  note: (line: string) => void;
}

/** One ABAP session: question, answer, one after the other. */
class Conversation {
  readonly #ends: Ends;
  #asked: RfcCall | undefined;
  #turn = Promise.resolve();

  constructor(ends: Ends) {
    this.#ends = ends;
  }

  start(): void {
    const { near, far } = this.#ends;
    splitFrames(near, (frame) => this.#inTurn(() => this.#question(frame)));
    splitFrames(far, (frame) => this.#inTurn(() => this.#answer(frame)));
    near.on('end', () => this.#inTurn(() => Promise.resolve(void far.end())));
    far.on('end', () => this.#inTurn(() => Promise.resolve(void near.end())));
  }

  #inTurn(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work);
  }

  async #question(frame: Buffer): Promise<void> {
    const { holds, near, far, note } = this.#ends;
    this.#asked = callOf(frame);
    if (this.#asked) {
      note(`${this.#asked.function} ${this.#asked.table}`);
      const { kind } = await holds.meet('before', this.#asked);
      if (kind !== 'pass') return void near.resetAndDestroy();
    }
    far.write(frame);
  }

  async #answer(frame: Buffer): Promise<void> {
    const { holds, near } = this.#ends;
    const asked = this.#asked;
    this.#asked = undefined;
    if (asked) {
      const { kind } = await holds.meet('after', asked);
      if (kind !== 'pass') return void near.resetAndDestroy();
    }
    near.write(frame);
  }
}

const lengthBytes = 4;

/** Hands out whole frames (sandbox/sap/server/frames.ts) as they came. */
function splitFrames(socket: net.Socket, take: (frame: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= lengthBytes) {
      const end = lengthBytes + rest.readUInt32LE(0);
      if (rest.length < end) break;
      take(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  });
}

function callOf(frame: Buffer): RfcCall | undefined {
  const begin = 2 * lengthBytes;
  const request = JSON.parse(frame.toString('utf8', begin, begin + frame.readUInt32LE(lengthBytes))) as {
    op: string;
    name?: string;
    inputs?: Record<string, unknown>;
  };
  if (request.op !== 'invoke') return undefined;
  const table = request.inputs?.['QUERY_TABLE'];
  return { function: request.name ?? '', table: typeof table === 'string' ? table.trim() : '' };
}

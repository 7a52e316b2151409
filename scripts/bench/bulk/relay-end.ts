/** The relay's end of the bulk benchmark, in a process of its own: a gateway that reads a table and parses every row. */
import diagnostics from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { JdeChunk, JdeQueryEnd, OperationName, TableChunk, TableReadEnd } from '@ml-connector/shared';
import { newFolder, startRelay, type TestRelay } from '../../acceptance/tunnel-pair.ts';
import { makeRelayCertificates } from '../../../relay/src/gateway/index.ts';
import { answerQuestions } from '../tunnel/asking.ts';
import { listenForChunks } from './bare-stream.ts';
import { useUp } from './chunks.ts';

export interface ReadResult {
  seconds: number;
  rows: number;
  /** What came in from the agent, TLS included. */
  wireBytes: number;
}

const opened = new AsyncDisposableStack();
const sockets: Socket[] = [];
diagnostics.subscribe('net.server.socket', (message) => void sockets.push((message as { socket: Socket }).socket));

let relay: TestRelay | undefined;
let readBare: (() => Promise<number>) | undefined;

const questions = {
  async tunnel(): Promise<void> {
    relay = opened.use(await startRelay());
  },
  async token(): Promise<string> {
    return started().token();
  },
  /** Resolves when the next agent's tunnel comes up. */
  async nextTunnel(): Promise<void> {
    const { event, events } = started();
    const before = new Set(events);
    await event('tunnelUp', (one) => !before.has(one));
  },
  async call({ operation, request }: { operation: OperationName; request: unknown }): Promise<unknown> {
    const { gateway, target } = started();
    return gateway.call(target, operation, request);
  },
  async readTable({ request }: { request: unknown }): Promise<ReadResult> {
    const { gateway, target } = started();
    return measured(async () => {
      const chunks = gateway.stream<TableChunk, TableReadEnd>(target, 'SapTableRead', request, { deadline: Date.now() + 600_000 });
      let rows = 0;
      for await (const chunk of chunks) rows += useUp(chunk);
      return rows;
    });
  },
  async readJde({ request }: { request: unknown }): Promise<ReadResult> {
    const { gateway, target } = started();
    return measured(async () => {
      const chunks = gateway.stream<JdeChunk, JdeQueryEnd>(target, 'JdeQuery', request, { deadline: Date.now() + 600_000 });
      let rows = 0;
      for await (const chunk of chunks) rows += useUp(chunk);
      return rows;
    });
  },
  async bare(): Promise<{ port: number; ca: string }> {
    const { cert, key, ca } = makeRelayCertificates({ dataDir: newFolder(opened), hosts: ['localhost'] });
    const { port, read } = await listenForChunks({ cert, key });
    readBare = read;
    return { port, ca };
  },
  async readBare(): Promise<ReadResult> {
    return measured(async () => readBare?.() ?? 0);
  },
};
export type BulkRelayQuestions = typeof questions;
answerQuestions(questions, opened);

function started(): TestRelay {
  if (!relay) throw new Error('the relay was not started');
  return relay;
}

async function measured(read: () => Promise<number>): Promise<ReadResult> {
  const bytesSoFar = (): number => sockets.reduce((sum, socket) => sum + socket.bytesRead, 0);
  const before = bytesSoFar();
  const start = performance.now();
  const rows = await read();
  return { rows, seconds: (performance.now() - start) / 1000, wireBytes: bytesSoFar() - before };
}

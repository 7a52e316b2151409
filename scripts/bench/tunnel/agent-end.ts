/** The agent's end of a benchmark, in a process of its own: an agent behind the tunnel, the same handler behind HTTP, or on a bare stream. */
import http from 'node:http';
import type { IncomingCall } from '@ml-connector/shared/tunnel';
import { zstdCoder } from '@ml-connector/shared/tunnel';
import { startAgent } from '../../acceptance/tunnel-pair.ts';
import { answerQuestions } from './asking.ts';
import { dialHttp2 } from './http2-stream.ts';
import { invoiceRow, orderAnswer, type OrderRequest } from './payloads.ts';

const opened = new AsyncDisposableStack();

const questions = {
  /** Resolves once the tunnel is up. */
  async tunnel({ token, compresses }: { token: string; compresses: boolean }): Promise<void> {
    const agent = opened.use(await startAgent({ token: async () => token }, serve, { coder: zstdCoder({ compresses }) }));
    await agent.status('connected');
  },
  /** Answers the port. */
  async http(): Promise<number> {
    const server = http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = JSON.stringify(orderAnswer(JSON.parse(Buffer.concat(parts).toString()) as OrderRequest));
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
        response.end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as { port: number }).port;
  },
  async http2({ port, ca }: { port: number; ca: string }): Promise<void> {
    const stream = dialHttp2(port, ca);
    stream.onFrame = ({ call }) => {
      if (!call) return;
      const request = JSON.parse((call.request as Buffer).toString()) as OrderRequest;
      stream.send({ end: { callId: call.callId, answer: Buffer.from(JSON.stringify(orderAnswer(request))) } });
    };
  },
};
export type AgentQuestions = typeof questions;
answerQuestions(questions, opened);

const distinctChunks = 20;
const rowsPerChunk = 1000;
let table: string[][][] | undefined;

async function serve(call: IncomingCall): Promise<unknown> {
  if (call.operation === 'SapUnit') return orderAnswer(call.request as OrderRequest);
  const { rows } = call.request as { rows: number };
  table ??= Array.from({ length: distinctChunks }, (_, chunk) =>
    Array.from({ length: rowsPerChunk }, (_, i) => invoiceRow(chunk * rowsPerChunk + i)),
  );
  for (let chunk = 0; chunk * rowsPerChunk < rows; chunk += 1) await call.send(table[chunk % distinctChunks]);
  return { rows };
}

/** The relay's end of a benchmark and its load, in a process of its own. */
import http from 'node:http';
import { startRelay, newFolder, type TestRelay } from '../../acceptance/tunnel-pair.ts';
import { makeRelayCertificates } from '../../../relay/src/gateway/index.ts';
import { answerQuestions } from './asking.ts';
import { drive, type Driven } from './drive.ts';
import { listenHttp2 } from './http2-stream.ts';
import { orderRequest } from './payloads.ts';

let call: (n: number) => Promise<unknown> = () => Promise.reject(new Error('nothing to call yet'));
let relay: TestRelay | undefined;
const opened = new AsyncDisposableStack();

const questions = {
  /** Answers the port agents dial. */
  async tunnel(): Promise<number> {
    const started = opened.use(await startRelay());
    relay = started;
    call = (n) => started.gateway.call(started.target, 'SapUnit', orderRequest(n));
    return started.gateway.port;
  },
  /** For an agent that dials `port` (a link in between may be slow). */
  async token({ port }: { port: number }): Promise<string> {
    return (await relay?.token({ port })) ?? '';
  },
  async http({ port }: { port: number }): Promise<void> {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 256, maxFreeSockets: 256 });
    call = (n) => post({ agent, port }, JSON.stringify(orderRequest(n)));
  },
  async http2(): Promise<{ port: number; ca: string }> {
    const { cert, key, ca } = makeRelayCertificates({ dataDir: newFolder(opened), hosts: ['localhost'] });
    const { port, stream } = await listenHttp2({ cert, key });
    const waiting = new Map<number, (answer: unknown) => void>();
    void stream.then((frames) => {
      frames.onFrame = ({ end }) => {
        if (!end) return;
        waiting.get(end.callId)?.(JSON.parse((end.answer as Buffer).toString()));
        waiting.delete(end.callId);
      };
      return undefined;
    });
    call = async (n) => {
      const frames = await stream;
      const request = Buffer.from(JSON.stringify(orderRequest(n)));
      return new Promise((resolve) => {
        waiting.set(n, resolve);
        frames.send({
          call: { callId: n, operation: 'SapUnit', request, deadlineAtMs: Date.now() + 30_000, remainingMs: 30_000, windowBytes: 0 },
        });
      });
    };
    return { port, ca };
  },
  async drive(load: { callers: number; ms: number }): Promise<Driven> {
    return drive(call, load);
  },
  /** Reads a table through the tunnel; answers seconds. */
  async read({ rows }: { rows: number }): Promise<number> {
    if (!relay) throw new Error('no tunnel');
    const start = performance.now();
    let seen = 0;
    for await (const chunk of relay.gateway.stream<string[][], unknown>(
      relay.target,
      'SapTableRead',
      { rows },
      { deadline: Date.now() + 600_000 },
    )) {
      seen += chunk.length;
    }
    if (seen !== rows) throw new Error(`${rows} rows were asked for, ${seen} came`);
    return (performance.now() - start) / 1000;
  },
};
export type RelayQuestions = typeof questions;
answerQuestions(questions, opened);

function post({ agent, port }: { agent: http.Agent; port: number }, body: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const request = http.request({ agent, port, host: '127.0.0.1', method: 'POST', path: '/rfc', headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve(JSON.parse(Buffer.concat(parts).toString())));
    });
    request.on('error', reject);
    request.end(body);
  });
}

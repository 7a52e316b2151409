import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readText } from '../request.ts';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  json: { scope: string; data: Record<string, unknown>; hash: string; store_id: string; producer: string };
}

/** Where events arrive; its answers can be chosen. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly received: Received[];
  status: number;
  /** Resolves when so many have arrived. */
  until(count: number): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const events = new EventEmitter();
  const received: Received[] = [];
  const server = createServer((message, response) => {
    const take = async (): Promise<void> => {
      const body = await readText(message);
      received.push({ path: message.url ?? '', headers: message.headers, body, json: JSON.parse(body) as Received['json'] });
      response.writeHead(receiver.status).end();
      events.emit('event');
    };
    void take();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    status: 200,
    until: async (count) => {
      while (received.length < count) await once(events, 'event');
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return receiver;
}

import { once } from 'node:events';
import { WebSocket, type ClientOptions } from 'ws';
import type { LiveMessage } from '../client.ts';

/** A page or program that watches; disposing it hangs up. */
export interface Watcher extends AsyncDisposable {
  socket: WebSocket;
  messages: LiveMessage[];
  /** The next message that was not taken yet. */
  next(): Promise<LiveMessage>;
  /** The next message that tells of a change. */
  nextChange(): Promise<LiveMessage>;
  /** Code and reason, once it was cut. */
  closed: Promise<{ code: number; reason: string }>;
}

/** Opens `/live` and waits until it was let in. */
export async function watch(url: string, query: string, options: ClientOptions): Promise<Watcher> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live?${query}`, options);
  const messages: LiveMessage[] = [];
  let taken = 0;
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as LiveMessage));
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  await once(socket, 'open');
  const next = async (): Promise<LiveMessage> => {
    while (messages.length <= taken) await Promise.race([once(socket, 'message'), closed.then(refuse)]);
    taken += 1;
    return messages[taken - 1] as LiveMessage;
  };
  return {
    socket,
    messages,
    next,
    async nextChange() {
      for (;;) {
        const message = await next();
        if (message.changes.length > 0) return message;
      }
    },
    closed,
    async [Symbol.asyncDispose]() {
      socket.terminate();
      await closed;
    },
  };
}

function refuse({ code, reason }: { code: number; reason: string }): never {
  throw new Error(`it was cut: ${code} ${reason}`);
}

/** The status with which `/live` refuses. */
export async function refusal(url: string, path: string, options: ClientOptions): Promise<number> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, options);
  return new Promise((resolve, reject) => {
    socket.once('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.once('open', () => reject(new Error('it was let in')));
    socket.on('error', () => undefined);
  });
}

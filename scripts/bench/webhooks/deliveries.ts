import { createHmac, randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export const clientSecret = 'client-secret';
export const storeHash = 'abc123';

/** Where a server under test takes deliveries. */
export interface Target {
  port: number;
  path: string;
  headerSecret: string;
}

export interface Measured {
  /** Deliveries answered 200 per second. */
  rate: number;
  p50: number;
  p99: number;
  answered: number;
}

/** Signed order events as BigCommerce sends them, each with an id of its own, as they go over the wire. */
export function deliveries({ path, headerSecret }: Pick<Target, 'path' | 'headerSecret'>, count: number): Buffer[] {
  const now = Math.floor(Date.now() / 1000);
  return Array.from({ length: count }, (_, number) => {
    const id = randomUUID();
    const body = JSON.stringify({
      scope: 'store/order/statusUpdated',
      store_id: '1025646',
      data: { type: 'order', id: 100 + (number % 5000), status: { previous_status_id: 0, new_status_id: 11 } },
      hash: '7ee67cd1cf2ca60bc1aa9e5fe957d2de373be4ca',
      created_at: now,
      producer: `stores/${storeHash}`,
    });
    const signature = createHmac('sha256', clientSecret).update(`${id}.${now}.${body}`).digest('base64');
    const head = [
      `POST ${path} HTTP/1.1`,
      'Host: relay.example.com',
      'Content-Type: application/json',
      'User-Agent: BigCommerce-Webhook',
      `X-Relay-Key: ${headerSecret}`,
      `webhook-id: ${id}`,
      `webhook-timestamp: ${now}`,
      `webhook-signature: v1,${signature}`,
      `Content-Length: ${body.length}`,
    ];
    return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
  });
}

/** Sends as fast as `connections` kept-alive connections are answered, one delivery at a time on each, until the time is over. */
export async function send(
  target: Target,
  { connections, ms, most }: { connections: number; ms: number; most: number },
): Promise<Measured> {
  const prepared = deliveries(target, most);
  const sockets = await Promise.all(Array.from({ length: connections }, () => opened(target.port)));
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + ms;
  await Promise.all(sockets.map((socket) => keepSending(socket, () => (performance.now() < end ? prepared.pop() : undefined), latencies)));
  const seconds = (performance.now() - start) / 1000;
  if (prepared.length === 0) throw new Error('more deliveries were answered than had been prepared');
  for (const socket of sockets) socket.destroy();
  latencies.sort((one, other) => one - other);
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return { rate: latencies.length / seconds, p50: at(0.5), p99: at(0.99), answered: latencies.length };
}

function opened(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });
}

const success = Buffer.from('HTTP/1.1 200');
const endOfHead = Buffer.from('\r\n\r\n');

/** An answer has no body, so it is over with its head. */
function keepSending(socket: Socket, next: () => Buffer | undefined, latencies: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let sentAt = 0;
    let rest = Buffer.alloc(0);
    const sendNext = (): void => {
      const delivery = next();
      if (!delivery) return resolve();
      sentAt = performance.now();
      socket.write(delivery);
    };
    socket.on('data', (chunk) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      if (!rest.includes(endOfHead)) return;
      if (!rest.subarray(0, success.length).equals(success)) return reject(new Error(`answered ${rest.toString('latin1')}`));
      rest = Buffer.alloc(0);
      latencies.push(performance.now() - sentAt);
      sendNext();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server hung up')));
    sendNext();
  });
}

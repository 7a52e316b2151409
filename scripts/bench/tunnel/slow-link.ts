/** A TCP link with a delay and a rate per direction, in a process of its own. */
import net from 'node:net';
import { answerQuestions } from './asking.ts';

export interface SlowLink {
  targetPort: number;
  /** One way. */
  delayMs: number;
  megabitsPerSecond: number;
}

let bytesUp = 0;

const questions = {
  /** Answers the port to dial. */
  async open({ targetPort, delayMs, megabitsPerSecond }: SlowLink): Promise<number> {
    const bytesPerMs = (megabitsPerSecond * 1e6) / 8 / 1000;
    const server = net.createServer({ noDelay: true }, (near) => {
      const far = net.connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
      carry(near, far, { delayMs, bytesPerMs, count: (bytes) => (bytesUp += bytes) });
      carry(far, near, { delayMs, bytesPerMs, count: () => undefined });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as net.AddressInfo).port;
  },
  /** Bytes that went from the dialling side to the other since the link was opened. */
  async bytesUp(): Promise<number> {
    return bytesUp;
  },
};
export type SlowLinkQuestions = typeof questions;
answerQuestions(questions);

/** As much as a router would buffer; beyond it the sender has to wait. */
const bufferBytes = 256 << 10;

interface Way {
  delayMs: number;
  bytesPerMs: number;
  count: (bytes: number) => void;
}

/** One queue and one timer: a timer per piece could overtake another on a busy machine, and TLS would rightly break the connection. */
function carry(from: net.Socket, to: net.Socket, { delayMs, bytesPerMs, count }: Way): void {
  const underWay: { data: Buffer; dueAt: number }[] = [];
  let freeAt = 0;
  let buffered = 0;
  const deliver = (): void => {
    const now = performance.now();
    for (let [next] = underWay; next && next.dueAt <= now; [next] = underWay) {
      underWay.shift();
      to.write(next.data);
      count(next.data.length);
      buffered -= next.data.length;
    }
    if (buffered <= bufferBytes) from.resume();
    if (underWay[0]) setTimeout(deliver, underWay[0].dueAt - now);
  };
  from.on('data', (data) => {
    const now = performance.now();
    freeAt = Math.max(freeAt, now) + data.length / bytesPerMs;
    buffered += data.length;
    underWay.push({ data, dueAt: freeAt + delayMs });
    if (buffered > bufferBytes) from.pause();
    if (underWay.length === 1) setTimeout(deliver, freeAt + delayMs - now);
  });
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroy());
}

import { Caller } from '../caller.ts';
import type { CloseReason } from '../carrier.ts';
import { zstdCoder } from '../chunk-coder.ts';
import { memoryCarriers, type CarrierPair } from '../memory-carriers.ts';
import { Serving } from '../serving.ts';
import { Session } from '../session.ts';
import type { CallHandler } from '../types.ts';
import { ManualClock } from './manual-clock.ts';

export interface SessionPair {
  clock: ManualClock;
  carriers: CarrierPair;
  caller: Caller;
  relay: Session<Caller>;
  agent: Session<Serving>;
  drainReasons: string[];
  /** Ends both sides and tells why each ended. */
  close: () => Promise<CloseReason[]>;
}

/** Both ends of a tunnel after the handshake, in memory. */
export function sessionPair(handler: CallHandler, options: { windowBytes?: number; clockOffsetMs?: number } = {}): SessionPair {
  const clock = new ManualClock();
  const carriers = memoryCarriers();
  const sessionId = 's1';
  const drainReasons: string[] = [];
  const caller = new Caller({ carrier: carriers.relay, sessionId, clock, coder: zstdCoder(), windowBytes: options.windowBytes });
  const { clockOffsetMs = 0 } = options;
  const serving = new Serving({ carrier: carriers.agent, sessionId, clock, coder: zstdCoder(), handler, clockOffsetMs });
  const onDrain = (reason: string): void => void drainReasons.push(reason);
  const relay = new Session({ carrier: carriers.relay, part: caller, clock, heartbeatMs: 15_000, onDrain });
  const agent = new Session({ carrier: carriers.agent, part: serving, clock, heartbeatMs: 15_000, onDrain });
  return {
    clock,
    carriers,
    caller,
    relay,
    agent,
    drainReasons,
    close: () => {
      relay.end({ code: 'LEAVING', message: 'the test is over' });
      return Promise.all([relay.closed, agent.closed]);
    },
  };
}

/** A promise to be settled from outside. */
export function gate<T = void>(): { opened: Promise<T>; open: (value: T) => void } {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { opened: promise, open: resolve };
}

export async function collect<Chunk, End>(stream: AsyncGenerator<Chunk, End, void>): Promise<{ chunks: Chunk[]; end: End }> {
  const chunks: Chunk[] = [];
  for (;;) {
    const next = await stream.next();
    if (next.done) return { chunks, end: next.value };
    chunks.push(next.value);
  }
}

/** The error of a promise that must reject; watched from now on. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome) return outcome.error;
  throw new Error(`should have been rejected, but resolved with ${JSON.stringify(outcome.value)}`);
}

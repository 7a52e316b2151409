import type { Clock } from '@ml-connector/shared';
import { WebSocket } from 'ws';
import type { LiveChange, LiveFeed } from './feed.ts';
import { Pending } from './pending.ts';

/** What goes over the wire, four times a second at most. With an empty `changes` it only says that the relay is there. */
export interface LiveMessage {
  /** Given as `?after=` it resumes here. */
  seq: string;
  changes: LiveChange[];
  /** What happened before is not known any more: ask for everything anew. */
  reset?: true;
}

export interface LiveClientDeps {
  socket: WebSocket;
  feed: LiveFeed;
  clock: Clock;
  tenantId: string;
  /** Where it stopped listening; undefined: it begins. */
  after: string | undefined;
}

const gatherMs = 20;
const betweenMs = 250;
/** A client that leaves so much unread is cut; it resumes, or begins anew. */
const mostUnreadBytes = 64_000;

/** One page or program that watches one tenant. */
export class LiveClient {
  readonly #deps: LiveClientDeps;
  readonly #pending = new Pending();
  readonly #over = new AbortController();
  #isSending = false;
  #lastSentAt = -Infinity;
  #hasAnswered = true;

  constructor(deps: LiveClientDeps) {
    const { socket, feed, tenantId, after } = deps;
    this.#deps = deps;
    const subscription = feed.subscribe(tenantId, (change) => {
      this.#pending.add(change);
      if (!this.#isSending) void this.#sendSoon();
    });
    socket.once('close', () => {
      subscription[Symbol.dispose]();
      this.#over.abort();
    });
    socket.on('error', () => socket.terminate());
    socket.on('pong', () => (this.#hasAnswered = true));
    // It is not asked anything, so it has nothing to say.
    socket.on('message', () => this.cut(1008, 'this channel only tells'));
    const missed = after === undefined ? [] : feed.since(after, tenantId);
    for (const change of missed ?? []) this.#pending.add(change);
    this.#send(missed === undefined);
  }

  /** Says that the relay is there, and cuts a client that has not answered since the last time. */
  beat(): void {
    const { socket } = this.#deps;
    if (!this.#hasAnswered || socket.readyState !== WebSocket.OPEN) return socket.terminate();
    this.#hasAnswered = false;
    socket.ping();
    if (!this.#isSending) this.#send(false);
  }

  /** It is told nothing any more; who does not leave is thrown out with the next beats. */
  cut(code: number, reason: string): void {
    this.#deps.socket.close(code, reason);
  }

  /** Resolves when it is gone, which takes `graceMs` at most. */
  async end(code: number, reason: string, graceMs: number): Promise<void> {
    const { socket, clock } = this.#deps;
    this.cut(code, reason);
    await clock.wait(graceMs, this.#over.signal).catch(() => undefined);
    socket.terminate();
  }

  async #sendSoon(): Promise<void> {
    const { clock } = this.#deps;
    this.#isSending = true;
    const waitMs = Math.max(gatherMs, this.#lastSentAt + betweenMs - clock.now());
    await clock.wait(Math.min(waitMs, betweenMs), this.#over.signal).catch(() => undefined);
    this.#isSending = false;
    if (!this.#over.signal.aborted) this.#send(false);
  }

  #send(isReset: boolean): void {
    const { socket, feed, clock } = this.#deps;
    if (socket.readyState !== WebSocket.OPEN) return;
    if (socket.bufferedAmount > mostUnreadBytes) return socket.terminate();
    const message: LiveMessage = { seq: feed.seq(), changes: this.#pending.take(), ...(isReset && { reset: true }) };
    this.#lastSentAt = clock.now();
    socket.send(JSON.stringify(message));
  }
}

import { kindOf, type Frame } from '@ml-connector/proto';
import { ClockWatch, type Clock } from '../clock.ts';
import type { Carrier, CloseReason } from './carrier.ts';
import { Heartbeat } from './heartbeat.ts';

/** The half of the calls that this end plays: a `Caller` on the relay, a `Serving` on the agent. */
export interface SessionPart {
  /** False for a frame that is not for it. */
  onFrame(frame: Frame): boolean;
  close(reason: CloseReason): void;
}

export interface SessionDeps<Part extends SessionPart> {
  carrier: Carrier;
  part: Part;
  clock: Clock;
  heartbeatMs: number;
  /** The other end asks to be left: no new calls (to the relay), or finish and connect anew (to the agent). */
  onDrain?: (reason: string) => void;
}

/** A tunnel after the Welcome, seen from either end: heartbeat, drain, last words. The calls are its part's. */
export class Session<Part extends SessionPart> implements Disposable {
  readonly part: Part;
  /** Resolves with the reason once the tunnel is gone, whichever side ended it. */
  readonly closed: Promise<CloseReason>;
  readonly #carrier: Carrier;
  readonly #heartbeat: Heartbeat;
  readonly #clock: Clock;
  readonly #clockWatch: ClockWatch;
  readonly #onDrain: (reason: string) => void;
  #pingAt: { id: number; atMs: number } = { id: 0, atMs: 0 };
  #roundTripMs: number | undefined;
  #isDraining = false;

  constructor({ carrier, part, clock, heartbeatMs, onDrain }: SessionDeps<Part>) {
    this.part = part;
    this.#carrier = carrier;
    this.#clock = clock;
    this.#clockWatch = new ClockWatch(clock);
    this.#onDrain = onDrain ?? (() => undefined);
    this.#heartbeat = new Heartbeat({
      clock,
      intervalMs: heartbeatMs,
      beat: () => this.#endWhenClockWasSet(),
      ping: () => this.#ping(),
      onSilence: (intervals) =>
        carrier.abort({
          code: 'PEER_SILENT',
          message: `nothing came for ${(intervals * heartbeatMs) / 1000} seconds, not even an answer to a ping`,
        }),
    });
    this.closed = new Promise((resolve) => {
      carrier.attach({
        onFrame: (frame) => this.#onFrame(frame),
        onClose: (reason) => {
          this.#heartbeat[Symbol.dispose]();
          part.close(reason);
          resolve(reason);
        },
      });
    });
  }

  /** Of the last ping, in milliseconds; undefined while traffic made pings unnecessary. */
  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  /** The other end asked for no new calls, or this one did. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  drain(reason: string): void {
    this.#isDraining = true;
    this.#carrier.send({ drain: { reason } });
  }

  /** Tells the other end why, and closes. A relay that withdraws its admission (revoked, superseded) says so with a Refusal. */
  end(reason: CloseReason, lastWord: 'goodbye' | 'refusal' = 'goodbye'): void {
    const body = { code: reason.code, reason: reason.message };
    this.#carrier.send(lastWord === 'goodbye' ? { goodbye: body } : { refusal: body });
    this.#carrier.close(reason);
  }

  [Symbol.dispose](): void {
    this.end({ code: 'LEAVING', message: 'the session was closed' });
  }

  #onFrame(frame: Frame): void {
    this.#heartbeat.heard();
    if (this.#endWhenClockWasSet()) return;
    if (this.part.onFrame(frame)) return;
    if (frame.ping) this.#carrier.send({ pong: { id: frame.ping.id } });
    else if (frame.pong) this.#pong(frame.pong.id);
    else if (frame.drain) {
      this.#isDraining = true;
      this.#onDrain(frame.drain.reason);
    } else if (frame.goodbye) this.#carrier.close({ code: frame.goodbye.code, message: frame.goodbye.reason });
    else if (frame.refusal) this.#carrier.close({ code: frame.refusal.code, message: frame.refusal.reason });
    else this.end({ code: 'UNEXPECTED_FRAME', message: `a ${String(kindOf(frame))} frame came in a running session` });
  }

  // The two ends know each other's clock from the handshake, and the calls under way have deadlines by the clock of before.
  #endWhenClockWasSet(): boolean {
    const jumpedMs = this.#clockWatch.jumpedMs();
    if (jumpedMs === 0) return false;
    const how = `${Math.round(Math.abs(jumpedMs) / 1000)} seconds ${jumpedMs > 0 ? 'forwards' : 'back'}`;
    this.end({ code: 'CLOCK_SET', message: `a clock was set ${how}; the tunnel begins anew, so that deadlines are right` });
    return true;
  }

  #ping(): void {
    this.#pingAt = { id: this.#pingAt.id + 1, atMs: this.#clock.now() };
    this.#carrier.send({ ping: { id: this.#pingAt.id } });
  }

  #pong(id: number): void {
    if (id === this.#pingAt.id) this.#roundTripMs = this.#clock.now() - this.#pingAt.atMs;
  }
}

import type { Clock } from '../clock.ts';

/**
 * One timer for all deadlines of a tunnel. Adding and removing cost next to nothing; the timer is set anew only for a deadline earlier
 * than all before it.
 */
export class DeadlineWatch implements Disposable {
  readonly #clock: Clock;
  readonly #entries = new Map<number, { atMs: number; onDue: () => void }>();
  #timer: AbortController | undefined;
  #wakesAtMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(id: number, atMs: number, onDue: () => void): void {
    this.#entries.set(id, { atMs, onDue });
    if (atMs < this.#wakesAtMs) this.#arm(atMs);
  }

  remove(id: number): void {
    this.#entries.delete(id);
  }

  [Symbol.dispose](): void {
    this.#entries.clear();
    this.#timer?.abort();
  }

  #arm(atMs: number): void {
    this.#timer?.abort();
    const timer = new AbortController();
    this.#timer = timer;
    this.#wakesAtMs = atMs;
    const waitMs = Math.min(Math.max(0, atMs - this.#clock.now()), longestTimerMs);
    this.#clock.wait(waitMs, timer.signal).then(
      () => this.#wake(),
      () => undefined, // armed anew, or disposed
    );
  }

  #wake(): void {
    const now = this.#clock.now();
    const due = [...this.#entries].filter(([, { atMs }]) => atMs <= now);
    for (const [id, { onDue }] of due) {
      this.#entries.delete(id);
      onDue();
    }
    this.#wakesAtMs = Number.POSITIVE_INFINITY;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { atMs } of this.#entries.values()) nextMs = Math.min(nextMs, atMs);
    if (nextMs < Number.POSITIVE_INFINITY) this.#arm(nextMs);
  }
}

/** setTimeout takes 31 bits. */
const longestTimerMs = 2 ** 31 - 1;

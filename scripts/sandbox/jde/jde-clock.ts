/** The time of the simulated server: the machine's, or one set by a test, moved forwards on request; local time is `zone` away from UTC. */
export class JdeClock {
  readonly zoneMinutes: number;
  readonly #base: () => number;
  #aheadMs = 0;

  /** `base` default: the machine's clock. `zoneMinutes`: -300 is UTC-05:00. */
  constructor({ base = () => Date.now(), zoneMinutes = -300 }: { base?: () => number; zoneMinutes?: number } = {}) {
    this.#base = base;
    this.zoneMinutes = zoneMinutes;
  }

  now(): number {
    return this.#base() + this.#aheadMs;
  }

  advance(ms: number): void {
    this.#aheadMs += ms;
  }

  /** `YYYYMMDD` on the server. */
  today(): string {
    return this.#local().slice(0, 10).replaceAll('-', '');
  }

  /** HHMMSS as a number's text: `93015`. */
  timeOfDay(): string {
    return String(Number(this.#local().slice(11, 19).replaceAll(':', '')));
  }

  /** `2025-03-04:10.11.12`, as data answers carry it. */
  answerStamp(): string {
    const local = this.#local();
    return `${local.slice(0, 10)}:${local.slice(11, 19).replaceAll(':', '.')}`;
  }

  /** `2025-09-19T20:16:27.934+0000`, as error bodies carry it. */
  errorStamp(): string {
    return new Date(this.now()).toISOString().replace('Z', '+0000');
  }

  /** `UTC-05:00`. */
  zoneText(): string {
    const minutes = Math.abs(this.zoneMinutes);
    const two = (value: number): string => String(value).padStart(2, '0');
    return `UTC${this.zoneMinutes < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  }

  /** Milliseconds since 1970 at midnight of that day on the server. */
  midnightMs(date: string): number {
    return Date.parse(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T00:00:00Z`) - this.zoneMinutes * 60_000;
  }

  #local(): string {
    return new Date(this.now() + this.zoneMinutes * 60_000).toISOString();
  }
}

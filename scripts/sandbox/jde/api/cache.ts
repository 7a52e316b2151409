import type { JdeClock } from '../jde-clock.ts';
import { textOf } from '../scalar.ts';
import type { Site } from '../site.ts';
import type { Answer } from './answers.ts';

/** Answers to reads, kept for as long as the site keeps them: what changed meanwhile is not seen (facts/jde-ais.md 5.8). */
export class Cache {
  readonly #site: Site;
  readonly #clock: JdeClock;
  readonly #kept = new Map<string, { answer: Answer; keptAt: number }>();

  constructor(site: Site, clock: JdeClock) {
    this.#site = site;
    this.#clock = clock;
  }

  /** The kept answer to the same read, or a fresh one. `allowCache` is the request's own wish. */
  answer(name: string, allowCache: unknown, read: () => Answer): Answer {
    const wish = allowCache === undefined ? undefined : textOf(allowCache) === 'true';
    if (!(wish ?? this.#site.defaultCachingOn)) return read();
    const kept = this.#kept.get(name);
    if (kept && this.#clock.now() - kept.keptAt <= this.#site.cacheMs) return kept.answer;
    const answer = read();
    if (answer.status === 200) this.#kept.set(name, { answer, keptAt: this.#clock.now() });
    return answer;
  }

  clear(): void {
    this.#kept.clear();
  }
}

import { reportProgress } from '../../ledger/index.ts';
import type { RunRow } from '../../store/index.ts';
import type { Exchange } from '../../systems/index.ts';
import type { EngineParts } from '../parts.ts';

const progressEveryMs = 500;

/** Writes down what a run says of its progress, now and then; `said` resolves when the last word is written. */
export function progressOf({ store, clock, log }: EngineParts, run: RunRow): { say(message: string): void; said(): Promise<void> } {
  let latest = '';
  let written = '';
  let lastAt = -Infinity;
  let writing = Promise.resolve();
  const write = (): void => {
    if (latest === written) return;
    lastAt = clock.now();
    const message = latest;
    written = message;
    writing = reportProgress(store, run, message).catch((error: unknown) => log.warn({ err: error }, 'run progress not stored'));
  };
  return {
    say(message) {
      latest = message;
      if (clock.now() - lastAt >= progressEveryMs) write();
    },
    async said() {
      write();
      await writing;
    },
  };
}

/** What was read is in the records; the run keeps what was asked and how long it took. */
export function withoutContent({ answer: _answer, ...exchange }: Exchange): Exchange {
  return exchange;
}

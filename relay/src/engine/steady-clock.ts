import { ClockWatch, type Clock } from '@ml-connector/shared';

/** What the engine knows of the machine's clock. */
export interface SteadyClock {
  /**
   * Since when it is known to have gone on evenly: the start of the engine, or the moment at which it was last found to have been set. Moments
   * from before say nothing about how much time has passed since.
   */
  since(): number;
  /** By how much it was set since this was last asked; 0 when it was not. */
  takeJumpMs(): number;
}

export function watchClock(clock: Clock): SteadyClock {
  const watch = new ClockWatch(clock);
  let since = clock.now();
  let untakenMs = 0;
  const look = (): void => {
    const jumpedMs = watch.jumpedMs();
    if (jumpedMs === 0) return;
    untakenMs += jumpedMs;
    since = clock.now();
  };
  return {
    since() {
      look();
      return since;
    },
    takeJumpMs() {
      look();
      const taken = untakenMs;
      untakenMs = 0;
      return taken;
    },
  };
}

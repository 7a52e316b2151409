import { backoffMs, type Clock } from '@ml-connector/shared';
import type { EngineSettings } from './settings.ts';

/** How much may go to a connection at the moment: a circuit breaker, and the halt that only a person ends. */
export interface Gate {
  /** Calls allowed at once: 0 while shut, 1 for the trial after a pause, else no limit of its own. */
  allowed(now: number): number;
  /** When an open breaker lets the next trial through; undefined when it is not open. */
  readonly opensAt: number | undefined;
  /** The connection answered, well or with a refusal. True when the breaker was open: it is back. */
  answered(): boolean;
  /** A call was not applied for reasons that pass. */
  failed(now: number): void;
  setHalted(isHalted: boolean): void;
  /** A blackout: the connection is to be left alone. */
  setDark(isDark: boolean): void;
  readonly isDark: boolean;
  /** Someone says that it works again. */
  reset(): void;
}

/** One gate per connection, for as long as the engine runs. */
export function createGates({ breaker }: Pick<EngineSettings, 'breaker'>): (connectionId: string) => Gate {
  const gates = new Map<string, Gate>();
  return (connectionId) => {
    const known = gates.get(connectionId);
    if (known) return known;
    const gate = createGate(breaker);
    gates.set(connectionId, gate);
    return gate;
  };
}

export function createGate(breaker: EngineSettings['breaker']): Gate {
  let isHalted = false;
  let isDark = false;
  let failures = 0;
  let openings = 0;
  let opensAt: number | undefined;
  return {
    allowed(now) {
      if (isHalted || isDark) return 0;
      if (opensAt === undefined) return Infinity;
      return now < opensAt ? 0 : 1;
    },
    get opensAt() {
      return opensAt;
    },
    answered() {
      const wasOpen = opensAt !== undefined;
      [failures, openings, opensAt] = [0, 0, undefined];
      return wasOpen;
    },
    failed(now) {
      failures++;
      // Calls that were under way when it opened fail as well; they say nothing new.
      if (failures < breaker.after || (opensAt !== undefined && now < opensAt)) return;
      openings++;
      opensAt = now + backoffMs(openings, breaker);
    },
    setHalted(value) {
      isHalted = value;
    },
    setDark(value) {
      isDark = value;
    },
    get isDark() {
      return isDark;
    },
    reset() {
      [failures, openings, opensAt] = [0, 0, undefined];
    },
  };
}

export type Gates = (connectionId: string) => Gate;

export function isShut(gate: Gate, clock: Clock): boolean {
  return gate.allowed(clock.now()) === 0;
}

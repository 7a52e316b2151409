export const limitStyles = ['429', '429-sec', '503', '400'] as const;
/** How a call above the limit is answered; every one was seen in the field (facts/cin7.md 2). */
export type LimitStyle = (typeof limitStyles)[number];

export interface LimitSettings {
  callsPerMinute: number;
  style: LimitStyle;
  /** 60 makes a simulated minute last one second. */
  timeScale: number;
}

/** Calls of each key in a rolling minute. Refused calls do not count. */
export class CallLimit {
  readonly settings: LimitSettings;
  refused = 0;
  private readonly calls = new Map<string, number[]>();

  constructor(settings: LimitSettings) {
    this.settings = settings;
  }

  get minuteMs(): number {
    return 60_000 / this.settings.timeScale;
  }

  /** Counts the call, or answers false when the key has used up its minute. */
  admit(key: string, now: number): boolean {
    const recent = (this.calls.get(key) ?? []).filter((at) => at > now - this.minuteMs);
    this.calls.set(key, recent);
    if (recent.length >= this.settings.callsPerMinute) {
      this.refused += 1;
      return false;
    }
    recent.push(now);
    return true;
  }

  reset(): void {
    this.calls.clear();
    this.refused = 0;
  }
}

export interface LimitSettings {
  /** Calls per window; default 450, the Pro plan's. */
  quota: number;
  /** The real one is 30,000. */
  windowMs: number;
}

/** The quota of a store in fixed windows, shared by all its apps (facts/bigcommerce.md 2). Refused calls do not count. */
export class CallLimit {
  readonly settings: LimitSettings;
  refused = 0;
  private startedAt = 0;
  private used = 0;

  constructor(settings: LimitSettings) {
    this.settings = settings;
  }

  /** Counts the call, or answers false when the window is used up. */
  admit(now: number): boolean {
    this.roll(now);
    if (this.used >= this.settings.quota) {
      this.refused += 1;
      return false;
    }
    this.used += 1;
    return true;
  }

  /** Calls that other apps of the store make in this window. */
  take(calls: number, now: number): void {
    this.roll(now);
    this.used += calls;
  }

  reset(): void {
    this.used = 0;
    this.refused = 0;
  }

  headers(now: number): Record<string, string> {
    this.roll(now);
    const { quota, windowMs } = this.settings;
    return {
      'X-Rate-Limit-Time-Window-Ms': String(windowMs),
      'X-Rate-Limit-Time-Reset-Ms': String(Math.max(0, Math.ceil(this.startedAt + windowMs - now))),
      'X-Rate-Limit-Requests-Quota': String(quota),
      'X-Rate-Limit-Requests-Left': String(Math.max(0, quota - this.used)),
    };
  }

  private roll(now: number): void {
    if (now - this.startedAt < this.settings.windowMs) return;
    this.startedAt = now;
    this.used = 0;
  }
}

/** What happened at the gateway; tests read it. */
export class CallCounts {
  logons = 0;
  running = 0;
  /** Most calls at once so far. */
  peak = 0;
  calls: Record<string, number> = {};
  /** Parameters of the latest logon, as the client sent them, without the password. */
  parameters: Record<string, string> = {};

  /** Counts a call; the returned function ends it. */
  enter(functionName: string): () => void {
    this.calls[functionName] = (this.calls[functionName] ?? 0) + 1;
    this.running++;
    this.peak = Math.max(this.peak, this.running);
    return () => void this.running--;
  }

  reset(): void {
    this.logons = 0;
    this.peak = this.running;
    this.calls = {};
  }
}

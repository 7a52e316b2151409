/** What the person in front of the demo sees: numbered steps, a line of progress, a table, a verdict. */
export class Stage {
  private readonly startedAt = performance.now();
  private step = 0;
  private lastProgress = '';
  private lastProgressAt = 0;

  begin(title: string): void {
    this.endProgress();
    this.step += 1;
    console.log(`\n[${this.seconds()}] ${this.step}. ${title}`);
  }

  say(text: string): void {
    this.endProgress();
    console.log(`        ${text}`);
  }

  /** Replaces the last progress on a terminal; elsewhere a line every two seconds. */
  progress(text: string): void {
    if (text === this.lastProgress) return;
    const now = performance.now();
    if (!process.stdout.isTTY && now - this.lastProgressAt < 2000) return;
    this.lastProgress = text;
    this.lastProgressAt = now;
    process.stdout.write(process.stdout.isTTY ? `\r\x1b[K        ${text}` : `        ${text}\n`);
  }

  table(rows: Record<string, string | number>[]): void {
    this.endProgress();
    console.table(rows);
  }

  close(deviations: readonly string[]): void {
    this.endProgress();
    for (const deviation of deviations) console.error(`DEVIATION ${deviation}`);
    const verdict = deviations.length === 0 ? 'Everything is exactly where it belongs.' : `${deviations.length} deviations.`;
    console.log(`[${this.seconds()}] ${verdict}`);
  }

  failed(error: unknown): void {
    this.endProgress();
    console.error(`\nThe demo could not finish: ${error instanceof Object && 'stack' in error ? String(error.stack) : String(error)}`);
  }

  private endProgress(): void {
    if (this.lastProgress && process.stdout.isTTY) process.stdout.write('\n');
    this.lastProgress = '';
    this.lastProgressAt = 0;
  }

  private seconds(): string {
    return `${((performance.now() - this.startedAt) / 1000).toFixed(1).padStart(5)} s`;
  }
}

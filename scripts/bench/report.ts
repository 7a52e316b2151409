import { cpus, release, totalmem } from 'node:os';

/** Where a benchmark puts its figures. Every figure is the median of several runs with its spread; nothing here decides pass or fail. */
export interface Report {
  /** A line of context: what is compared to what, and how. */
  note(text: string): void;
  table(title: string, rows: Record<string, string | number>[]): void;
  /** A target of ours beside what was measured in this very run. */
  target(target: { what: string; wanted: string; measured: string; met: boolean }): void;
}

export interface Sampled {
  median: number;
  /** Half of (max - min) over the median: 0.03 is 3 %. */
  spread: number;
}

export function sampled(samples: readonly number[]): Sampled {
  const sorted = [...samples].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return { median, spread: ((sorted.at(-1) ?? 0) - (sorted[0] ?? 0)) / 2 / median };
}

/** `21,400 (3 %)`. */
export function figure({ median, spread }: Sampled, digits = 0): string {
  return `${median.toLocaleString('en', { maximumFractionDigits: digits })} (±${(spread * 100).toFixed(0)} %)`;
}

export function machineFacts(): Record<string, string> {
  return {
    cpu: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
    memory: `${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    os: `${process.platform} ${release()} ${process.arch}`,
    node: process.version,
  };
}

export function consoleReport(): Report & { unmet(): number } {
  let unmet = 0;
  return {
    note: (text) => console.log(text),
    table(title, rows) {
      console.log(`\n${title}`);
      console.table(rows);
    },
    target({ what, wanted, measured, met }) {
      if (!met) unmet += 1;
      console.log(`${met ? 'met    ' : 'NOT MET'} ${what}: wanted ${wanted}, measured ${measured}`);
    },
    unmet: () => unmet,
  };
}

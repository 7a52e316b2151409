import { readFileSync } from 'node:fs';

/** Memory of a process in MB, as Linux counts it: now, and the most it ever had. NaN where there is no /proc. */
export function memoryOf(pid: number): { rss: number; peak: number } {
  const status = readOrEmpty(`/proc/${pid}/status`);
  const megabytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024;
  return { rss: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

/** CPU time of a process so far, in microseconds; in steps of 10 ms. */
export function cpuMicrosOf(pid: number): number {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user + system) * 10_000;
}

/** Direct children of a process. */
export function childrenOf(pid: number): number[] {
  return readOrEmpty(`/proc/${pid}/task/${pid}/children`).trim().split(/\s+/).filter(Boolean).map(Number);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

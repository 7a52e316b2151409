import { readFileSync } from 'node:fs';

/** Memory of a process in MB, as Linux counts it: now, and the most it ever had. NaN where there is no /proc. */
export function memoryOf(pid: number): { rss: number; peak: number } {
  const status = readOrEmpty(`/proc/${pid}/status`);
  const megabytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024;
  return { rss: megabytes('VmRSS'), peak: megabytes('VmHWM') };
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

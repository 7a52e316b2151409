import { readFileSync } from 'node:fs';
import { runChild } from '../landscape/index.ts';

/** Direct children of a process; none when it is gone. */
export function childrenOf(pid: number | undefined): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/**
 * The most bytes that any file of a running process may have: with 1 the disk is as good as full for it, every write fails (EFBIG).
 * Only the soft limit is moved, so that it can be lifted again without privileges.
 */
export async function limitFileSize(pid: number, bytes: number | 'unlimited'): Promise<void> {
  await runChild({ name: 'prlimit', command: 'prlimit', args: ['--pid', String(pid), `--fsize=${bytes}:`] });
}

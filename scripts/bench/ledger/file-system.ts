import { closeSync, fdatasyncSync, openSync, statfsSync, writeSync } from 'node:fs';
import path from 'node:path';
import { sampled } from '../report.ts';

/** What the folder is on, and how long a small durable write takes there. */
export function fileSystemFact(folder: string): string {
  const handle = openSync(path.join(folder, 'probe'), 'w');
  const block = Buffer.alloc(4096, 1);
  const times = Array.from({ length: 200 }, () => {
    const start = performance.now();
    writeSync(handle, block);
    fdatasyncSync(handle);
    return performance.now() - start;
  });
  closeSync(handle);
  const names: Record<number, string> = {
    0xef53: 'ext4',
    0x58465342: 'xfs',
    0x9123683e: 'btrfs',
    0x01021994: 'tmpfs',
    0x794c7630: 'overlayfs',
  };
  const { type } = statfsSync(folder);
  const { median, spread } = sampled(times.sort((a, b) => a - b).slice(10, 190));
  return `File system ${names[type] ?? `0x${type.toString(16)}`}: 4 KB written and on disk in ${median.toFixed(2)} ms (±${(spread * 100).toFixed(0)} %).`;
}

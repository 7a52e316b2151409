/** The simulated system as a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { sapControl, type SapControl } from './client.ts';

/** The first line that `main.ts` prints. */
export interface SapAnnouncement {
  port: number;
  sysnr: string;
  controlUrl: string;
  connectionParameters: Record<string, string>;
}

export interface SapProcess extends SapAnnouncement, AsyncDisposable {
  readonly pid: number;
  readonly control: SapControl;
}

/** Starts `main.ts` with these arguments; resolves when it listens, rejects with what it printed when it ends before. */
export async function startSapProcess(args: readonly string[] = []): Promise<SapProcess> {
  const child = spawn(process.execPath, [path.resolve(import.meta.dirname, '../main.ts'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), exited.then(() => undefined)]);
  if (!first) throw new Error(`the simulated SAP system did not start: ${errors.join('')}`);
  child.stderr.on('data', (chunk: Buffer) => process.stderr.write(chunk));
  const announcement = JSON.parse(first[0] as string) as SapAnnouncement;
  return {
    ...announcement,
    pid: child.pid ?? 0,
    control: sapControl(announcement.controlUrl),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import path from 'node:path';

export const currentLogFile = 'agent.log';
const closedLogFile = /^agent-\d{8}T\d{9}Z(-\d+)?\.log$/;

export interface RotatingFileOptions {
  folder: string;
  maxBytes: number;
  keepFiles: number;
  now: () => number;
}

/** Log files of a folder, oldest first; the one being written is last. */
export function logFiles(folder: string): string[] {
  const names = readdirSync(folder);
  const closed = names.filter((name) => closedLogFile.test(name)).sort();
  return (names.includes(currentLogFile) ? [...closed, currentLogFile] : closed).map((name) => path.join(folder, name));
}

/**
 * Writes lines to `agent.log`; at `maxBytes` that file gets its closing time as a name and a new one begins. Every line is handed to the
 * operating system at once, so a crash of the agent loses none. A full or broken disk stops the log, never the agent.
 */
export class RotatingFile {
  readonly #options: RotatingFileOptions;
  #file: number | undefined;
  #bytes = 0;
  #lost = 0;

  constructor(options: RotatingFileOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    this.#open();
  }

  /** Called by pino with one line, its newline included. */
  write(line: string): void {
    const bytes = Buffer.from(line);
    try {
      if (this.#bytes > 0 && this.#bytes + bytes.length > this.#options.maxBytes) this.#rotate();
      if (this.#file === undefined) this.#open();
      if (this.#lost > 0) this.#append(Buffer.from(this.#lossNote()));
      this.#append(bytes);
    } catch {
      this.#lost += 1;
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #append(bytes: Buffer): void {
    for (let written = 0; written < bytes.length;) written += writeSync(this.#file ?? -1, bytes, written);
    this.#bytes += bytes.length;
  }

  #open(): void {
    this.#file = openSync(path.join(this.#options.folder, currentLogFile), 'a', 0o600);
    this.#bytes = fstatSync(this.#file).size;
  }

  #rotate(): void {
    const { folder, now } = this.#options;
    const stamp = new Date(now()).toISOString().replaceAll(/[-:.]/g, '');
    this.close();
    const taken = new Set(readdirSync(folder));
    let name = `agent-${stamp}.log`;
    for (let n = 1; taken.has(name); n += 1) name = `agent-${stamp}-${n}.log`;
    renameSync(path.join(folder, currentLogFile), path.join(folder, name));
    this.#open();
    this.#prune();
  }

  #prune(): void {
    const closed = logFiles(this.#options.folder).slice(0, -1);
    for (const file of closed.slice(0, Math.max(0, closed.length - this.#options.keepFiles))) unlinkSync(file);
  }

  #lossNote(): string {
    const time = new Date(this.#options.now()).toISOString();
    const lost = this.#lost;
    this.#lost = 0;
    return `${JSON.stringify({ level: 'warn', time, component: 'agent', msg: `${lost} log lines were lost because the disk refused them` })}\n`;
  }
}

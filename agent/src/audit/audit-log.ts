import { mkdirSync, readdirSync, unlinkSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Clock, Log } from '@ml-connector/shared';
import type { AuditEntry } from './entry.ts';

/** The agent's own record of what it was asked: one JSON line per call in `<folder>/YYYY-MM-DD.jsonl` (UTC). */
export interface AuditLog extends AsyncDisposable {
  /** Never fails the call it records: trouble with the disk is logged, and the lines are written again with the next ones. */
  append(entry: AuditEntry): void;
  /** Resolves when everything appended so far is on disk. */
  flush(): Promise<void>;
}

export interface AuditDeps {
  folder: string;
  keepDays: number;
  clock: Clock;
  log: Log;
}

const dayMs = 86_400_000;
/** Lines kept in memory while the disk refuses them; the oldest are given up first. */
const heldLines = 100_000;

/** Opens the audit folder, making it where needed, and removes files past their retention. */
export function openAuditLog(deps: AuditDeps): AuditLog {
  mkdirSync(deps.folder, { recursive: true, mode: 0o700 });
  return new FileAuditLog(deps);
}

class FileAuditLog implements AuditLog {
  readonly #deps: AuditDeps;
  #waiting: { day: string; line: string }[] = [];
  #file: { day: string; handle: FileHandle } | undefined;
  #writing: Promise<void> | undefined;
  #isFailing = false;

  constructor(deps: AuditDeps) {
    this.#deps = deps;
    this.#prune();
  }

  append(entry: AuditEntry): void {
    this.#waiting.push({ day: entry.time.slice(0, 10), line: `${JSON.stringify(entry)}\n` });
    this.#writing ??= this.#write();
  }

  async flush(): Promise<void> {
    while (this.#waiting.length > 0 || this.#writing) {
      this.#writing ??= this.#write();
      await this.#writing;
      if (this.#isFailing) return;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
    await this.#file?.handle.close();
    this.#file = undefined;
  }

  /** Whatever comes in while one batch is being synced goes out with the next, so a busy agent pays one fsync for many calls. */
  async #write(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    try {
      while (this.#waiting.length > 0) await this.#writeBatch();
      if (this.#isFailing) this.#deps.log.info({ folder: this.#deps.folder }, 'the audit log can be written again');
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing)
        this.#deps.log.error(
          { err: error, folder: this.#deps.folder },
          'the audit log cannot be written; it is tried again with the next call',
        );
      this.#isFailing = true;
      this.#waiting.splice(0, Math.max(0, this.#waiting.length - heldLines));
    } finally {
      this.#writing = undefined;
    }
  }

  async #writeBatch(): Promise<void> {
    const day = this.#waiting[0]?.day ?? '';
    const count = this.#waiting.findIndex((entry) => entry.day !== day);
    const batch = this.#waiting.slice(0, count < 0 ? undefined : count);
    const handle = await this.#fileOf(day);
    await handle.appendFile(batch.map(({ line }) => line).join(''));
    this.#waiting.splice(0, batch.length);
    await handle.datasync();
  }

  async #fileOf(day: string): Promise<FileHandle> {
    if (this.#file?.day === day) return this.#file.handle;
    await this.#file?.handle.close();
    this.#file = undefined;
    this.#prune();
    this.#file = { day, handle: await open(path.join(this.#deps.folder, `${day}.jsonl`), 'a', 0o600) };
    return this.#file.handle;
  }

  #prune(): void {
    const { folder, keepDays, clock, log } = this.#deps;
    const oldest = new Date(clock.now() - keepDays * dayMs).toISOString().slice(0, 10);
    try {
      for (const file of readdirSync(folder))
        if (/^\d{4}-\d\d-\d\d\.jsonl$/.test(file) && file.slice(0, 10) < oldest) unlinkSync(path.join(folder, file));
    } catch (error) {
      log.warn({ err: error, folder }, 'old audit files could not be removed; next try tomorrow');
    }
  }
}

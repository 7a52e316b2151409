import { watch } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { matchLine, type LogFilter, type LogLine } from './filter.ts';
import { currentLogFile, logFiles } from './rotating-file.ts';

export interface TailOptions {
  folder: string;
  filter: LogFilter;
  /** Matching lines from before, at most; the newest ones. */
  lines: number;
  /** Goes on with new lines until the signal aborts, also across rotations. */
  follow: boolean;
  signal: AbortSignal;
}

/** The newest matching log lines in the order they were written, then, when following, each new one. */
export async function* tailLog({ folder, filter, lines, follow, signal }: TailOptions): AsyncGenerator<LogLine, void, void> {
  using changes = watchFolder(folder, signal);
  let reader = await LogReader.open(path.join(folder, currentLogFile));
  try {
    yield* await newest({ folder, filter, lines, current: reader });
    if (!follow) return;
    while (!signal.aborted) {
      yield* matches(reader, filter);
      const next = await nextReader(folder, reader);
      if (next) {
        // Lines may have been written between the look above and the rotation.
        yield* matches(reader, filter);
        await reader?.close();
        reader = next;
      } else await changes.next();
    }
  } finally {
    await reader?.close();
  }
}

async function* matches(reader: LogReader | undefined, filter: LogFilter): AsyncGenerator<LogLine, void, void> {
  for await (const text of reader?.lines() ?? []) {
    const line = matchLine(text, filter);
    if (line) yield line;
  }
}

/** Reads the current file to its end, and older ones as far as lines are still wanted. */
async function newest({
  folder,
  filter,
  lines,
  current,
}: Pick<TailOptions, 'folder' | 'filter' | 'lines'> & { current: LogReader | undefined }): Promise<LogLine[]> {
  let found = current ? await lastMatches({ reader: current, filter, lines }) : [];
  for (const file of logFiles(folder).toReversed()) {
    if (found.length >= lines) break;
    const reader = await LogReader.open(file);
    if (!reader) continue;
    if (reader.inode !== current?.inode) found = [...(await lastMatches({ reader, filter, lines: lines - found.length })), ...found];
    await reader.close();
  }
  return found;
}

async function lastMatches({ reader, filter, lines }: { reader: LogReader; filter: LogFilter; lines: number }): Promise<LogLine[]> {
  let found: LogLine[] = [];
  for await (const line of matches(reader, filter)) {
    found.push(line);
    if (found.length > lines + 1000) found = found.slice(-lines);
  }
  return lines === 0 ? [] : found.slice(-lines);
}

/** The file after the one just read to its end; undefined while that one is still being written. */
async function nextReader(folder: string, reader: LogReader | undefined): Promise<LogReader | undefined> {
  const current = path.join(folder, currentLogFile);
  if (!reader) return LogReader.open(current);
  if ((await inodeOf(current)) === reader.inode) return undefined;
  const files = logFiles(folder);
  const inodes = await Promise.all(files.map(inodeOf));
  // A file that was removed meanwhile is not found: go on with the oldest one left.
  const next = files[inodes.indexOf(reader.inode) + 1];
  return next === undefined ? undefined : LogReader.open(next);
}

async function inodeOf(file: string): Promise<bigint | undefined> {
  return stat(file, { bigint: true }).then(
    ({ ino }) => ino,
    () => undefined,
  );
}

/** Reads whole lines from where it stopped before; half a line waits for its rest. */
class LogReader {
  readonly inode: bigint;
  readonly #handle: FileHandle;
  readonly #decoder = new StringDecoder('utf8');
  #position = 0;
  #rest = '';

  private constructor(handle: FileHandle, inode: bigint) {
    this.#handle = handle;
    this.inode = inode;
  }

  /** undefined when there is no such file. */
  static async open(file: string): Promise<LogReader | undefined> {
    const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (!handle) return undefined;
    const { ino } = await handle.stat({ bigint: true });
    return new LogReader(handle, ino);
  }

  async *lines(): AsyncGenerator<string, void, void> {
    const buffer = Buffer.allocUnsafe(256 * 1024);
    for (;;) {
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      const parts = (this.#rest + this.#decoder.write(buffer.subarray(0, bytesRead))).split('\n');
      this.#rest = parts.pop() ?? '';
      yield* parts;
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** Wakes on a change of the folder. Some file systems report none, so it also looks twice a second. */
function watchFolder(folder: string, signal: AbortSignal): Disposable & { next(): Promise<void> } {
  let wake: (() => void) | undefined;
  let isChanged = false;
  const changed = (): void => {
    isChanged = true;
    wake?.();
  };
  const watcher = watch(folder, changed);
  watcher.on('error', changed);
  const timer = setInterval(changed, 500);
  signal.addEventListener('abort', changed);
  return {
    async next() {
      if (!isChanged) await new Promise<void>((resolve) => (wake = resolve));
      isChanged = false;
    },
    [Symbol.dispose]() {
      watcher.close();
      clearInterval(timer);
      signal.removeEventListener('abort', changed);
    },
  };
}

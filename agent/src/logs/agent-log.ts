import { createLog, systemClock, type Log } from '@ml-connector/shared';
import type { DestinationStream } from 'pino';
import { prettyLine } from './pretty.ts';
import { RotatingFile } from './rotating-file.ts';
import type { LogLevel, LogSettings } from './settings.ts';

/** The agent's log. Closing it is the last thing a run does. */
export interface AgentLog extends Disposable {
  log: Log;
  folder: string;
  level(): LogLevel;
  /** Counts at once, for this logger and every child made of it. */
  setLevel(level: LogLevel): void;
}

export interface AgentLogOptions {
  settings: LogSettings;
  folder: string;
  base?: Record<string, unknown>;
  /** Where a person watches, for instance the terminal; gets readable lines besides the files. */
  watcher?: NodeJS.WritableStream | undefined;
}

export function openAgentLog({ settings, folder, base = {}, watcher }: AgentLogOptions): AgentLog {
  const { maxFileMb, keepFiles } = settings;
  const file = new RotatingFile({ folder, maxBytes: maxFileMb * 1024 * 1024, keepFiles, now: () => systemClock.now() });
  const log = createLog({ level: settings.level, component: 'agent', base }, watcher ? alsoTo(file, watcher) : file);
  const children = new Children();
  // pino copies the level into each child when it is made, so a later change must reach them one by one.
  log.onChild = (child) => children.add(child);
  return {
    log,
    folder,
    level: () => log.level as LogLevel,
    setLevel(level) {
      log.level = level;
      for (const child of children) child.level = level;
    },
    [Symbol.dispose]: () => file.close(),
  };
}

function alsoTo(file: DestinationStream, watcher: NodeJS.WritableStream): DestinationStream {
  const pretty = prettyLine({ colors: 'isTTY' in watcher && watcher.isTTY === true });
  return {
    write(line) {
      file.write(line);
      watcher.write(pretty(line));
    },
  };
}

/** Child loggers that are still in use; those made for one call are forgotten with it. */
class Children {
  #refs: WeakRef<Log>[] = [];
  #sweepAt = 1000;

  add(child: Log): void {
    this.#refs.push(new WeakRef(child));
    if (this.#refs.length < this.#sweepAt) return;
    this.#refs = this.#refs.filter((ref) => ref.deref() !== undefined);
    this.#sweepAt = Math.max(1000, this.#refs.length * 2);
  }

  *[Symbol.iterator](): Generator<Log> {
    for (const ref of this.#refs) {
      const child = ref.deref();
      if (child) yield child;
    }
  }
}

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readDoor } from './control.ts';

/** Held by the one agent that runs on a data folder. */
export type DataDirLock = Disposable;

/**
 * Takes the folder for this process, making it where needed; undefined with the other process where one has it.
 * The operating system gives the lock back however the process ends, so there is nothing stale to clean up.
 */
export function lockDataDir(dataDir: string): { lock: DataDirLock } | { holder: number | undefined } {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(path.join(dataDir, 'agent.lock'), { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === 5) return { holder: readDoor(dataDir)?.pid };
    throw error;
  }
  return { lock: { [Symbol.dispose]: () => database.close() } };
}

import { createHash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

/** Master keys by id; the first one encrypts, all of them decrypt. */
export interface KeyRing {
  readonly current: MasterKey;
  readonly keys: readonly MasterKey[];
  find(id: string): MasterKey | undefined;
}

export interface MasterKey {
  /** First eight hex digits of the key's hash; stands in every encrypted text. */
  readonly id: string;
  readonly bytes: Buffer;
}

/** Where master keys come from. Read again on every use, so that a running relay follows a rotation made by the command line. */
export type KeySource = { file: string } | { keys: string };

/** Reads the key ring; a missing file is made, with a new key, readable by its owner only. */
export function readKeyRing(source: KeySource): KeyRing {
  const where = describeSource(source);
  const keys = parseKeys('keys' in source ? source.keys : readOrCreate(source.file), where);
  const [current] = keys;
  if (!current) throw new Error(`${where} holds no master key; expected 32 bytes in base64`);
  return { current, keys, find: (id) => keys.find((key) => key.id === id) };
}

export function describeSource(source: KeySource): string {
  return 'file' in source ? `the key file ${source.file}` : 'ML_RELAY_MASTER_KEY';
}

export function newMasterKey(): MasterKey {
  return toKey(randomBytes(32));
}

/** Replaces the file in one step, on disk when this returns. */
export function writeKeyFile(file: string, keys: readonly MasterKey[]): void {
  const draft = writeDraft(file, keys);
  renameSync(draft, file);
  syncFolder(file);
}

function readOrCreate(file: string): string {
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const draft = writeDraft(file, [newMasterKey()]);
    // A hard link fails when another process was first; a rename would replace its key.
    if (!linkOnce(draft, file)) return readFileSync(file, 'utf8');
    syncFolder(file);
  }
  return readFileSync(file, 'utf8');
}

function linkOnce(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft);
  }
}

function writeDraft(file: string, keys: readonly MasterKey[]): string {
  const draft = `${file}.${process.pid}.new`;
  const handle = openSync(draft, 'w', 0o600);
  try {
    writeSync(handle, keys.map((key) => `${key.bytes.toString('base64')}\n`).join(''));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  return draft;
}

function syncFolder(file: string): void {
  if (process.platform === 'win32') return; // folders cannot be opened there
  const handle = openSync(path.dirname(path.resolve(file)), 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function parseKeys(text: string, where: string): MasterKey[] {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  return parts.map((part, place) => {
    const bytes = Buffer.from(part, 'base64');
    if (bytes.length !== 32) throw new Error(`master key ${place + 1} of ${where} has ${bytes.length} bytes; expected 32 bytes in base64`);
    return toKey(bytes);
  });
}

function toKey(bytes: Buffer): MasterKey {
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
}

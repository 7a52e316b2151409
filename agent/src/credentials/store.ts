import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SystemError, systemClock } from '@ml-connector/shared';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { z } from 'zod';

/** Passwords of the systems, encrypted in the data folder. Reads the file each time, so a change by the command line is seen. */
export interface CredentialStore {
  /** undefined when nothing is stored; `halt` (CREDENTIALS_UNREADABLE) when the key does not fit. */
  password(system: string): Promise<string | undefined>;
  set(system: string, password: string): Promise<void>;
  /** False when there was none. */
  remove(system: string): boolean;
  list(): StoredCredential[];
  /** Called after a credential of this agent changed, so that a halted system tries again. */
  onChange(listener: (system: string) => void): void;
  /** Tells the listeners of a change another process made. */
  changed(system: string): void;
}

export interface StoredCredential {
  system: string;
  /** ISO 8601. */
  changedAt: string;
}

const fileShape = z.strictObject({
  systems: z.record(z.string(), z.strictObject({ changedAt: z.string(), sealed: z.string() })),
});
type CredentialFile = z.output<typeof fileShape>;

/** `credentials.json` with values sealed by AES-256-GCM to `credentials.key`, which only the agent's user may read. */
export function openCredentialStore(dataDir: string): CredentialStore {
  const file = path.join(dataDir, 'credentials.json');
  const listeners: ((system: string) => void)[] = [];
  const changed = (system: string): void => listeners.forEach((listener) => listener(system));
  return {
    async password(system) {
      const entry = readStore(file).systems[system];
      if (!entry) return undefined;
      const key = readKey(dataDir);
      if (!key) throw unreadable(file, 'credentials.key is missing');
      const opened = await compactDecrypt(entry.sealed, key).catch((error: unknown) => {
        throw unreadable(file, 'it was encrypted with another credentials.key', error);
      });
      // The name is authenticated, so an entry that was copied to another system's name is noticed.
      if (opened.protectedHeader['system'] !== system) throw unreadable(file, `the entry of ${system} belongs to another system`);
      return new TextDecoder().decode(opened.plaintext);
    },
    async set(system, password) {
      const key = readKey(dataDir) ?? makeKey(dataDir);
      const sealed = await new CompactEncrypt(new TextEncoder().encode(password))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', system })
        .encrypt(key);
      const { systems } = readStore(file);
      writeStore(file, { systems: { ...systems, [system]: { changedAt: new Date(systemClock.now()).toISOString(), sealed } } });
      changed(system);
    },
    remove(system) {
      const { [system]: removed, ...systems } = readStore(file).systems;
      if (!removed) return false;
      writeStore(file, { systems });
      changed(system);
      return true;
    },
    list: () => Object.entries(readStore(file).systems).map(([system, { changedAt }]) => ({ system, changedAt })),
    onChange: (listener) => void listeners.push(listener),
    changed,
  };
}

function readStore(file: string): CredentialFile {
  if (!existsSync(file)) return { systems: {} };
  const text = readFileSync(file, 'utf8');
  try {
    return fileShape.parse(JSON.parse(text));
  } catch {
    // Neither message is kept: they quote the text.
    throw unreadable(file, 'it is damaged');
  }
}

function writeStore(file: string, content: CredentialFile): void {
  const next = `${file}.new`;
  writeFileSync(next, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(next, file);
}

function readKey(dataDir: string): Uint8Array | undefined {
  const file = keyFile(dataDir);
  return existsSync(file) ? Buffer.from(readFileSync(file, 'utf8').trim(), 'base64') : undefined;
}

function makeKey(dataDir: string): Uint8Array {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const key = randomBytes(32);
  // Fails when another process was first, which then has the key to use.
  writeFileSync(keyFile(dataDir), `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  chmodSync(keyFile(dataDir), 0o600);
  return key;
}

function keyFile(dataDir: string): string {
  return path.join(dataDir, 'credentials.key');
}

function unreadable(file: string, why: string, cause?: unknown): SystemError {
  return new SystemError('CREDENTIALS_UNREADABLE', 'halt', `reading ${file}: ${why}`, {
    cause,
    fix: 'Restore both credentials files from a backup, or remove them and enter the passwords again with `ml-agent credentials set`.',
  });
}

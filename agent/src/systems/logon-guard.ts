import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { SystemError, type Clock } from '@ml-connector/shared';

/**
 * Keeps a wrong password from locking the user of an ERP: what was refused once is never sent again, not even after a restart of the
 * agent, until the credential is set anew.
 */
export interface LogonGuard {
  /** Before each logon. Throws the code of `words` (`halt`) when this credential was refused. */
  permit(password: string | undefined): void;
  ended(outcome: LogonOutcome): void;
}

/** How a logon went; `unclear` when nobody looked at the password. */
export interface LogonOutcome {
  outcome: 'accepted' | 'refused' | 'unclear';
  message: string;
}

/** What a kind of system calls things. */
export interface LogonWords {
  /** `SAP_LOGON_REFUSED`. */
  code: string;
  /** Begins the message: `SAP system`. */
  kind: string;
  /** Where to look at the user: `in SU01`. */
  where: string;
  /** What may be wrong with the user besides the password: `locked, expired, initial password`. */
  troubles: string;
}

export interface LogonGuardDeps {
  dataDir: string;
  system: string;
  /** Client and user; a change of them is a change of the credential. */
  account: string;
  words: LogonWords;
  clock: Clock;
}

interface LogonRecord {
  salt: string;
  hash: string;
  state: 'trying' | 'good' | 'refused';
  /** Logons with this credential that have not come to an end; the process died under them. */
  attempts: number;
  /** Refused logons since the last good one, with whatever credential. */
  refusals?: number;
  at: string;
  message: string;
}

/** So many unfinished logons in a row count as refused: each of them may have cost the user an attempt. */
const mostUnfinished = 2;
/** So many refused logons in a row, and only a person on this machine can go on: whoever sends passwords from afar cannot lock the user. */
const mostRefusals = 3;

export function openLogonGuard({ dataDir, system, account, words, clock }: LogonGuardDeps): LogonGuard {
  const file = guardFile(dataDir, system);
  let current: LogonRecord | undefined;
  const hashOf = rememberingHash();
  const save = (record: LogonRecord): void => {
    current = { ...record, at: new Date(clock.now()).toISOString() };
    writeDurably(file, JSON.stringify(current));
  };
  return {
    permit: (password) => {
      const known = read(file);
      const refusals = known?.refusals ?? 0;
      if (known && refusals >= mostRefusals) throw refusedTooOften(words, system, refusals);
      const credential = `${account}\n${password ?? ''}`;
      if (!known || !isSame(known.hash, hashOf(credential, known.salt))) {
        const salt = randomBytes(16).toString('hex');
        save({ salt, hash: hashOf(credential, salt), state: 'trying', attempts: 1, refusals, at: '', message: '' });
        return;
      }
      if (known.state === 'refused') throw refused(words, system, known);
      if (known.state === 'trying' && known.attempts >= mostUnfinished) {
        const message = `${known.attempts} logons in a row ended without an answer`;
        save({ ...known, state: 'refused', refusals: refusals + known.attempts, message });
        throw refused(words, system, current as LogonRecord);
      }
      if (known.state === 'trying') save({ ...known, attempts: known.attempts + 1 });
      else current = known;
    },
    ended: ({ outcome, message }) => {
      const record = current ?? read(file);
      if (!record) return;
      if (outcome === 'refused') save({ ...record, state: 'refused', refusals: (record.refusals ?? 0) + 1, message });
      else if (outcome === 'accepted' && record.state !== 'good') save({ ...record, state: 'good', attempts: 0, refusals: 0, message: '' });
      else if (outcome === 'unclear' && record.state === 'trying') save({ ...record, attempts: 0 });
    },
  };
}

/** For a password that came from the relay: it may be tried, also when it is the same; refused logons before it still count. */
export function allowAnotherLogon(dataDir: string, system: string): void {
  const file = guardFile(dataDir, system);
  const known = read(file);
  if (known?.state === 'refused') writeDurably(file, JSON.stringify({ ...known, state: 'trying', attempts: 0 } satisfies LogonRecord));
}

/** For `credentials set`: the next logon may be tried, also with the same password (the user was unlocked). */
export function forgetLogonRefusal(dataDir: string, system: string): void {
  rmSync(guardFile(dataDir, system), { force: true });
}

function guardFile(dataDir: string, system: string): string {
  return path.join(dataDir, `logon-${encodeURIComponent(system)}.json`);
}

function read(file: string): LogonRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LogonRecord;
  } catch {
    return undefined;
  }
}

function isSame(knownHash: string, givenHash: string): boolean {
  const [known, given] = [Buffer.from(knownHash, 'hex'), Buffer.from(givenHash, 'hex')];
  return known.length === given.length && timingSafeEqual(known, given);
}

/** Slow on purpose, as passwords are short; the latest result is kept, as waiting calls all ask the same. */
function rememberingHash(): (credential: string, salt: string) => string {
  let latest: { credential: string; salt: string; hash: string } | undefined;
  return (credential, salt) => {
    if (latest?.credential !== credential || latest.salt !== salt)
      latest = { credential, salt, hash: scryptSync(credential, Buffer.from(salt, 'hex'), 32).toString('hex') };
    return latest.hash;
  };
}

function writeDurably(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const handle = openSync(`${file}.new`, 'w', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(`${file}.new`, file);
}

function refusedTooOften({ code, kind, where }: LogonWords, system: string, refusals: number): SystemError {
  return new SystemError(
    code,
    'halt',
    `${kind} ${system} refused ${refusals} logons in a row; passwords from the relay are not tried any more, so that the user is not locked`,
    { fix: `Check the user ${where}, then enter the right password on the machine of the agent: \`ml-agent credentials set ${system}\`.` },
  );
}

function refused({ code, kind, where, troubles }: LogonWords, system: string, record: LogonRecord): SystemError {
  return new SystemError(
    code,
    'halt',
    `${kind} ${system} refused the logon at ${record.at} (${record.message}); it is not tried again, so that the user is not locked`,
    {
      fix: `Check the user ${where} (${troubles}), then \`ml-agent credentials set ${system}\`, also when the password is the same.`,
      facts: { at: record.at },
    },
  );
}

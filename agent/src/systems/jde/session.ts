import { isSystemError, SystemError, type Clock, type Log } from '@ml-connector/shared';
import type { LogonGuard } from '../logon-guard.ts';
import { logonFix } from './fixes.ts';
import type { HttpSender } from './http.ts';
import { basicHeaders, login, logout, tokenHeaders, type Profile } from './login.ts';
import type { Secrets } from './secrets.ts';
import type { JdeConnectionSettings } from './settings.ts';

/** A login that is used for all calls until it ends. */
export interface Logon {
  readonly headers: Record<string, string>;
  readonly profile: Profile;
  readonly since: number;
  /** The password goes with every call, and there is no session at AIS. */
  readonly sendsPassword: boolean;
  /** Tables and services it went well with: a refusal later on may mean that it has ended. */
  readonly worked: Set<string>;
}

/** The one session of a system. Disposing logs out. */
export interface Session extends AsyncDisposable {
  readonly current: Logon | undefined;
  /** Logs in where needed, one login at a time; rejects with JDE_LOGON_REFUSED without asking when the password was refused before. */
  logon(signal: AbortSignal): Promise<Logon>;
  /** The next call logs in anew. `alive`: the session may still be there and is ended. */
  drop(logon: Logon, alive: boolean): void;
  /** The password that goes with calls was refused by one: as by a login, and nobody sends it again. */
  refuse(logon: Logon, why: SystemError): SystemError;
}

export interface SessionDeps {
  name: string;
  settings: JdeConnectionSettings;
  deviceName: string;
  http: HttpSender;
  guard: LogonGuard;
  secrets: Secrets;
  credential(): Promise<string | undefined>;
  clock: Clock;
  log: Log;
}

const longestLoginMs = 60_000;
const longestLogoutMs = 5_000;

export function openSession(deps: SessionDeps): Session {
  const { name, settings, deviceName, http, guard, secrets, clock, log } = deps;
  const ending = new AbortController();
  const logouts = new Set<Promise<void>>();
  const tokens = new WeakMap<Logon, string>();
  let current: Logon | undefined;
  let coming: Promise<Logon> | undefined;

  const leave = (token: string): void => {
    const done = logout(http, { token, deviceName, timeoutMs: longestLogoutMs }).finally(() => logouts.delete(done));
    logouts.add(done);
  };

  const noteRefusal = ({ code, message }: SystemError): void => {
    guard.ended({ outcome: 'refused', message });
    log.error({ system: name, code }, `${message}; no further login until the credential is set again`);
  };

  const open = async (): Promise<Logon> => {
    const password = await deps.credential();
    if (password === undefined) throw credentialMissing(name);
    secrets.add(password);
    guard.permit(password);
    const timeoutMs = Math.min(settings.timeoutSeconds * 1000, longestLoginMs);
    try {
      const { token, profile } = await login({ http, settings, deviceName, password, secrets, timeoutMs, signal: ending.signal });
      guard.ended({ outcome: 'accepted', message: '' });
      const isShared = settings.loginMethod === 'token';
      const headers = isShared ? tokenHeaders(token, deviceName) : basicHeaders(settings, deviceName, password);
      const logon: Logon = { headers, profile, since: clock.now(), sendsPassword: !isShared, worked: new Set() };
      // Without a session of its own, the login only told who the user is.
      if (isShared) tokens.set(logon, token);
      else leave(token);
      log.info({ system: name, environment: profile.environment, role: profile.role }, 'logged in to JD Edwards');
      return logon;
    } catch (error) {
      const message = isSystemError(error) ? error.message : 'the login failed';
      if (isSystemError(error) && error.code === 'JDE_LOGON_REFUSED') noteRefusal(error);
      else guard.ended({ outcome: 'unclear', message });
      throw error;
    }
  };

  const ensure = (): Promise<Logon> => {
    if (ending.signal.aborted) return Promise.reject(stopped());
    if (current) return Promise.resolve(current);
    coming ??= open()
      .then((logon) => (current = logon))
      .finally(() => (coming = undefined));
    return coming;
  };

  return {
    get current() {
      return current;
    },
    logon: (signal) => unlessAborted(ensure(), signal),
    drop: (logon, alive) => {
      if (current === logon) current = undefined;
      const token = tokens.get(logon);
      tokens.delete(logon);
      if (alive && token) leave(token);
    },
    refuse: (logon, { message, facts, cause }) => {
      if (current === logon) current = undefined;
      const refused = new SystemError('JDE_LOGON_REFUSED', 'halt', message, { fix: logonFix, facts, cause });
      noteRefusal(refused);
      return refused;
    },
    [Symbol.asyncDispose]: async () => {
      const last = current ?? (await settled(coming, longestLogoutMs));
      ending.abort(stopped());
      current = undefined;
      const token = last && tokens.get(last);
      if (token) leave(token);
      await Promise.all(logouts);
    },
  };
}

export function stopped(): SystemError {
  return new SystemError('JDE_STOPPED', 'retry', 'the agent is stopping');
}

function credentialMissing(name: string): SystemError {
  return new SystemError('JDE_CREDENTIAL_MISSING', 'halt', `there is no password for JD Edwards system ${name}`, {
    fix: `Store it with \`ml-agent credentials set ${name}\`, or enter it at the relay.`,
  });
}

/** A login is waited for when it comes to an end soon: what it opened must be closed. */
async function settled<Value>(promise: Promise<Value> | undefined, mostMs: number): Promise<Value | undefined> {
  if (!promise) return undefined;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), mostMs)));
  return Promise.race([promise.catch(() => undefined), late]).finally(() => clearTimeout(timer));
}

/** The login goes on for the others. */
function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new SystemError('JDE_CANCELLED', 'retry', 'cancelled while logging in to JD Edwards'));
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

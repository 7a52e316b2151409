import { randomBytes } from 'node:crypto';
import type { JdeClock } from './jde-clock.ts';
import type { Site } from './site.ts';

export interface Session {
  token: string;
  user: string;
  /** The device name it was asked with, else the caller's address: it works from there only. */
  device: string;
  environment: string;
  role: string;
  openedAt: number;
  lastUsedAt: number;
  /** The session on the HTML server behind the token; it may die first (facts/jde-ais.md 2.4). */
  hasHtmlSession: boolean;
}

export type Logon = { session: Session } | { refused: 'password' | 'locked' | 'environment' | 'full' };

/** What a caller wants to log on with; empty texts fall back to the server's defaults. */
export interface Credentials {
  username: string;
  password: string;
  environment: string;
  role: string;
  device: string;
}

/** Tokens and the lock of the user. Each token is also a session of the HTML server, so that tests can see which ones were left open. */
export class Sessions {
  readonly #site: Site;
  readonly #clock: JdeClock;
  readonly #open = new Map<string, Session>();
  readonly #wrongPasswords = new Map<string, number>();
  readonly #locked = new Set<string>();
  /** Good logons, bad ones, tokens given back. */
  readonly counts = { logons: 0, refused: 0, logouts: 0 };

  constructor(site: Site, clock: JdeClock) {
    this.#site = site;
    this.#clock = clock;
  }

  open(): Session[] {
    this.#forgetIdle();
    return [...this.#open.values()];
  }

  logon(sent: Credentials): Logon {
    const refused = this.#refusal(sent);
    if (refused) {
      this.counts.refused += 1;
      return { refused };
    }
    const now = this.#clock.now();
    const session: Session = {
      token: newToken(),
      user: sent.username,
      device: sent.device,
      environment: sent.environment || this.#site.environment,
      role: sent.role || this.#site.role,
      openedAt: now,
      lastUsedAt: now,
      hasHtmlSession: true,
    };
    this.#open.set(session.token, session);
    this.counts.logons += 1;
    return { session };
  }

  /** The living session of that token and device; using it starts its idle time anew. */
  use(token: string, device: string): Session | undefined {
    this.#forgetIdle();
    const session = this.#open.get(token);
    if (!session || session.device !== device) return undefined;
    session.lastUsedAt = this.#clock.now();
    return session;
  }

  logout({ token }: Session): void {
    if (this.#open.delete(token)) this.counts.logouts += 1;
  }

  /** All tokens die at once, as they do with a restart. */
  expireAll(): void {
    this.#open.clear();
  }

  expireHtmlSessions(): void {
    for (const session of this.#open.values()) session.hasHtmlSession = false;
  }

  get locked(): readonly string[] {
    return [...this.#locked];
  }

  lock(user: string): void {
    this.#locked.add(user);
  }

  unlock(user: string): void {
    this.#locked.delete(user);
    this.#wrongPasswords.delete(user);
  }

  #refusal({ username, password, environment, role }: Credentials): 'password' | 'locked' | 'environment' | 'full' | undefined {
    const { user, maxSessions, wrongPasswordsToLock } = this.#site;
    if (this.#locked.has(username)) return 'locked';
    if (username !== user.name || password !== user.password) {
      const wrong = (this.#wrongPasswords.get(username) ?? 0) + 1;
      this.#wrongPasswords.set(username, wrong);
      if (wrong >= wrongPasswordsToLock) this.#locked.add(username);
      return 'password';
    }
    this.#wrongPasswords.delete(username);
    if ((environment || this.#site.environment) !== this.#site.environment) return 'environment';
    if ((role || this.#site.role) !== this.#site.role && role !== '*ALL') return 'environment';
    return maxSessions !== undefined && this.open().length >= maxSessions ? 'full' : undefined;
  }

  #forgetIdle(): void {
    const oldest = this.#clock.now() - this.#site.sessionIdleMs;
    for (const [token, { lastUsedAt }] of this.#open) if (lastUsedAt < oldest) this.#open.delete(token);
  }
}

/** With the characters that a query string has to escape. */
function newToken(): string {
  return `044${randomBytes(18).toString('base64')}+/8to=${randomBytes(24).toString('base64')}MDE5=`;
}

import { randomBytes } from 'node:crypto';
import type { Hello } from '@ml-connector/proto';
import { isSystemError, type Clock, type Log, type OperationName } from '@ml-connector/shared';
import {
  admit,
  Caller,
  noTunnel,
  Session,
  zstdCoder,
  type AgentCalls,
  type AgentTarget,
  type CallOptions,
  type Carrier,
  type CloseReason,
} from '@ml-connector/shared/tunnel';
import type { AgentDirectory, AgentRecord } from './agent-directory.ts';

export interface SessionInfo {
  sessionId: string;
  agentId: string;
  tenantId: string;
  siteId: string;
  /** Names in the agent's agent.yaml. */
  systems: string[];
  version: string;
  machine: string;
  /** Address the agent came from. */
  peer: string;
  connectedAt: number;
  /** Calls under way. */
  pending: number;
  roundTripMs: number | undefined;
  isDraining: boolean;
}

export type GatewayEvent =
  | { kind: 'tunnelUp'; session: SessionInfo }
  | { kind: 'tunnelDown'; session: SessionInfo; reason: CloseReason }
  | { kind: 'refused'; peer: string; agentId: string | undefined; reason: CloseReason };

/** The relay's end of all tunnels. Disposing it closes them; `drain` first lets calls under way finish. */
export interface Gateway extends AgentCalls, AsyncDisposable {
  sessions(): SessionInfo[];
  /** `listener` must not throw. Dispose to stop listening. */
  listen(listener: (event: GatewayEvent) => void): Disposable;
  /** Revokes the agent and cuts its tunnel at once. False when there is no such agent. */
  revoke(agentId: string): Promise<boolean>;
  /** Asks all agents to move, takes no new calls and no new agents; resolves when the calls under way have ended or `graceMs` is over. */
  drain(options: { graceMs: number }): Promise<void>;
}

export interface SwitchboardDeps {
  directory: AgentDirectory;
  /** What agents know this relay by; part of every proof. */
  relayName: string;
  clock: Clock;
  log: Log;
  heartbeatSeconds?: number | undefined;
  /** Bytes under way per streamed call. */
  windowBytes?: number | undefined;
}

interface LiveSession {
  info: Omit<SessionInfo, 'pending' | 'roundTripMs' | 'isDraining'>;
  session: Session<Caller>;
}

/** Admits agents on any carrier and routes calls to them. */
export class Switchboard implements Gateway {
  readonly #deps: SwitchboardDeps;
  readonly #live = new Map<string, LiveSession>();
  readonly #revoked = new Set<string>();
  readonly #listeners = new Set<(event: GatewayEvent) => void>();
  /** What ends with the switchboard: the servers that bring it connections. */
  readonly listeners = new AsyncDisposableStack();
  #isClosing = false;

  constructor(deps: SwitchboardDeps) {
    this.#deps = deps;
  }

  /** Takes a new connection through the handshake. Never rejects: the outcome is an event and a log line. */
  async accept(carrier: Carrier): Promise<void> {
    const { clock, relayName, directory } = this.#deps;
    let agentId: string | undefined;
    try {
      const { hello, agent } = await admit<AgentRecord>(carrier, {
        clock,
        relayName,
        findAgent: (id) => {
          agentId = id;
          return directory.find(id);
        },
      });
      const veto = this.#veto(agent.agentId);
      if (!veto) return this.#welcome(carrier, hello, agent);
      carrier.send({ refusal: { code: veto.code, reason: veto.message } });
      carrier.close(veto);
      this.#refused(carrier, agentId, veto);
    } catch (error) {
      const reason = isSystemError(error) ? { code: error.code, message: error.message } : { code: 'RELAY_FAULT', message: String(error) };
      this.#refused(carrier, agentId, reason);
    }
  }

  call<Answer>(target: AgentTarget, operation: OperationName, request: unknown, options?: CallOptions): Promise<Answer> {
    return new Promise((resolve) => {
      const { info, session } = this.#pick(target, operation);
      options?.onAgent?.(info.agentId);
      resolve(session.part.call<Answer>(operation, request, options));
    });
  }

  async *stream<Chunk, End>(
    target: AgentTarget,
    operation: OperationName,
    request: unknown,
    options?: CallOptions,
  ): AsyncGenerator<Chunk, End, void> {
    return yield* this.#pick(target, operation).session.part.stream<Chunk, End>(operation, request, options);
  }

  sessions(): SessionInfo[] {
    return [...this.#live.values()].map(describe);
  }

  listen(listener: (event: GatewayEvent) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  async revoke(agentId: string): Promise<boolean> {
    this.#revoked.add(agentId);
    this.#live.get(agentId)?.session.end({ code: 'REVOKED', message: 'this agent was revoked' }, 'refusal');
    const exists = await this.#deps.directory.revoke(agentId, this.#deps.clock.now());
    if (!exists) this.#revoked.delete(agentId);
    return exists;
  }

  async drain({ graceMs }: { graceMs: number }): Promise<void> {
    this.#isClosing = true;
    const sessions = [...this.#live.values()].map(({ session }) => session);
    for (const session of sessions) session.drain('the relay is shutting down');
    const grace = new AbortController();
    const ended = Promise.all(sessions.map(({ part }) => part.idle()));
    const tooLate = this.#deps.clock.wait(graceMs, grace.signal);
    tooLate.catch(() => undefined); // all calls ended in time
    await Promise.race([ended, tooLate]);
    grace.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    const sessions = [...this.#live.values()].map(({ session }) => session);
    for (const session of sessions) session.end({ code: 'RELAY_CLOSING', message: 'the relay is shutting down' });
    await Promise.all(sessions.map(({ closed }) => closed));
    await this.listeners.disposeAsync();
  }

  #veto(agentId: string): CloseReason | undefined {
    if (this.#isClosing) return { code: 'RELAY_CLOSING', message: 'the relay is shutting down' };
    // Revoked while the handshake was under way.
    if (this.#revoked.has(agentId)) return { code: 'REVOKED', message: 'this agent was revoked' };
    return undefined;
  }

  #welcome(carrier: Carrier, hello: Hello, agent: AgentRecord): void {
    const { clock, windowBytes, heartbeatSeconds = 15 } = this.#deps;
    const { agentId, tenantId, siteId } = agent;
    const sessionId = randomBytes(6).toString('hex');
    const superseded = { code: 'SUPERSEDED', message: `a newer session of this agent (from ${carrier.peer}) took over` };
    this.#live.get(agentId)?.session.end(superseded, 'refusal');

    const { agentVersion: version, machine } = hello;
    const connectedAt = clock.now();
    const info = { sessionId, agentId, tenantId, siteId, systems: [...hello.systems], version, machine, peer: carrier.peer, connectedAt };
    carrier.send({ welcome: { sessionId, heartbeatSeconds, relayTimeMs: connectedAt } });
    const caller = new Caller({ carrier, sessionId, clock, coder: zstdCoder(), windowBytes });
    const session = new Session({ carrier, part: caller, clock, heartbeatMs: heartbeatSeconds * 1000 });
    const live = { info, session };
    this.#live.set(agentId, live);
    void this.#attend(live);
  }

  /** Tells that the tunnel is up, and later that it is down. */
  async #attend(live: LiveSession): Promise<void> {
    const { log } = this.#deps;
    const { agentId, tenantId, siteId, sessionId, peer, version } = live.info;
    log.info({ agentId, tenantId, siteId, sessionId, peer, agentVersion: version }, 'tunnel up');
    this.#tell({ kind: 'tunnelUp', session: describe(live) });
    this.#recordSeen(live);
    const reason = await live.session.closed;
    if (this.#live.get(agentId) === live) this.#live.delete(agentId);
    log.info({ agentId, tenantId, siteId, sessionId, code: reason.code, reason: reason.message }, 'tunnel down');
    this.#tell({ kind: 'tunnelDown', session: describe(live), reason });
    this.#recordSeen(live);
  }

  #recordSeen({ info: { agentId, version, machine } }: LiveSession): void {
    const { directory, clock, log } = this.#deps;
    directory.seen({ agentId, version, machine, now: clock.now() }).catch((error: unknown) => {
      log.warn({ agentId, err: error }, 'could not record that the agent was seen; its tunnel is not affected');
    });
  }

  #refused(carrier: Carrier, agentId: string | undefined, reason: CloseReason): void {
    this.#deps.log.warn({ agentId, peer: carrier.peer, code: reason.code, reason: reason.message }, 'agent refused');
    this.#tell({ kind: 'refused', peer: carrier.peer, agentId, reason });
  }

  #tell(event: GatewayEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** The agent asked for, or the least loaded one of the site that has the system. */
  #pick(target: AgentTarget, operation: string): LiveSession {
    const { tenantId, siteId, agentId, system } = target;
    const ofSite = [...this.#live.values()].filter(({ info }) => info.tenantId === tenantId && info.siteId === siteId);
    const fitting = ofSite.filter(
      ({ info, session }) =>
        !session.isDraining &&
        (agentId === undefined || info.agentId === agentId) &&
        (agentId !== undefined || system === undefined || info.systems.includes(system)),
    );
    const [first, ...others] = fitting;
    if (!first) throw noTunnel(`${operation}: ${whyNone(target, ofSite)}`);
    return others.reduce((best, one) => (one.session.part.pending < best.session.part.pending ? one : best), first);
  }
}

function whyNone({ siteId, agentId, system }: AgentTarget, ofSite: LiveSession[]): string {
  if (agentId !== undefined) return `agent ${agentId} is not connected`;
  if (ofSite.length === 0) return `no agent of site ${siteId} is connected`;
  if (ofSite.every(({ session }) => session.isDraining)) return `the agents of site ${siteId} are about to leave`;
  const offered = ofSite.flatMap(({ info }) => info.systems);
  return `no connected agent of site ${siteId} has a system "${system}" in its agent.yaml (there are: ${offered.join(', ') || 'none'})`;
}

function describe({ info, session }: LiveSession): SessionInfo {
  return { ...info, pending: session.part.pending, roundTripMs: session.roundTripMs, isDraining: session.isDraining };
}

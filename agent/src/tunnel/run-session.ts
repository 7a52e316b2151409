import { isSystemError, type Clock, type Log } from '@ml-connector/shared';
import {
  introduce,
  Serving,
  Session,
  zstdCoder,
  type CallHandler,
  type Carrier,
  type ChunkCoder,
  type CloseReason,
} from '@ml-connector/shared/tunnel';
import type { Identity } from '../identity/index.ts';
import type { TunnelStatus } from './status.ts';

export interface SessionSettings {
  carrier: Carrier;
  relayUrl: string;
  identity: Identity;
  handler: CallHandler;
  hello: { agentVersion: string; machine: string; systems: string[] };
  clock: Clock;
  log: Log;
  onStatus: (status: TunnelStatus) => void;
  graceMs?: number | undefined;
  coder?: ChunkCoder | undefined;
}

export interface SessionOutcome {
  reason: CloseReason;
  /** undefined when the session did not begin. */
  upMs?: number | undefined;
  /** The relay answered, and did not want this agent. */
  isRefusal: boolean;
  /** The session ended as either side had asked, with its calls finished. */
  hasDrained: boolean;
}

/** One tunnel from the handshake to its end. Once `signal` aborts it finishes the calls at work and leaves. */
export async function runSession(settings: SessionSettings, signal: AbortSignal): Promise<SessionOutcome> {
  const { carrier, clock, log, onStatus, relayUrl, coder = zstdCoder() } = settings;
  const welcome = await begin(settings, signal);
  if ('code' in welcome) return { reason: welcome, isRefusal: welcome.code !== 'CONNECTION_LOST', hasDrained: false };

  const { sessionId, clockOffsetMs, heartbeatSeconds } = welcome;
  const connectedAt = clock.now();
  log.info({ sessionId, relayUrl, agentId: settings.identity.agentId }, 'tunnel up');
  if (Math.abs(clockOffsetMs) > clockWarningMs)
    log.warn({ clockOffsetMs }, "this machine's clock differs from the relay's; deadlines are corrected, logs will not match: check NTP");
  onStatus({ kind: 'connected', relayUrl, sessionId, clockOffsetMs });

  const serving = new Serving({ carrier, sessionId, clock, handler: settings.handler, clockOffsetMs, coder });
  let hasDrained = false;
  const leave = async (why: string): Promise<void> => {
    await serving.finish();
    hasDrained = true;
    session.end({ code: 'LEAVING', message: why });
  };
  const session: Session<Serving> = new Session({
    carrier,
    part: serving,
    clock,
    heartbeatMs: heartbeatSeconds * 1000,
    onDrain: (reason) => {
      log.info({ sessionId, reason, running: serving.running }, 'the relay asks to move; finishing the calls at work');
      onStatus({ kind: 'draining', reason });
      void leave('drained as the relay asked');
    },
  });
  const stop = (): void => {
    session.drain('the agent was stopped');
    void leave('the agent was stopped');
    void forceAfter(settings, session);
  };
  using _stopping = onAbort(signal, stop);
  const reason = await session.closed;
  log.info({ sessionId, code: reason.code, reason: reason.message }, 'tunnel down');
  return { reason, upMs: clock.now() - connectedAt, isRefusal: false, hasDrained };
}

const clockWarningMs = 60_000;
const defaultGraceMs = 20_000;

async function begin(
  { carrier, clock, identity, hello }: SessionSettings,
  signal: AbortSignal,
): Promise<Awaited<ReturnType<typeof introduce>> | CloseReason> {
  const { agentId, tenantId, siteId, relayName, keys } = identity;
  using _stopping = onAbort(signal, () => carrier.close({ code: 'LEAVING', message: 'the agent was stopped' }));
  try {
    return await introduce(carrier, { clock, relayName, sign: keys.sign, hello: { ...hello, agentId, tenantId, siteId } });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { code: error.code, message: error.message };
  }
}

/** Calls that do not end within the grace are cut; the relay learns of them as TUNNEL_LOST. */
async function forceAfter({ clock, graceMs = defaultGraceMs }: SessionSettings, session: Session<Serving>): Promise<void> {
  const grace = new AbortController();
  const tooLate = clock.wait(graceMs, grace.signal).catch(() => undefined);
  await Promise.race([tooLate, session.closed]);
  grace.abort();
  session.end({ code: 'LEAVING', message: `the agent was stopped; calls at work did not end within ${graceMs / 1000} s` });
}

/** Calls `listener` on abort, at once when that was before. */
function onAbort(signal: AbortSignal, listener: () => void): Disposable {
  if (signal.aborted) listener();
  else signal.addEventListener('abort', listener, { once: true });
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', listener) };
}

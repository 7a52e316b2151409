import { backoffMs, type Clock, type Log } from '@ml-connector/shared';
import { finalEndings, sessionEnded, type CallHandler, type Carrier, type ChunkCoder, type CloseReason } from '@ml-connector/shared/tunnel';
import { relayChannel, type Identity } from '../identity/index.ts';
import { dialGrpc } from './grpc-carrier.ts';
import { runSession, type SessionOutcome } from './run-session.ts';
import type { TunnelStatus } from './status.ts';

export interface TunnelSettings {
  identity: Identity;
  /** Where the relay is reached now, when it is not where the agent enrolled. */
  relayUrl?: string | undefined;
  /** Extra authorities (PEM) for a relay without an authority of its own. */
  caFile?: string | undefined;
  handler: CallHandler;
  hello: { agentVersion: string; machine: string; systems: string[] };
  clock: Clock;
  log: Log;
  onStatus?: ((status: TunnelStatus) => void) | undefined;
  /** How long calls at work may take after `signal` aborted. Default 20 s. */
  graceMs?: number | undefined;
  /** Default: zstd where it pays. */
  coder?: ChunkCoder | undefined;
  /** Default: gRPC. */
  dial?: (() => Carrier) | undefined;
  random?: (() => number) | undefined;
}

/**
 * Keeps a tunnel to the relay: connects for ever, and serves its calls. Resolves once `signal` aborted and the calls at work have ended;
 * rejects only when the relay does not know this agent (any more), with UNKNOWN_AGENT or REVOKED.
 */
export async function runTunnel(settings: TunnelSettings, signal: AbortSignal): Promise<void> {
  const { clock, log, random, onStatus = () => undefined } = settings;
  const relayUrl = settings.relayUrl ?? settings.identity.relayUrl;
  let failures = 0;
  while (!signal.aborted) {
    onStatus({ kind: 'connecting', relayUrl });
    const outcome = await runSession({ ...settings, carrier: dial(settings, relayUrl), relayUrl, onStatus }, signal);
    if (signal.aborted) return;
    const { reason, isRefusal } = outcome;
    if (finalEndings.includes(reason.code)) {
      const ended = sessionEnded(reason);
      log.fatal({ code: reason.code, reason: reason.message, fix: ended.fix }, 'the relay does not take this agent; it stays disconnected');
      onStatus({ kind: 'refused', code: reason.code, reason: reason.message, nextTryMs: undefined });
      throw ended;
    }
    failures = wasGood(outcome) ? 1 : failures + 1;
    const nextTryMs = nextTry(reason, { failures, random });
    log.warn({ code: reason.code, reason: reason.message, nextTryMs }, isRefusal ? 'the relay refused the tunnel' : 'tunnel lost');
    onStatus({ kind: isRefusal ? 'refused' : 'lost', code: reason.code, reason: reason.message, nextTryMs });
    await clock.wait(nextTryMs, signal).catch(() => undefined); // stopped
  }
}

/** A connection that held this long was a good one: the next failure begins with short waits again. */
const steadyAfterMs = 30_000;
const longestWaitMs = 30_000;

function nextTry({ code }: CloseReason, { failures, random }: { failures: number; random: (() => number) | undefined }): number {
  // Another process runs with this identity: whoever comes back fast cuts the other. Give way.
  if (code === 'SUPERSEDED') return longestWaitMs;
  return backoffMs(failures, { firstMs: 500, capMs: longestWaitMs, ...(random ? { random } : {}) });
}

function wasGood({ hasDrained, upMs = 0 }: SessionOutcome): boolean {
  return hasDrained || upMs >= steadyAfterMs;
}

function dial({ identity, caFile, dial }: TunnelSettings, relayUrl: string): Carrier {
  if (dial) return dial();
  return dialGrpc(relayChannel(relayUrl, { relayCa: identity.relayCa, caFile }));
}

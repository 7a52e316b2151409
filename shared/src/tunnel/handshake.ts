import { randomBytes } from 'node:crypto';
import { kindOf, protocolVersion, type Frame, type Hello, type Welcome } from '@ml-connector/proto';
import type { Clock } from '../clock.ts';
import { SystemError } from '../errors.ts';
import type { Carrier, CloseReason } from './carrier.ts';
import { finalEndings, type EndingCode } from './endings.ts';
import { isSignedBy, proofBytes } from './proof.ts';

export interface Introduction {
  clock: Clock;
  hello: Omit<Hello, 'protocolVersion' | 'nonce'>;
  /** The name of the relay this agent enrolled with; a relay of another name gets no proof. */
  relayName: string;
  /** Ed25519 with the agent's identity key. */
  sign: (bytes: Uint8Array) => Uint8Array;
  timeoutMs?: number | undefined;
}

/** The agent's side of the handshake. Rejects with `sessionEnded` and leaves the carrier closed. */
export async function introduce(carrier: Carrier, introduction: Introduction): Promise<Welcome & { clockOffsetMs: number }> {
  const { clock, hello, relayName, sign, timeoutMs = handshakeTimeoutMs } = introduction;
  const nonce = randomBytes(32);
  carrier.send({ hello: { ...hello, protocolVersion, nonce } });

  const { challenge } = await expectFrame(carrier, 'challenge', { clock, timeoutMs });
  if (challenge.relayName !== relayName) {
    return leave(carrier, 'WRONG_RELAY', `the relay calls itself "${challenge.relayName}"; this agent enrolled with "${relayName}"`);
  }
  if (challenge.nonce.length < 32) return leave(carrier, 'UNEXPECTED_FRAME', 'the challenge has fewer than 32 bytes');
  const signature = sign(
    proofBytes({ agentNonce: nonce, relayNonce: challenge.nonce, relayName, agentId: hello.agentId, protocolVersion }),
  );
  carrier.send({ proof: { signature } });

  const { welcome } = await expectFrame(carrier, 'welcome', { clock, timeoutMs });
  return { ...plain(welcome), clockOffsetMs: clock.now() - welcome.relayTimeMs };
}

/** A text an agent says about itself before anybody knows it; it gets into logs, tables and terminals. */
export function isPlainText(text: string, mostLength = 300): boolean {
  return text.length <= mostLength && !/\p{Cc}/u.test(text);
}

export interface KnownAgent {
  /** Raw Ed25519 public key. */
  identityKey: Uint8Array;
  isRevoked: boolean;
}

export interface Admission<Agent extends KnownAgent> {
  clock: Clock;
  relayName: string;
  findAgent: (agentId: string) => Promise<Agent | undefined>;
  timeoutMs?: number | undefined;
}

/**
 * The relay's side up to the proof; the Welcome is the caller's to send. Rejects with `sessionEnded` when the agent is not admitted: it was
 * told why, and the carrier is closed.
 */
export async function admit<Agent extends KnownAgent>(
  carrier: Carrier,
  admission: Admission<Agent>,
): Promise<{ hello: Hello; agent: Agent }> {
  const { clock, relayName, findAgent, timeoutMs = handshakeTimeoutMs } = admission;
  const { hello } = await expectFrame(carrier, 'hello', { clock, timeoutMs });
  if (hello.protocolVersion !== protocolVersion) {
    const which = hello.protocolVersion < protocolVersion ? 'update the agent' : 'update the relay';
    const reason = `the agent speaks protocol version ${hello.protocolVersion}, this relay ${protocolVersion}: ${which}`;
    return refuse(carrier, 'UNSUPPORTED_VERSION', reason);
  }
  if (!isBounded(hello)) return refuse(carrier, 'UNEXPECTED_FRAME', 'the hello holds a text that is too long or has control characters');
  if (hello.nonce.length < 32) return refuse(carrier, 'UNEXPECTED_FRAME', 'the hello has a nonce of fewer than 32 bytes');

  const nonce = randomBytes(32);
  carrier.send({ challenge: { nonce, relayName } });
  const { proof } = await expectFrame(carrier, 'proof', { clock, timeoutMs });

  let agent: Agent | undefined;
  try {
    agent = await findAgent(hello.agentId);
  } catch (error) {
    return refuse(carrier, 'RELAY_FAULT', 'the relay could not look up the agent; the next try may succeed', error);
  }
  if (!agent) return refuse(carrier, 'UNKNOWN_AGENT', `there is no agent ${hello.agentId}; enrol it anew with a token of this relay`);
  const signed = proofBytes({ agentNonce: hello.nonce, relayNonce: nonce, relayName, agentId: hello.agentId, protocolVersion });
  if (!isSignedBy(agent.identityKey, signed, proof.signature)) {
    return refuse(carrier, 'BAD_PROOF', 'the signature does not fit this challenge and the key registered for the agent');
  }
  // Told only to the holder of the key, so that nobody else learns which agents exist and were revoked.
  if (agent.isRevoked) return refuse(carrier, 'REVOKED', 'this agent was revoked; enrol it anew with a token of this relay');
  return { hello: plain(hello), agent };
}

function isBounded({ agentId, agentVersion, tenantId, siteId, machine, systems }: Hello): boolean {
  return systems.length <= 1000 && [agentId, agentVersion, tenantId, siteId, machine, ...systems].every((text) => isPlainText(text));
}

/** How a session that did not begin, or ended, is thrown: `halt` where only a person can help, else `retry`. */
export function sessionEnded({ code, message }: CloseReason, cause?: unknown): SystemError {
  const isFinal = finalEndings.includes(code);
  const fix = isFinal ? 'Enrol the agent anew: ml-agent enroll with a fresh token of the relay.' : undefined;
  return new SystemError(code, isFinal ? 'halt' : 'retry', message, { fix, cause });
}

const handshakeTimeoutMs = 10_000;

type With<Kind extends keyof Frame> = Extract<Frame, Record<Kind, object>>;

async function expectFrame<Kind extends 'hello' | 'challenge' | 'proof' | 'welcome'>(
  carrier: Carrier,
  kind: Kind,
  limits: { clock: Clock; timeoutMs: number },
): Promise<With<Kind>> {
  const frame = await nextFrame(carrier, kind, limits);
  if (frame[kind]) return frame as With<Kind>;
  const lastWord = frame.refusal ?? frame.goodbye;
  if (lastWord) {
    const reason = { code: lastWord.code, message: lastWord.reason };
    carrier.close(reason);
    throw sessionEnded(reason);
  }
  const problem = `a ${String(kindOf(frame))} frame came where ${kind} is due`;
  return kind === 'hello' || kind === 'proof' ? refuse(carrier, 'UNEXPECTED_FRAME', problem) : leave(carrier, 'UNEXPECTED_FRAME', problem);
}

/** One frame; what follows it stays with the carrier for the next reader. */
async function nextFrame(carrier: Carrier, kind: string, { clock, timeoutMs }: { clock: Clock; timeoutMs: number }): Promise<Frame> {
  const timer = new AbortController();
  const came = new Promise<Frame>((resolve, reject) => {
    carrier.attach({
      onFrame: (frame) => {
        carrier.detach();
        resolve(frame);
      },
      onClose: (reason) => reject(sessionEnded(reason)),
    });
  });
  const tooLate = clock.wait(timeoutMs, timer.signal).then(() => undefined);
  tooLate.catch(() => undefined); // the frame came
  try {
    return (
      (await Promise.race([came, tooLate])) ?? (await leave(carrier, 'HANDSHAKE_TIMEOUT', `no ${kind} came within ${timeoutMs / 1000} s`))
    );
  } finally {
    timer.abort();
  }
}

async function refuse(carrier: Carrier, code: EndingCode, message: string, cause?: unknown): Promise<never> {
  carrier.send({ refusal: { code, reason: message } });
  carrier.close({ code, message });
  throw sessionEnded({ code, message }, cause);
}

async function leave(carrier: Carrier, code: EndingCode, message: string): Promise<never> {
  carrier.send({ goodbye: { code, reason: message } });
  carrier.close({ code, message });
  throw sessionEnded({ code, message });
}

/** Decoded messages show their absent fields only through their prototype; a copy by spread would lose them. */
function plain<T extends object>(message: T): T {
  const copy: Record<string, unknown> = {};
  for (const key in message) copy[key] = message[key];
  return copy as T;
}

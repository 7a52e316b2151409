import type { KeyObject } from 'node:crypto';
import type { Clock, Log } from '@ml-connector/shared';
import type { EnrollAnswer, EnrollRequest } from '@ml-connector/proto';
import { enrollmentBytes, isPlainText, isSignedBy } from '@ml-connector/shared/tunnel';
import type { AgentDirectory } from './agent-directory.ts';
import { tokenIdOf } from './enroll-token.ts';

export interface EnrollmentDeps {
  directory: AgentDirectory;
  relayName: string;
  /** Public half of the key that signs enrolment tokens. */
  tokenKey: KeyObject;
  clock: Clock;
  log: Log;
  /** Where the request came from. */
  peer: string;
}

/** Every way an enrolment is refused, with what the agent's user reads. */
export const enrollmentRefusals = {
  TOKEN_FORGED: 'this token was not made by this relay, or was damaged when it was copied',
  TOKEN_UNKNOWN: 'this relay does not know the token any more; ask for a new one',
  TOKEN_EXPIRED: 'the token has expired; ask for a new one (ml-relay enroll-token)',
  TOKEN_USED: 'the token was used by another agent already; every agent needs its own',
  KEY_IN_USE: 'the identity key belongs to an enrolled agent; remove identity.pending.json from the data folder and enrol again',
  REVOKED: 'the agent this token enrolled was revoked; ask for a new token',
  TEXT_INVALID: 'the name of the agent, its version or its machine is too long or holds control characters',
  BAD_PROOF: 'the request is not signed with the identity key it names',
} as const;

/** Answers an enrolment: the agent's id, or a refusal. Rejects only when the directory fails. */
export async function enroll(request: EnrollRequest, deps: EnrollmentDeps): Promise<EnrollAnswer> {
  const { log, peer, relayName } = deps;
  const outcome = await decide(request, deps);
  if (typeof outcome === 'string') {
    const reason = enrollmentRefusals[outcome];
    log.warn({ peer, agentName: request.agentName.slice(0, 100), code: outcome, reason }, 'enrolment refused');
    return { refusal: { code: outcome, reason } };
  }
  log.info({ peer, ...outcome, agentName: request.agentName }, 'agent enrolled');
  return { enrolled: { ...outcome, relayName } };
}

async function decide(
  request: EnrollRequest,
  { directory, relayName, tokenKey, clock, peer }: EnrollmentDeps,
): Promise<keyof typeof enrollmentRefusals | { agentId: string; tenantId: string; siteId: string }> {
  const { token, agentName, agentVersion, machine, signature } = request;
  if (![agentName, agentVersion, machine].every((text) => isPlainText(text))) return 'TEXT_INVALID';
  const tokenId = await tokenIdOf(token, { tokenKey, relayName });
  if (tokenId === undefined) return 'TOKEN_FORGED';
  const [identityKey, sealingKey] = [Buffer.from(request.identityKey), Buffer.from(request.sealingKey)];
  const isSigned = isSignedBy(identityKey, enrollmentBytes({ token, identityKey, sealingKey }), signature);
  if (!isSigned || sealingKey.length !== 32) return 'BAD_PROOF';
  const agent = { name: agentName, identityKey, sealingKey, version: agentVersion, machine };
  const redemption = await directory.redeem({ tokenId, agent, now: clock.now(), peer });
  if ('refused' in redemption) return redemption.refused;
  const { agentId, tenantId, siteId } = redemption.agent;
  return { agentId, tenantId, siteId };
}

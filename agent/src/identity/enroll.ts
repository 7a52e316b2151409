import { rmSync } from 'node:fs';
import path from 'node:path';
import { Client, type ServiceError } from '@grpc/grpc-js';
import { enrollmentService, type EnrollAnswer, type EnrollRequest } from '@ml-connector/proto';
import { SystemError, type Clock } from '@ml-connector/shared';
import { enrollmentBytes } from '@ml-connector/shared/tunnel';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import {
  identityFile,
  keysOf,
  newIdentityFile,
  pendingFile,
  readIdentityFile,
  toIdentity,
  writeIdentityFile,
  type Identity,
  type IdentityFile,
} from './identity.ts';
import { fetchAuthority, relayAddress, relayChannel, type RelayTrust } from './relay-trust.ts';

export interface EnrollSettings {
  /** What `ml-relay enroll-token` printed. */
  token: string;
  dataDir: string;
  /** For people: the machine's name unless they chose another. */
  agentName: string;
  agentVersion: string;
  machine: string;
  /** Extra authorities (PEM) for a relay whose certificate is by a public or company authority. */
  caFile?: string | undefined;
  clock: Clock;
}

/**
 * Makes keys, exchanges the token for an agent id and keeps all of it in `identity.json`. Can be repeated with the same token after any
 * failure; an identity in use stays untouched until the new one is complete. Rejects with the relay's refusal (TOKEN_USED, TOKEN_EXPIRED,
 * …), RELAY_CA_MISMATCH, RELAY_UNREACHABLE or TOKEN_MALFORMED.
 */
export async function enroll(settings: EnrollSettings): Promise<Identity> {
  const { token, dataDir, agentName, agentVersion, machine, caFile, clock } = settings;
  const { tokenId, relayUrl, fingerprint } = readToken(token);
  const current = readIdentityFile(dataDir, identityFile);
  if (current?.tokenId === tokenId) return toIdentity(current);

  const file = pendingKeys(dataDir, tokenId);
  const keys = keysOf(file);
  const address = relayAddress(relayUrl);
  const relayCa = fingerprint === undefined ? undefined : await fetchAuthority({ ...address, fingerprint });
  const [identityKey, sealingKey] = [keys.identityPublicKey, keys.sealingPublicKey];
  const signature = keys.sign(enrollmentBytes({ token, identityKey, sealingKey }));
  const { enrolled, refusal } = await ask(
    { token, agentName, identityKey, sealingKey, agentVersion, machine, signature },
    { relayUrl, relayCa, caFile },
  );
  if (!enrolled) {
    const { code, reason } = refusal ?? { code: 'RELAY_FAULT', reason: 'the relay answered neither an agent id nor a refusal' };
    throw new SystemError(code, 'halt', `the relay at ${relayUrl} refused the enrolment: ${reason}`);
  }
  const { agentId, tenantId, siteId, relayName } = enrolled;
  const enrolledAt = new Date(clock.now()).toISOString();
  const complete: IdentityFile = { ...file, enrollment: { agentId, tenantId, siteId, relayName, relayUrl, relayCa, enrolledAt } };
  writeIdentityFile(dataDir, identityFile, complete);
  rmSync(path.join(dataDir, pendingFile), { force: true });
  return toIdentity(complete);
}

const claims = z.object({
  jti: z.string(),
  relay: z.string(),
  ca: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});

/** The relay checks the signature; the agent needs the address and the fingerprint that the person who pasted the token vouches for. */
function readToken(token: string): { tokenId: string; relayUrl: string; fingerprint: string | undefined } {
  try {
    const { jti, relay, ca } = claims.parse(decodeJwt(token));
    return { tokenId: jti, relayUrl: relay, fingerprint: ca };
  } catch {
    throw new SystemError('TOKEN_MALFORMED', 'halt', 'this is not an enrolment token', {
      fix: 'Copy the whole line that "ml-relay enroll-token" printed; it has three parts joined by dots.',
    });
  }
}

/** Keys first, so that after an unclean stop the same token is asked with the same keys. */
function pendingKeys(dataDir: string, tokenId: string): IdentityFile {
  const pending = readIdentityFile(dataDir, pendingFile);
  if (pending?.tokenId === tokenId) return pending;
  const made = newIdentityFile(tokenId);
  writeIdentityFile(dataDir, pendingFile, made);
  return made;
}

async function ask(request: EnrollRequest, { relayUrl, ...trust }: RelayTrust & { relayUrl: string }): Promise<EnrollAnswer> {
  const { target, credentials, options } = relayChannel(relayUrl, trust);
  const client = new Client(target, credentials, options);
  const { path: method, requestSerialize, responseDeserialize } = enrollmentService.enroll;
  try {
    return await new Promise((resolve, reject) => {
      const deadline = new Date(Date.now() + answerWithinMs);
      client.makeUnaryRequest(method, requestSerialize, responseDeserialize, request, { deadline }, (error, answer) => {
        if (answer) resolve(answer);
        else reject(unreachable(relayUrl, error));
      });
    });
  } finally {
    client.close();
  }
}

const answerWithinMs = 20_000;

function unreachable(relayUrl: string, error: ServiceError | null): SystemError {
  const why = error?.details ?? 'no answer';
  return new SystemError('RELAY_UNREACHABLE', 'retry', `ask the relay at ${relayUrl} to enrol this agent: ${why}`, {
    cause: error,
    fix: 'Check that this machine reaches the relay (ml-agent doctor), then run the same command again: the token stays good.',
  });
}

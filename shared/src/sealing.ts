// Runs in the browser as well: nothing of Node here.
import { base64url, compactDecrypt, CompactEncrypt, decodeProtectedHeader, importJWK, type JWK } from 'jose';
import { SystemError } from './errors.ts';

/** Whom a sealed secret is for; part of what is authenticated, so that it opens nowhere else. */
export interface SealingPurpose {
  agentId: string;
  /** Name of the system in agent.yaml. */
  system: string;
}

/** The public JWK of an agent's raw X25519 key, as the relay keeps it. */
export function sealingJwk(rawPublicKey: Uint8Array): JWK {
  return { kty: 'OKP', crv: 'X25519', x: base64url.encode(rawPublicKey) };
}

/** A JWE (compact) that only the holder of the private key opens: ECDH-ES+A256KW, A256GCM. */
export async function sealFor(publicKey: JWK, plaintext: string, purpose: SealingPurpose): Promise<string> {
  const key = await importJWK(publicKey, algorithm);
  return new CompactEncrypt(new TextEncoder().encode(plaintext))
    .setProtectedHeader({ alg: algorithm, enc: encryption, agentId: purpose.agentId, system: purpose.system })
    .encrypt(key);
}

/** For whom a text says it is sealed; undefined for anything that `sealFor` did not make. Who made it is not known. */
export function sealedFor(text: string): SealingPurpose | undefined {
  if (!/^([\w-]+\.){4}[\w-]+$/.test(text)) return undefined;
  try {
    const { alg, enc, agentId, system } = decodeProtectedHeader(text);
    if (alg !== algorithm || enc !== encryption || typeof agentId !== 'string' || typeof system !== 'string') return undefined;
    return { agentId, system };
  } catch {
    return undefined;
  }
}

/** Rejects with SEALED_UNREADABLE (refused) for another key, another agent, another system, or damage. */
export async function unseal(privateKey: JWK, sealed: string, purpose: SealingPurpose): Promise<string> {
  const key = await importJWK(privateKey, algorithm);
  const opened = await compactDecrypt(sealed, key, {
    keyManagementAlgorithms: [algorithm],
    contentEncryptionAlgorithms: [encryption],
  }).catch((error: unknown) => {
    throw unreadable('it was sealed to another key, or was damaged', error);
  });
  const { agentId, system } = opened.protectedHeader;
  if (agentId !== purpose.agentId) throw unreadable(`it is for agent ${String(agentId)}, this is ${purpose.agentId}`);
  if (system !== purpose.system) throw unreadable(`it is for system "${String(system)}", not "${purpose.system}"`);
  return new TextDecoder().decode(opened.plaintext);
}

const algorithm = 'ECDH-ES+A256KW';
const encryption = 'A256GCM';

function unreadable(why: string, cause?: unknown): SystemError {
  return new SystemError('SEALED_UNREADABLE', 'refused', `open a sealed secret: ${why}`, {
    cause,
    fix: 'Enter the secret again at the relay, or on this machine with: ml-agent credentials set',
  });
}

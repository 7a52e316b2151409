import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

export interface ProofInput {
  agentNonce: Uint8Array;
  relayNonce: Uint8Array;
  relayName: string;
  agentId: string;
  protocolVersion: number;
}

/**
 * Both nonces make a proof good for one handshake; the relay's name makes it useless to another relay; the purpose makes it no other
 * kind of signature. Every part is preceded by its length, so that no two inputs make the same bytes.
 */
export function proofBytes(input: ProofInput): Buffer {
  const version = Buffer.alloc(4);
  version.writeUInt32BE(input.protocolVersion);
  return lengthPrefixed([
    Buffer.from('ml-connector tunnel proof v1'),
    input.agentNonce,
    input.relayNonce,
    Buffer.from(input.relayName),
    Buffer.from(input.agentId),
    version,
  ]);
}

/** What an agent signs when it enrols: it holds the private half of the identity key, and means this token and this sealing key. */
export function enrollmentBytes(input: { token: string; identityKey: Uint8Array; sealingKey: Uint8Array }): Buffer {
  return lengthPrefixed([Buffer.from('ml-connector enrollment v1'), Buffer.from(input.token), input.identityKey, input.sealingKey]);
}

export function signWith(privateKey: KeyObject, bytes: Uint8Array): Buffer {
  return sign(null, bytes, privateKey);
}

/** `publicKey` is the raw Ed25519 key, 32 bytes. False for anything that is no valid signature, also for a key that is none. */
export function isSignedBy(publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    const x = Buffer.from(publicKey).toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, bytes, key, signature);
  } catch {
    return false;
  }
}

function lengthPrefixed(parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return [length, part];
    }),
  );
}

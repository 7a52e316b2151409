import { createHmac, randomBytes } from 'node:crypto';

const stepMs = 30_000;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** 160 random bits in base 32, as authenticator apps take them. */
export function newTotpSecret(): string {
  return toBase32(randomBytes(20));
}

/** What a QR code shows to an authenticator app. */
export function totpAddress({ secret, email, issuer }: { secret: string; email: string; issuer: string }): string {
  const label = encodeURIComponent(`${issuer}:${email}`);
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
}

/**
 * The step a code belongs to, one step early or late allowed; undefined for a wrong code and for one that is not after `usedStep`: a code that
 * somebody saw being typed is good no more (RFC 6238, 5.2).
 */
export function totpStep(secret: string, code: string, { now, usedStep }: { now: number; usedStep: number | null }): number | undefined {
  const current = Math.floor(now / stepMs);
  return [current - 1, current, current + 1].find((step) => (usedStep === null || step > usedStep) && totpCode(secret, step) === code);
}

/** Six digits for one step of 30 seconds. */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0xf;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

function toBase32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]).join('');
}

function fromBase32(text: string): Buffer {
  const bits = Array.from(text, (letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)));
}

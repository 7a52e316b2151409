/** As much of DER as a certificate needs (X.690). Each function answers the encoded bytes. */
export type Der = Buffer;

export const sequence = (...parts: Der[]): Der => tagged(0x30, Buffer.concat(parts));
export const setOf = (part: Der): Der => tagged(0x31, part);
export const octets = (content: Buffer): Der => tagged(0x04, content);
export const boolean = (value: boolean): Der => tagged(0x01, Buffer.from([value ? 0xff : 0]));
export const utf8 = (text: string): Der => tagged(0x0c, Buffer.from(text));
/** `[number] EXPLICIT`. */
export const explicit = (number: number, content: Der): Der => tagged(0xa0 + number, content);
/** `[number] IMPLICIT` of a primitive type. */
export const implicit = (number: number, content: Buffer): Der => tagged(0x80 + number, content);

/** Of an unsigned number, most significant byte first. */
export function integer(value: Buffer): Der {
  let start = 0;
  while (start < value.length - 1 && value[start] === 0) start += 1;
  const shortest = value.subarray(start);
  const isNegative = ((shortest[0] ?? 0) & 0x80) !== 0;
  return tagged(0x02, isNegative ? Buffer.concat([Buffer.from([0]), shortest]) : shortest);
}

/** `unusedBits` of the last byte do not count. */
export function bits(content: Buffer, unusedBits = 0): Der {
  return tagged(0x03, Buffer.concat([Buffer.from([unusedBits]), content]));
}

export function objectId(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** UTCTime until 2049, GeneralizedTime after, as RFC 5280 wants it. */
export function time(at: Date): Der {
  const text = at
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '');
  return at.getUTCFullYear() < 2050 ? tagged(0x17, Buffer.from(text.slice(2))) : tagged(0x18, Buffer.from(text));
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

function tagged(tag: number, content: Buffer): Der {
  return Buffer.concat([Buffer.from([tag, ...lengthBytes(content.length)]), content]);
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  return [0x80 | bytes.length, ...bytes];
}

/** From the bytes of an extract to its text. */
import iconv from 'iconv-lite';

export interface Decoded {
  text: string;
  encoding: string;
  /** Not said by the file itself, so the reader should know. */
  isGuess: boolean;
}

/** undefined when the bytes are text in no encoding that SAP front ends write. */
export function decode(bytes: Buffer): Decoded | undefined {
  const marked = byMark(bytes);
  if (marked) return marked;
  const silent = utf16WithoutMark(bytes);
  if (silent) return silent;
  const utf8 = asUtf8(bytes);
  if (utf8 !== undefined) return { text: utf8, encoding: 'UTF-8', isGuess: false };
  if (bytes.some((byte) => unusedInWindows1252.has(byte))) return undefined;
  const isLatin1 = !bytes.some((byte) => byte >= 0x80 && byte < 0xa0);
  return { text: iconv.decode(bytes, 'windows-1252'), encoding: isLatin1 ? 'ISO-8859-1' : 'Windows-1252', isGuess: true };
}

const unusedInWindows1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d, 0x00]);

const marks: readonly [number[], string, string][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8', 'UTF-8 with byte order mark'],
  [[0xff, 0xfe], 'utf-16le', 'UTF-16 LE'],
  [[0xfe, 0xff], 'utf-16be', 'UTF-16 BE'],
];

function byMark(bytes: Buffer): Decoded | undefined {
  for (const [mark, encoding, name] of marks) {
    if (mark.every((byte, index) => bytes[index] === byte)) {
      return { text: iconv.decode(bytes.subarray(mark.length), encoding), encoding: name, isGuess: false };
    }
  }
  return undefined;
}

/** Field names are ASCII, so in UTF-16 every second byte of the header is zero. */
function utf16WithoutMark(bytes: Buffer): Decoded | undefined {
  const head = bytes.subarray(0, 64);
  const zeroAt = (odd: number): boolean => head.length >= 4 && head.every((byte, index) => (index % 2 === odd) === (byte === 0));
  if (zeroAt(1)) return { text: iconv.decode(bytes, 'utf-16le'), encoding: 'UTF-16 LE', isGuess: true };
  if (zeroAt(0)) return { text: iconv.decode(bytes, 'utf-16be'), encoding: 'UTF-16 BE', isGuess: true };
  return undefined;
}

function asUtf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

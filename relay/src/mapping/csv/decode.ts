/** The text of a file as spreadsheets save it: UTF-8 with or without its mark, or UTF-16 with one ("Unicode text"). */
export function decodeText(bytes: Uint8Array): { text: string } | { fault: string } {
  const [first, second] = bytes;
  const encoding = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) };
  } catch {
    return { fault: 'the file is not written in UTF-8; save it as "CSV UTF-8"' };
  }
}

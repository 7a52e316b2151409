import type { IncomingMessage } from 'node:http';

/** `gone`: the sender hung up. */
export type Body = Buffer | 'too large' | 'too slow' | 'gone';

/** Reads a request's raw body and tells it once. What is too large is not kept. */
export function readBody(request: IncomingMessage, limit: { bytes: number; ms: number }, tell: (body: Body) => void): void {
  if (Number(request.headers['content-length'] ?? 0) > limit.bytes) return tell('too large');
  let chunks: Buffer[] = [];
  let size = 0;
  const end = (body: Body): void => {
    clearTimeout(timer);
    request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
    // Without a listener an error would end the process.
    request.on('error', ignore);
    chunks = [];
    tell(body);
  };
  const onData = (chunk: Buffer): void => {
    size += chunk.length;
    if (size > limit.bytes) return end('too large');
    chunks.push(chunk);
  };
  const onEnd = (): void => end(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks));
  const onGone = (): void => end('gone');
  const timer = setTimeout(() => end('too slow'), limit.ms);
  request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
}

function ignore(): void {
  return;
}

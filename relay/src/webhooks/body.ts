import type { IncomingMessage } from 'node:http';

/** `gone`: the sender hung up. */
export type Body = Buffer | 'too large' | 'too slow' | 'gone';

/** Reads a request's raw body and tells it once. What is too large is not kept. */
export function readBody(request: IncomingMessage, limit: { bytes: number; ms: number }, tell: (body: Body) => void): void {
  if (Number(request.headers['content-length'] ?? 0) > limit.bytes) return tell('too large');
  let chunks: Buffer[] = [];
  let size = 0;
  let isTold = false;
  // The listeners stay: taking them off costs more than calling them in vain, and an error without one would end the process.
  const end = (body: Body): void => {
    if (isTold) return;
    isTold = true;
    clearTimeout(timer);
    chunks = [];
    tell(body);
  };
  const timer = setTimeout(() => end('too slow'), limit.ms);
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (isTold) return;
    if (size > limit.bytes) return end('too large');
    chunks.push(chunk);
  });
  request.on('end', () => end(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks)));
  request.on('error', () => end('gone'));
  request.on('close', () => end('gone'));
}

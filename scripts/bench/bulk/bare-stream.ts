import { once } from 'node:events';
import http2 from 'node:http2';
import type { TableChunk } from '@ml-connector/shared';
import { preparedChunks, rowsPerChunk, useUp } from './chunks.ts';

/** The limit: the same chunks, each behind its length, on one HTTP/2 stream over TLS, parsed by the reader. Nothing else. */
export async function listenForChunks(tls: { cert: string; key: string }): Promise<{ port: number; read: () => Promise<number> }> {
  const server = http2.createSecureServer({ ...tls, settings: { initialWindowSize: 4 << 20 } });
  server.on('session', (session) => session.setLocalWindowSize(4 << 20));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const read = async (): Promise<number> => {
    const [stream] = (await once(server, 'stream')) as [http2.ServerHttp2Stream];
    stream.respond({ ':status': 200 });
    let rows = 0;
    for await (const chunk of chunksOf(stream)) rows += useUp(JSON.parse(chunk.toString()) as TableChunk);
    stream.end();
    return rows;
  };
  return { port: (server.address() as { port: number }).port, read };
}

/** Resolves when the other side has read everything. */
export async function sendChunks({ port, ca, rows }: { port: number; ca: string; rows: number }): Promise<void> {
  const client = http2.connect(`https://localhost:${port}`, { ca });
  const stream = client.request({ ':method': 'POST', ':path': '/' });
  stream.resume();
  const chunkAt = preparedChunks();
  for (let chunk = 0; chunk * rowsPerChunk < rows; chunk += 1) {
    const bytes = chunkAt(chunk);
    const message = Buffer.allocUnsafe(4 + bytes.length);
    message.writeUInt32BE(bytes.length, 0);
    message.set(bytes, 4);
    if (!stream.write(message)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
  client.close();
}

async function* chunksOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  let pieces: Buffer[] = [];
  let held = 0;
  let needed = 4;
  for await (const piece of stream) {
    pieces.push(piece);
    held += piece.length;
    while (held >= needed) {
      const bytes = Buffer.concat(pieces);
      const end = 4 + bytes.readUInt32BE(0);
      pieces = [bytes];
      needed = end;
      if (held < end) break;
      yield bytes.subarray(4, end);
      pieces = [bytes.subarray(end)];
      held -= end;
      needed = 4;
    }
  }
}

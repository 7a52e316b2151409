import http2, { type ClientHttp2Stream, type ServerHttp2Stream } from 'node:http2';
import { decodeBatch, encodeBatch, type Frame } from '@ml-connector/proto';

/** The yardstick: the tunnel's frames straight on one node:http2 stream over TLS, without gRPC, sessions, credits or deadlines. */
export interface FrameStream {
  send(frame: Frame): void;
  onFrame: (frame: Frame) => void;
}

export async function listenHttp2(tls: { cert: string; key: string }): Promise<{ port: number; stream: Promise<FrameStream> }> {
  const server = http2.createSecureServer({ ...tls, settings: { initialWindowSize: 1 << 20 } });
  server.on('session', (session) => session.setLocalWindowSize(4 << 20));
  const stream = new Promise<FrameStream>((resolve) => {
    server.on('stream', (opened) => {
      opened.respond({ ':status': 200 });
      resolve(framed(opened));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as { port: number }).port, stream };
}

export function dialHttp2(port: number, ca: string): FrameStream {
  const client = http2.connect(`https://localhost:${port}`, { ca, settings: { initialWindowSize: 1 << 20 } });
  return framed(client.request({ ':method': 'POST', ':path': '/' }));
}

/** Four bytes of length, then a batch of one frame. */
function framed(stream: ClientHttp2Stream | ServerHttp2Stream): FrameStream {
  const pipe: FrameStream = {
    send: (frame) => {
      const batch = encodeBatch([frame]);
      const message = Buffer.allocUnsafe(4 + batch.length);
      message.writeUInt32BE(batch.length, 0);
      message.set(batch, 4);
      stream.write(message);
    },
    onFrame: () => undefined,
  };
  let rest: Buffer = Buffer.alloc(0);
  stream.on('data', (data: Buffer) => {
    const all = rest.length === 0 ? data : Buffer.concat([rest, data]);
    let at = 0;
    while (all.length - at >= 4 && all.length - at - 4 >= all.readUInt32BE(at)) {
      const end = at + 4 + all.readUInt32BE(at);
      for (const frame of decodeBatch(all.subarray(at + 4, end))) pipe.onFrame(frame);
      at = end;
    }
    rest = all.subarray(at);
  });
  return pipe;
}

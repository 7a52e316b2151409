import type { Http2Server, ServerHttp2Session } from 'node:http2';
import type { Server } from '@grpc/grpc-js';

/** Bytes an agent may have under way on its stream, and on its connection. */
export const windowBytes = 4 << 20;

/**
 * A grpc-js server never raises its HTTP/2 windows: at 40 ms round trip an agent uploads at one 64 KB window per round trip, 1 MB/s
 * (facts/performance.md 2). grpc-js has no option for it, so this reaches its HTTP/2 servers through a private field. Call it once, after
 * binding; throws when grpc-js no longer has that field.
 */
export function raiseWindows(server: Server): void {
  const { http2Servers } = server as unknown as { http2Servers?: Map<Http2Server, unknown> };
  if (!(http2Servers instanceof Map) || http2Servers.size === 0) throw new Error('grpc-js no longer keeps its servers in http2Servers');
  for (const http2Server of http2Servers.keys()) {
    http2Server.on('session', (session: ServerHttp2Session) => {
      session.settings({ initialWindowSize: windowBytes });
      session.setLocalWindowSize(windowBytes);
    });
  }
}

import { once } from 'node:events';
import net from 'node:net';

/** A port of loopback that was free a moment ago; for processes that must come back on the same one after a kill. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

import { once } from 'node:events';
import net from 'node:net';

/** A TCP link on loopback that can be cut: stands between agent and relay so that a demo or a test can break the tunnel at will. */
export interface CuttableLink extends AsyncDisposable {
  readonly port: number;
  /** Breaks every connection at once; new ones are refused until `mend`. Answers how many were broken. */
  cut(): number;
  mend(): void;
  /**
   * From now on the open connections stay open and swallow what is sent, both ways or from the near end only: what a firewall does that
   * forgot them. New ones work. Answers how many.
   */
  freeze(direction: 'both' | 'from near'): number;
}

export async function openLink(target: { host: string; port: number }): Promise<CuttableLink> {
  const sockets = new Set<net.Socket>();
  const pairs = new Set<{ near: net.Socket; far: net.Socket }>();
  let isCut = false;
  const server = net.createServer((near) => {
    if (isCut) return void near.resetAndDestroy();
    const far = net.connect(target);
    join(near, far, sockets);
    join(far, near, sockets);
    near.pipe(far).pipe(near);
    const pair = { near, far };
    pairs.add(pair);
    near.on('close', () => pairs.delete(pair));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): number => {
    isCut = true;
    const broken = sockets.size / 2;
    for (const socket of sockets) socket.resetAndDestroy();
    return broken;
  };
  return {
    port: (server.address() as net.AddressInfo).port,
    cut,
    mend: () => void (isCut = false),
    freeze(direction) {
      for (const { near, far } of pairs) {
        near.unpipe(far).resume();
        if (direction === 'both') far.unpipe(near).resume();
      }
      return pairs.size;
    },
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}

function join(socket: net.Socket, other: net.Socket, sockets: Set<net.Socket>): void {
  sockets.add(socket);
  socket.setNoDelay(true);
  socket.on('error', () => other.destroy());
  socket.on('close', () => {
    sockets.delete(socket);
    other.destroy();
  });
}

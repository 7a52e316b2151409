/** The gateway: listens on one port, one ABAP session per connection, requests of a session one after the other. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { SapSystemParts } from '../parts.ts';
import { CallCounts } from './counts.ts';
import { encodeFrame, FrameReader } from './frames.ts';
import { AbapSession, type Request } from './session.ts';

export class Gateway implements AsyncDisposable {
  readonly counts = new CallCounts();
  private readonly system: SapSystemParts;
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private boundPort = 0;

  constructor(system: SapSystemParts) {
    this.system = system;
  }

  get port(): number {
    return this.boundPort;
  }

  get sessions(): number {
    return this.sockets.size;
  }

  /** Rejects with EADDRINUSE when the port is taken. 0 takes any. */
  async listen(port: number): Promise<void> {
    const server = createServer((socket) => this.accept(socket));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    this.server = server;
    const address = server.address();
    this.boundPort = typeof address === 'object' && address ? address.port : port;
  }

  /** Breaks every connection, as a crash of the application server would. */
  cutAll(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Cuts everything and refuses connections until `listen` is called again. */
  async close(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    const closed = once(server, 'close');
    server.close();
    this.cutAll();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private accept(socket: Socket): void {
    socket.setNoDelay(true);
    this.sockets.add(socket);
    const session = new AbapSession(this.system, this.counts);
    const frames = new FrameReader();
    let queue = Promise.resolve();
    socket.on('data', (chunk: Buffer) => {
      for (const message of frames.push(chunk)) {
        queue = queue.then(() => this.serve(socket, session, message as Request));
        queue.catch((error: unknown) => socket.destroy(error as Error));
      }
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === undefined) console.error('simulated SAP system:', error); // a defect here, not a broken connection
    });
    socket.on('close', () => {
      this.sockets.delete(socket);
      session.end();
    });
  }

  private async serve(socket: Socket, session: AbapSession, request: Request): Promise<void> {
    if (socket.destroyed) return;
    const outcome = await session.handle(request);
    if (socket.destroyed) return;
    if (outcome === 'cut') {
      socket.resetAndDestroy();
      return;
    }
    socket.cork();
    for (const piece of encodeFrame(outcome.message, outcome.blocks)) socket.write(piece);
    socket.uncork();
    if (outcome.ends) socket.end();
  }
}

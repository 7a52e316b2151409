import { MessageCarrier } from '@ml-connector/shared/tunnel';
import { status, type ServerDuplexStream } from '@grpc/grpc-js';

type Stream = ServerDuplexStream<Buffer, Buffer>;

/** Frames over the relay's end of a gRPC stream. `takeFault` names what gRPC itself held against the stream (a message above its limit). */
export function grpcServerCarrier(stream: Stream, takeFault: () => string | undefined): MessageCarrier {
  const carrier: MessageCarrier = new MessageCarrier(
    {
      write: (message, written) => void stream.write(message, () => written()),
      end: () => {
        stream.end();
        setTimeout(destroy, lastWordMs).unref();
      },
      destroy,
    },
    stream.getPeer(),
  );
  function destroy(): void {
    // Destroying the stream object would leave HTTP/2's open; an error ends it with a status.
    stream.emit('error', Object.assign(new Error('closed by the relay'), { code: status.CANCELLED }));
  }
  function lost(what: string): void {
    const fault = takeFault();
    carrier.closed(fault === undefined ? { code: 'CONNECTION_LOST', message: what } : { code: 'MESSAGE_TOO_LARGE', message: fault });
  }
  stream.on('data', (message: Buffer) => carrier.received(message));
  stream.on('end', () => {
    lost('the agent closed the connection');
    stream.end();
  });
  stream.on('error', (error) => lost(`the connection failed: ${error.message}`));
  stream.on('cancelled', () => lost('the connection broke'));
  return carrier;
}

/** How long a last word may take before the connection is cut. */
const lastWordMs = 2000;

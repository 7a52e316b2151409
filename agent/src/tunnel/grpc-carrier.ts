import { Client, status, type ServiceError } from '@grpc/grpc-js';
import { tunnelService } from '@ml-connector/proto';
import { maxMessageBytes, MessageCarrier, type CloseReason } from '@ml-connector/shared/tunnel';
import type { RelayChannel } from '../identity/index.ts';

/** Dials the relay over gRPC. The carrier exists at once; a failed connection shows as its end (CONNECTION_LOST). */
export function dialGrpc({ target, credentials, options }: RelayChannel): MessageCarrier {
  const client = new Client(target, credentials, { ...options, ...channelOptions });
  const { path, requestSerialize, responseDeserialize } = tunnelService.connect;
  const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
  const carrier: MessageCarrier = new MessageCarrier(
    {
      write: (message, written) => void stream.write(message, () => written()),
      end: () => {
        stream.end();
        setTimeout(destroy, lastWordMs).unref();
      },
      destroy,
    },
    target,
  );
  function destroy(): void {
    stream.cancel();
    client.close();
  }
  function lost(reason: CloseReason): void {
    carrier.closed(reason);
    client.close();
  }
  stream.on('data', (message: Buffer) => carrier.received(message));
  stream.on('error', (error: ServiceError) => lost(lossOf(error, target)));
  stream.on('end', () => lost({ code: 'CONNECTION_LOST', message: 'the relay closed the connection' }));
  return carrier;
}

/** How long a last word may take before the connection is cut. */
const lastWordMs = 2000;

const channelOptions = {
  'grpc.max_receive_message_length': maxMessageBytes,
  'grpc.max_send_message_length': maxMessageBytes,
  // Bytes the relay may have under way; the relay raises its own half (facts/performance.md 2).
  'grpc-node.flow_control_window': 4 << 20,
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
};

function lossOf({ code, details }: ServiceError, target: string): CloseReason {
  if (code === status.RESOURCE_EXHAUSTED) return { code: 'MESSAGE_TOO_LARGE', message: details };
  if (code === status.UNIMPLEMENTED) return { code: 'CONNECTION_LOST', message: `what answers at ${target} is no relay (${details})` };
  return { code: 'CONNECTION_LOST', message: details };
}

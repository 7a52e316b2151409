import type { SecureServerOptions } from 'node:http2';
import {
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  status,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerInterceptor,
  type ServerUnaryCall,
} from '@grpc/grpc-js';
import { enrollmentService, tunnelService, type EnrollAnswer, type EnrollRequest } from '@ml-connector/proto';
import { maxMessageBytes } from '@ml-connector/shared/tunnel';
import { enroll, type EnrollmentDeps } from './enrollment.ts';
import { grpcServerCarrier } from './grpc-carrier.ts';
import { raiseWindows } from './http2-windows.ts';
import { Switchboard, type Gateway, type SwitchboardDeps } from './switchboard.ts';

export interface ListenSettings extends SwitchboardDeps {
  /** Default: all IPv4 interfaces. */
  host?: string | undefined;
  /** 0 takes a free one. */
  port: number;
  /** PEM. `undefined` only behind a proxy that ends TLS. */
  tls: { cert: string; key: string } | undefined;
  /** Public half of the key that signs enrolment tokens. Without it no agent can enrol here. */
  tokenKey?: EnrollmentDeps['tokenKey'] | undefined;
}

/** Listens for agents over gRPC. Rejects when the address cannot be bound. */
export async function listenForAgents(settings: ListenSettings): Promise<Gateway & { port: number }> {
  const { host = '0.0.0.0', port: wantedPort, tls, tokenKey, directory, relayName, clock, log } = settings;
  const switchboard = new Switchboard(settings);
  const faults = new Map<string, string>();
  const server = new Server({
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
    // Frees the socket of a peer that vanished without a word; the sessions have heartbeats of their own.
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 15_000,
    interceptors: [rememberFaults(faults)],
  });
  server.addService(tunnelService, {
    connect: (stream: ServerDuplexStream<Buffer, Buffer>) => {
      const peer = stream.getPeer();
      const carrier = grpcServerCarrier(stream, () => {
        const fault = faults.get(peer);
        faults.delete(peer);
        return fault;
      });
      void switchboard.accept(carrier);
    },
  });
  if (tokenKey) {
    server.addService(enrollmentService, {
      enroll: (call: EnrollCall, callback: sendUnaryData<EnrollAnswer>) => {
        void answerEnrollment(call, callback, { directory, relayName, tokenKey, clock, log, peer: call.getPeer() });
      },
    });
  }
  const credentials = tls ? new Tls13Credentials(tls) : ServerCredentials.createInsecure();
  const port = await new Promise<number>((resolve, reject) => {
    const address = host.includes(':') ? `[${host}]:${wantedPort}` : `${host}:${wantedPort}`;
    server.bindAsync(address, credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  raiseWindows(server);
  switchboard.listeners.defer(() => shutDown(server));
  return Object.assign(switchboard, { port });
}

type EnrollCall = ServerUnaryCall<EnrollRequest, EnrollAnswer>;

async function answerEnrollment(call: EnrollCall, callback: sendUnaryData<EnrollAnswer>, deps: EnrollmentDeps): Promise<void> {
  try {
    callback(null, await enroll(call.request, deps));
  } catch (error) {
    deps.log.error({ err: error, peer: deps.peer }, 'an enrolment failed');
    callback({ code: status.UNAVAILABLE, details: 'the relay could not enrol the agent now; the same command can be repeated' });
  }
}

/** gRPC refuses a message above its limit by itself and tells the handler only that the call is over; this keeps its reason by peer. */
function rememberFaults(faults: Map<string, string>): ServerInterceptor {
  return (_method, call) =>
    new ServerInterceptingCall(call, {
      start: (next) => {
        const sendStatus = call.sendStatus.bind(call);
        call.sendStatus = (outcome) => {
          if (outcome.code === status.RESOURCE_EXHAUSTED) faults.set(call.getPeer(), outcome.details ?? 'a message above the limit came');
          sendStatus(outcome);
        };
        next();
      },
    });
}

async function shutDown(server: Server): Promise<void> {
  const force = setTimeout(() => server.forceShutdown(), lastWordsMs);
  await new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
  clearTimeout(force);
}

/** How long agents have to take the goodbye before their connections are cut. */
const lastWordsMs = 1000;

/** gRPC's own credentials have no lowest TLS version. */
class Tls13Credentials extends ServerCredentials {
  constructor(tls: { cert: string; key: string }) {
    super({ minVersion: 'TLSv1.3' } satisfies SecureServerOptions, tls);
  }

  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}

import type { MethodDefinition } from '@grpc/grpc-js';
import { decodeEnrollAnswer, decodeEnrollRequest, encodeEnrollAnswer, encodeEnrollRequest } from './codec.ts';
import type { EnrollAnswer, EnrollRequest } from './frames.ts';

const asIs = (bytes: Buffer): Buffer => bytes;

/** Messages pass as bytes: the carrier decodes them itself, so that a malformed one gets an answer of ours and not gRPC's INTERNAL. */
export const tunnelService = {
  connect: {
    path: '/mlconnector.tunnel.v1.Tunnel/Connect',
    requestStream: true,
    responseStream: true,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  },
} as const satisfies Record<string, MethodDefinition<Buffer, Buffer>>;

export const enrollmentService = {
  enroll: {
    path: '/mlconnector.tunnel.v1.Enrollment/Enroll',
    requestStream: false,
    responseStream: false,
    requestSerialize: encodeEnrollRequest,
    requestDeserialize: decodeEnrollRequest,
    responseSerialize: encodeEnrollAnswer,
    responseDeserialize: decodeEnrollAnswer,
  },
} as const satisfies Record<string, MethodDefinition<EnrollRequest, EnrollAnswer>>;

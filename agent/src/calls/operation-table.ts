import type { operations, OperationName } from '@ml-connector/shared';
import type { IncomingCall } from '@ml-connector/shared/tunnel';
import type { z } from 'zod';

export type OperationRequest<Name extends OperationName> = z.output<(typeof operations)[Name]>;

/** Executes one operation that was checked and allowed; streamed chunks go out by `call.send`, the return value closes the answer. */
export type RunOperation<Name extends OperationName> = (request: OperationRequest<Name>, call: IncomingCall) => Promise<unknown>;

/** What this agent can do. An operation that is absent is answered with UNKNOWN_OPERATION. */
export type OperationTable = { [Name in OperationName]?: RunOperation<Name> };

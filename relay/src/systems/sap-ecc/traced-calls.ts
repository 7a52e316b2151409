import type { OperationName } from '@ml-connector/shared';
import { SystemError, toSystemError, toWireError } from '@ml-connector/shared';
import type { CallScope, Exchange, OpenContext } from '../system.ts';
import type { SapEccSettings } from './settings.ts';

/** Reading calls down the tunnel to one SAP system, each told to its scope once, also when it failed. */
export interface TracedCalls {
  ask<Answer>(call: ReadingCall, scope: CallScope): Promise<Answer>;
  /** Yields each chunk; traces the closing answer, not the rows. */
  stream<Chunk>(call: ReadingCall, scope: CallScope): AsyncGenerator<Chunk, void, void>;
}

interface ReadingCall {
  operation: OperationName;
  /** Without the system's name, which is added. */
  request: Record<string, unknown>;
  /** For people: `read LFA1`. */
  what: string;
}

export function openTracedCalls({ tenantId, settings, clock, agents }: OpenContext<SapEccSettings>): TracedCalls {
  const system = settings.agentSystem;
  const target = { tenantId, siteId: settings.siteId, system };
  const prepare = (call: ReadingCall, { signal, context }: CallScope) => ({
    request: { system, ...call.request },
    // Rows that keep coming are progress, so a stream has ten times the patience of a single answer.
    options: { signal, context, deadline: clock.now() + settings.callTimeoutSeconds * 1000 * (call.operation === 'SapTableRead' ? 10 : 1) },
  });
  const begin = (call: ReadingCall, scope: CallScope) => {
    const at = clock.now();
    return (end: Pick<Exchange, 'status' | 'answer' | 'error'>): void =>
      scope.trace({ system: 'sap-ecc', what: call.what, at, ms: clock.now() - at, request: call.request, ...end });
  };

  return {
    async ask<Answer>(call: ReadingCall, scope: CallScope): Promise<Answer> {
      const { request, options } = prepare(call, scope);
      const told = begin(call, scope);
      try {
        const answer = await agents.call<Answer>(target, call.operation, request, options);
        told({ status: 'ok', answer });
        return answer;
      } catch (error) {
        throw failed(error, call, scope, told);
      }
    },
    async *stream<Chunk>(call: ReadingCall, scope: CallScope): AsyncGenerator<Chunk, void, void> {
      const { request, options } = prepare(call, scope);
      const told = begin(call, scope);
      let isTold = false;
      try {
        const answer: unknown = yield* agents.stream<Chunk, unknown>(target, call.operation, request, options);
        isTold = true;
        told({ status: 'ok', answer });
      } catch (error) {
        isTold = true;
        throw failed(error, call, scope, told);
      } finally {
        if (!isTold) told({ status: 'left early' });
      }
    },
  };
}

/** A read changes nothing: where it is unknown how it ended, it can simply be made again. */
function failed(
  error: unknown,
  call: ReadingCall,
  { signal }: CallScope,
  told: (end: Pick<Exchange, 'status' | 'error'>) => void,
): unknown {
  const known = toSystemError(error, call.what);
  const { code, message, ...details } = known;
  const asRead = known.verdict === 'uncertain' ? new SystemError(code, 'retry', message, { ...details, cause: error }) : known;
  told({ status: code, error: toWireError(asRead) });
  return signal.aborted ? signal.reason : asRead;
}

import type { OperationName } from '@ml-connector/shared';
import { SystemError, toSystemError, toWireError } from '@ml-connector/shared';
import type { CallScope, Exchange, OpenContext, SystemId } from '../system.ts';

/** Reading calls down the tunnel to one system at the customer's, each told to its scope once, also when it failed. */
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

/** How every connection that leads through an agent is set. */
interface ThroughAgent {
  siteId: string;
  agentSystem: string;
  callTimeoutSeconds: number;
}

export function openTracedCalls(systemId: SystemId, { tenantId, settings, clock, agents }: OpenContext<ThroughAgent>): TracedCalls {
  const system = settings.agentSystem;
  const target = { tenantId, siteId: settings.siteId, system };
  const prepare = (call: ReadingCall, { signal, context }: CallScope, patience = 1) => ({
    request: { system, ...call.request },
    options: { signal, context, deadline: clock.now() + settings.callTimeoutSeconds * 1000 * patience },
  });
  const begin = (call: ReadingCall, scope: CallScope) => {
    const at = clock.now();
    return (end: Pick<Exchange, 'status' | 'answer' | 'error'>): void =>
      scope.trace({ system: systemId, what: call.what, at, ms: clock.now() - at, request: call.request, ...end });
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
      // Rows that keep coming are progress, so a stream has ten times the patience of a single answer.
      const { request, options } = prepare(call, scope, 10);
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

import type { Call, Frame } from '@ml-connector/proto';
import type { Clock } from '../clock.ts';
import { SystemError } from '../errors.ts';
import { answerTooLarge, maxAnswerBytes } from './answer-parts.ts';
import type { Carrier, CloseReason } from './carrier.ts';
import type { ChunkCoder } from './chunk-coder.ts';
import { DeadlineWatch } from './deadline-watch.ts';
import { OutgoingChunks } from './outgoing-chunks.ts';
import type { CallHandler, IncomingCall } from './types.ts';
import { toCallError } from './wire-error.ts';

export interface ServingDeps {
  carrier: Carrier;
  sessionId: string;
  clock: Clock;
  coder: ChunkCoder;
  handler: CallHandler;
  /** This side's clock minus the relay's, as seen in the handshake. */
  clockOffsetMs: number;
}

interface RunningCall {
  abort: AbortController;
  chunks: OutgoingChunks;
}

/** The agent's half of the calls on one carrier: runs the handler, sends its answer, aborts it on cancel, deadline and loss. */
export class Serving implements Disposable {
  readonly #deps: ServingDeps;
  /** Calls the relay still waits for. */
  readonly #running = new Map<number, RunningCall>();
  readonly #deadlines: DeadlineWatch;
  /** Handlers that have not returned yet, cancelled ones included. */
  #atWork = 0;
  #idleWaiters: (() => void)[] = [];
  #isLeaving = false;

  constructor(deps: ServingDeps) {
    this.#deps = deps;
    this.#deadlines = new DeadlineWatch(deps.clock);
  }

  get running(): number {
    return this.#atWork;
  }

  /** Takes calls, credits and cancels; answers false for frames that are not a server's. */
  onFrame(frame: Frame): boolean {
    if (frame.call) void this.#serve(frame.call);
    else if (frame.credit) this.#running.get(frame.credit.callId)?.chunks.credit(frame.credit.bytes);
    else if (frame.cancel) {
      const { callId, code, reason } = frame.cancel;
      this.#end(callId)?.abort.abort(new SystemError(code, 'uncertain', reason));
    } else return false;
    return true;
  }

  /** From now on new calls are turned away (nothing of them is executed). Resolves when the handlers at work have returned. */
  async finish(): Promise<void> {
    this.#isLeaving = true;
    if (this.#atWork > 0) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  /** Aborts every handler. */
  close({ code, message }: CloseReason): void {
    for (const callId of this.#running.keys())
      this.#end(callId)?.abort.abort(new SystemError('TUNNEL_LOST', 'uncertain', `the tunnel closed (${code}: ${message})`));
    this.#deadlines[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.close({ code: 'LEAVING', message: 'the session was closed' });
  }

  async #serve(call: Call): Promise<void> {
    const { carrier, handler } = this.#deps;
    const { callId, operation } = call;
    if (this.#running.has(callId)) {
      return carrier.close({ code: 'UNEXPECTED_FRAME', message: `call ${callId} was sent twice` });
    }
    if (this.#isLeaving) {
      const error = new SystemError('AGENT_LEAVING', 'retry', `${operation}: the agent is about to leave and takes no new calls`);
      return carrier.send({ end: { callId, error: toCallError(error, operation) } });
    }
    const { incoming, chunks } = this.#accept(call);
    this.#atWork += 1;
    try {
      const answer = toJsonBytes(await handler(incoming(parseRequest(call))));
      if (answer.length > maxAnswerBytes) throw new SystemError('ANSWER_TOO_LARGE', 'uncertain', answerTooLarge(answer.length));
      const last = await chunks.sendAnswerParts(answer);
      if (this.#end(callId)) carrier.send({ end: { callId, answer: last } }, chunks.lane);
    } catch (error) {
      if (this.#end(callId)) carrier.send({ end: { callId, error: toCallError(error, operation) } }, chunks.lane);
    } finally {
      this.#atWork -= 1;
      if (this.#atWork === 0) for (const wake of this.#idleWaiters.splice(0)) wake();
    }
  }

  #accept(call: Call): { incoming: (request: unknown) => IncomingCall; chunks: OutgoingChunks } {
    const { carrier, clock, coder, sessionId, clockOffsetMs } = this.#deps;
    const { callId, operation } = call;
    const abort = new AbortController();
    const chunks = new OutgoingChunks({ carrier, coder, callId, creditBytes: call.windowBytes, signal: abort.signal });
    this.#running.set(callId, { abort, chunks });
    // The time that remained misses the time under way, the absolute one may suffer from a clock set anew: the earlier one is meant.
    const deadline = Math.min(clock.now() + call.remainingMs, call.deadlineAtMs + clockOffsetMs);
    this.#deadlines.add(callId, deadline, () => {
      abort.abort(new SystemError('DEADLINE', 'uncertain', `${operation}: its deadline passed`));
    });
    return {
      chunks,
      incoming: (request) => ({
        callId: `${sessionId}.${callId}`,
        operation,
        request,
        context: { recordId: call.recordId || undefined, runId: call.runId || undefined, flowId: call.flowId || undefined },
        deadline,
        clockOffsetMs,
        signal: abort.signal,
        send: (chunk) => chunks.send(toJsonBytes(chunk)),
      }),
    };
  }

  #end(callId: number): RunningCall | undefined {
    const call = this.#running.get(callId);
    if (!call) return undefined;
    this.#running.delete(callId);
    this.#deadlines.remove(callId);
    return call;
  }
}

function parseRequest({ operation, request }: Call): unknown {
  try {
    return JSON.parse((request as Buffer).toString('utf8'));
  } catch (error) {
    throw new SystemError('REQUEST_NOT_JSON', 'refused', `${operation}: the request is not JSON`, { cause: error });
  }
}

/** JSON text made by the handler passes as it is. */
function toJsonBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array || ArrayBuffer.isView(value)) return value as Uint8Array;
  return Buffer.from(JSON.stringify(value ?? null));
}

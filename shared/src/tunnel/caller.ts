import type { Chunk, End, Frame } from '@ml-connector/proto';
import type { Clock } from '../clock.ts';
import { SystemError } from '../errors.ts';
import type { OperationName } from '../operations.ts';
import { AnswerParts } from './answer-parts.ts';
import { maxFrameBytes, type Carrier, type CloseReason } from './carrier.ts';
import { chunkProblem, type ChunkCoder } from './chunk-coder.ts';
import { IncomingChunks } from './incoming-chunks.ts';
import { DeadlineWatch } from './deadline-watch.ts';
import type { CallOptions } from './types.ts';
import { fromCallError } from './wire-error.ts';

export interface CallerDeps {
  carrier: Carrier;
  sessionId: string;
  clock: Clock;
  coder: ChunkCoder;
  /** Bytes (before compression) that may be under way per streamed call. Default 2 MiB. */
  windowBytes?: number | undefined;
}

/** One call under way. Exactly one of `onEnd` and `fail` is called, once. */
interface PendingCall {
  operation: string;
  onChunk(chunk: Chunk): void;
  onEnd(end: End): void;
  fail(error: SystemError): void;
  release(): void;
}

/** The relay's half of the calls on one carrier. Rejections are those of `AgentCalls`. */
export class Caller implements Disposable {
  readonly #deps: CallerDeps;
  readonly #windowBytes: number;
  readonly #pending = new Map<number, PendingCall>();
  readonly #deadlines: DeadlineWatch;
  #idleWaiters: (() => void)[] = [];
  #lastCallId = 0;
  #closed: CloseReason | undefined;

  constructor(deps: CallerDeps) {
    this.#deps = deps;
    this.#windowBytes = deps.windowBytes ?? defaultWindowBytes;
    this.#deadlines = new DeadlineWatch(deps.clock);
  }

  /** Calls under way. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Resolves once no call is under way. */
  async idle(): Promise<void> {
    if (this.#pending.size > 0) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  call<Answer>(operation: OperationName, request: unknown, options: CallOptions = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      let parts: AnswerParts | undefined;
      const callId = this.#begin(operation, request, options, {
        onChunk: (chunk) => {
          parts ??= new AnswerParts(this.#deps.coder);
          const problem = parts.add(chunk);
          if (problem) this.#giveUp(callId, problem);
          else this.#credit(callId, chunk.rawBytes);
        },
        onEnd: (end) => {
          if (end.error) reject(fromCallError(end.error));
          else if (parts)
            parts
              .answer(end)
              .then((bytes) => resolve(parseJson(bytes) as Answer))
              .catch(reject);
          else settle(resolve, reject, () => parseJson(end.answer) as Answer);
        },
        fail: reject,
      });
    });
  }

  async *stream<ChunkValue, EndValue>(
    operation: OperationName,
    request: unknown,
    options: CallOptions = {},
  ): AsyncGenerator<ChunkValue, EndValue, void> {
    const chunks = new IncomingChunks({ coder: this.#deps.coder, windowBytes: this.#windowBytes });
    const parts = new AnswerParts(this.#deps.coder);
    let hasEnded = false;
    const callId = this.#begin(operation, request, options, {
      onChunk: (chunk) => {
        const problem = chunk.answerPart ? parts.add(chunk) : chunks.push(chunk);
        if (problem) this.#giveUp(callId, problem);
        else if (chunk.answerPart) this.#credit(callId, chunk.rawBytes);
      },
      onEnd: (end) => {
        hasEnded = true;
        if (end.error) chunks.fail(fromCallError(end.error));
        else chunks.end(end);
      },
      fail: (error) => {
        hasEnded = true;
        chunks.fail(error);
      },
    });
    let owedBytes = 0;
    try {
      for (;;) {
        const next = await chunks.next();
        if ('end' in next) return parseJson(await parts.answer(next.end)) as EndValue;
        yield parseJson(next.bytes) as ChunkValue;
        // The chunk is consumed: its bytes are free again. Told in quarters of the window, to keep small frames few.
        owedBytes += next.rawBytes;
        if (owedBytes < this.#windowBytes / 4) continue;
        this.#credit(callId, owedBytes);
        owedBytes = 0;
      }
    } finally {
      if (!hasEnded) this.#giveUp(callId, new SystemError('CANCELLED', 'uncertain', `${operation}: the reader left`));
    }
  }

  /** Takes chunks and ends; answers false for frames that are not a caller's. */
  onFrame(frame: Frame): boolean {
    if (frame.end) {
      this.#release(frame.end.callId)?.onEnd(frame.end);
      return true;
    }
    if (!frame.chunk) return false;
    // A call that was given up still gets what was under way.
    const call = this.#pending.get(frame.chunk.callId);
    const problem = call && chunkProblem(frame.chunk);
    if (problem) this.#giveUp(frame.chunk.callId, problem);
    else call?.onChunk(frame.chunk);
    return true;
  }

  /** Fails what is under way with TUNNEL_LOST, and every later call with NO_TUNNEL. */
  close(reason: CloseReason): void {
    this.#closed = reason;
    for (const [callId, { operation }] of this.#pending) this.#release(callId)?.fail(tunnelLost(operation, reason));
    this.#deadlines[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.close({ code: 'LEAVING', message: 'the session was closed' });
  }

  /** Sends the call, or throws when it cannot be sent at all (nothing has happened then). */
  #begin(operation: string, request: unknown, options: CallOptions, handlers: Omit<PendingCall, 'operation' | 'release'>): number {
    const { deadline = this.#deps.clock.now() + defaultDeadlineMs, signal, context = {} } = options;
    const remainingMs = deadline - this.#deps.clock.now();
    if (this.#closed) throw noTunnel(`${operation}: the tunnel closed (${this.#closed.code}: ${this.#closed.message})`);
    if (signal?.aborted)
      throw new SystemError('CANCELLED', 'retry', `${operation}: cancelled before it was sent`, { cause: signal.reason });
    if (remainingMs <= 0) throw new SystemError('DEADLINE', 'retry', `${operation}: the deadline had passed before it was sent`);
    const bytes = Buffer.from(JSON.stringify(request ?? null));
    if (bytes.length > maxFrameBytes) throw requestTooLarge(operation, bytes.length);

    const callId = this.#nextCallId();
    const onAbort = (): void =>
      this.#giveUp(callId, new SystemError('CANCELLED', 'uncertain', `${operation}: cancelled while under way`, { cause: signal?.reason }));
    this.#pending.set(callId, { operation, ...handlers, release: () => signal?.removeEventListener('abort', onAbort) });
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#deadlines.add(callId, deadline, () => this.#giveUp(callId, tooLate(operation, remainingMs)));
    this.#deps.carrier.send({
      call: {
        callId,
        operation,
        request: bytes,
        deadlineAtMs: deadline,
        remainingMs: Math.min(Math.ceil(remainingMs), 0xffff_ffff),
        windowBytes: this.#windowBytes,
        recordId: context.recordId,
        runId: context.runId,
        flowId: context.flowId,
      },
    });
    return callId;
  }

  #giveUp(callId: number, error: SystemError): void {
    const call = this.#release(callId);
    if (!call) return;
    this.#deps.carrier.send({ cancel: { callId, code: error.code, reason: error.message } });
    call.fail(error);
  }

  #release(callId: number): PendingCall | undefined {
    const call = this.#pending.get(callId);
    if (!call) return undefined;
    this.#pending.delete(callId);
    this.#deadlines.remove(callId);
    call.release();
    if (this.#pending.size === 0) for (const wake of this.#idleWaiters.splice(0)) wake();
    return call;
  }

  #credit(callId: number, bytes: number): void {
    if (this.#pending.has(callId)) this.#deps.carrier.send({ credit: { callId, bytes } });
  }

  #nextCallId(): number {
    do this.#lastCallId = this.#lastCallId === 0xffff_ffff ? 1 : this.#lastCallId + 1;
    while (this.#pending.has(this.#lastCallId));
    return this.#lastCallId;
  }
}

const defaultWindowBytes = 2 << 20;
const defaultDeadlineMs = 120_000;

/** Nothing was sent; the same call can be made again when a tunnel is up. */
export function noTunnel(message: string): SystemError {
  return new SystemError('NO_TUNNEL', 'retry', message, { fix: 'The call goes out by itself once an agent of the site is connected.' });
}

function tunnelLost(operation: string, { code, message }: CloseReason): SystemError {
  return new SystemError('TUNNEL_LOST', 'uncertain', `${operation}: the tunnel broke after the call was sent (${code}: ${message})`);
}

function tooLate(operation: string, afterMs: number): SystemError {
  return new SystemError('DEADLINE', 'uncertain', `${operation}: no answer within ${Math.round(afterMs)} ms`);
}

function requestTooLarge(operation: string, bytes: number): SystemError {
  const message = `${operation}: the request has ${bytes} bytes; a tunnel takes ${maxFrameBytes}`;
  return new SystemError('REQUEST_TOO_LARGE', 'refused', message, { fix: 'Split it into several calls.' });
}

function settle<T>(resolve: (value: T) => void, reject: (error: unknown) => void, make: () => T): void {
  try {
    resolve(make());
  } catch (error) {
    reject(error);
  }
}

function parseJson(bytes: Uint8Array | undefined): unknown {
  if (!bytes || bytes.length === 0) return undefined;
  try {
    return JSON.parse(asBuffer(bytes).toString('utf8'));
  } catch (error) {
    throw new SystemError('ANSWER_NOT_JSON', 'uncertain', `the agent answered ${bytes.length} bytes that are not JSON`, { cause: error });
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

import type { CallContext, OperationName } from '../operations.ts';

/** The relay's side of a tunnel: asks the agents of a site. One tunnel carries any number of calls at once. */
export interface AgentCalls {
  /**
   * One request, one answer. Rejects with a SystemError: the agent's own verdict, or `retry` when the request was never sent
   * (`NO_TUNNEL`), or `uncertain` when the tunnel broke after it was sent (`TUNNEL_LOST`) or the deadline passed (`DEADLINE`).
   */
  call<Answer>(target: AgentTarget, operation: OperationName, request: unknown, options?: CallOptions): Promise<Answer>;
  /** A streamed answer, chunk by chunk, paced by credits; the generator returns the closing answer. Leaving the loop cancels the call. */
  stream<Chunk, End>(
    target: AgentTarget,
    operation: OperationName,
    request: unknown,
    options?: CallOptions,
  ): AsyncGenerator<Chunk, End, void>;
}

export interface AgentTarget {
  tenantId: string;
  siteId: string;
  /** Name of the system in agent.yaml; among several agents of the site one that has it is chosen. */
  system?: string | undefined;
  /** Only this agent; used for doctor, log tail and credentials. */
  agentId?: string | undefined;
}

export interface CallOptions {
  /** Absolute, milliseconds since 1970. Default: two minutes from now. */
  deadline?: number | undefined;
  signal?: AbortSignal | undefined;
  context?: CallContext | undefined;
  /** Told which agent gets the request, before it is sent: a repeated unit must go to the agent that has it in its journal. */
  onAgent?: ((agentId: string) => void) | undefined;
}

/** A call as the agent's dispatcher sees it. */
export interface IncomingCall {
  readonly callId: string;
  readonly operation: string;
  /** Parsed JSON, not yet checked against the operation's schema. */
  readonly request: unknown;
  readonly context: CallContext;
  /** Absolute, milliseconds since 1970, by the agent's clock. */
  readonly deadline: number;
  /** The agent's clock minus the relay's, as measured when the tunnel came up. */
  readonly clockOffsetMs: number;
  /** Aborts on cancel by the relay, on the deadline and when the tunnel is lost. */
  readonly signal: AbortSignal;
  /** Sends one chunk of a streamed answer: a JSON value, or its UTF-8 bytes ready made. Resolves when there is credit for the next one. */
  send(chunk: unknown): Promise<void>;
}

/** Answers a call: the return value is the closing answer; a SystemError goes to the relay as it is. */
export type CallHandler = (call: IncomingCall) => Promise<unknown>;

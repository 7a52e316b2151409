/** The messages of tunnel.proto as TypeScript sees them. Absent fields arrive as zero values (`''`, 0, empty bytes, null). */

export const protocolVersion = 1;

export const encodings = { none: 0, zstd: 1 } as const;
export type Encoding = (typeof encodings)[keyof typeof encodings];

export interface Hello {
  protocolVersion: number;
  agentId: string;
  agentVersion: string;
  tenantId: string;
  siteId: string;
  systems: string[];
  nonce: Uint8Array;
  machine: string;
}
export interface Challenge {
  nonce: Uint8Array;
  relayName: string;
}
export interface Proof {
  signature: Uint8Array;
}
export interface Welcome {
  sessionId: string;
  heartbeatSeconds: number;
  relayTimeMs: number;
}
export interface Refusal {
  code: string;
  reason: string;
}
export interface Call {
  callId: number;
  operation: string;
  request: Uint8Array;
  deadlineAtMs: number;
  remainingMs: number;
  windowBytes: number;
  recordId?: string | undefined;
  runId?: string | undefined;
  flowId?: string | undefined;
}
export interface Chunk {
  callId: number;
  bytes: Uint8Array;
  encoding: Encoding;
  rawBytes: number;
  answerPart?: boolean | undefined;
}
export interface End {
  callId: number;
  answer?: Uint8Array | undefined;
  error?: CallError | null | undefined;
}
export interface CallError {
  code: string;
  verdict: string;
  message: string;
  retryAfterMs?: number | null | undefined;
  fix?: string | null | undefined;
  facts?: string | null | undefined;
}
export interface Credit {
  callId: number;
  bytes: number;
}
export interface Cancel {
  callId: number;
  code: string;
  reason: string;
}
export interface Ping {
  id: number;
}
export interface Pong {
  id: number;
}
export interface Drain {
  reason: string;
}
export interface Goodbye {
  code: string;
  reason: string;
}

export interface FrameBodies {
  hello: Hello;
  challenge: Challenge;
  proof: Proof;
  welcome: Welcome;
  refusal: Refusal;
  call: Call;
  chunk: Chunk;
  end: End;
  credit: Credit;
  cancel: Cancel;
  ping: Ping;
  pong: Pong;
  drain: Drain;
  goodbye: Goodbye;
}
export type FrameKind = keyof FrameBodies;

/** Exactly one body; `if (frame.call)` narrows. A frame of a kind this build does not know arrives without any. */
export type Frame = { [Kind in FrameKind]: Record<Kind, FrameBodies[Kind]> & { [Other in Exclude<FrameKind, Kind>]?: null } }[FrameKind];

export const frameKinds = [
  ...(['call', 'end', 'chunk', 'credit', 'cancel', 'ping', 'pong', 'drain', 'goodbye'] as const),
  ...(['hello', 'challenge', 'proof', 'welcome', 'refusal'] as const),
] satisfies FrameKind[];

/** `undefined` for a frame of a kind this build does not know. */
export function kindOf(frame: Frame): FrameKind | undefined {
  return frameKinds.find((kind) => frame[kind]);
}

export interface EnrollRequest {
  token: string;
  agentName: string;
  identityKey: Uint8Array;
  sealingKey: Uint8Array;
  agentVersion: string;
  machine: string;
  signature: Uint8Array;
}
export interface EnrollAnswer {
  enrolled?: Enrolled | null | undefined;
  refusal?: Refusal | null | undefined;
}
export interface Enrolled {
  agentId: string;
  tenantId: string;
  siteId: string;
  relayName: string;
}

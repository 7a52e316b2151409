/**
 * Every code with which a session does not begin, or ends, and what the other side should make of it. The code and its sentence are in
 * both logs.
 */
export const endings = {
  // Refused by the relay
  UNSUPPORTED_VERSION: 'the two ends speak different protocol versions',
  UNKNOWN_AGENT: 'the relay has no agent of this id',
  REVOKED: 'the agent was revoked',
  BAD_PROOF: 'the signature does not fit this challenge and the registered key',
  SUPERSEDED: 'a newer session of the same agent took over',
  RELAY_CLOSING: 'the relay is shutting down',
  RELAY_FAULT: 'the relay could not check the agent',
  // Noticed by either side
  WRONG_RELAY: 'the relay has another name than the one the agent enrolled with',
  UNEXPECTED_FRAME: 'a frame came that this side does not take at this point',
  UNKNOWN_FRAME: 'a frame came of a kind this build does not know',
  MALFORMED_MESSAGE: 'a message came that is not a batch of frames',
  MESSAGE_TOO_LARGE: 'a message came above the limit',
  FRAME_TOO_LARGE: 'a frame came above the limit',
  HANDSHAKE_TIMEOUT: 'the other side did not answer in the handshake',
  PEER_SILENT: 'nothing came for several heartbeats',
  CLOCK_SET: 'the clock of this side was set, and deadlines of before mean nothing any more',
  CONNECTION_LOST: 'the connection broke',
  LEAVING: 'this side left after finishing its calls',
} as const;
export type EndingCode = keyof typeof endings;

/** After these an agent does not try again: only a person can help. */
export const finalEndings: readonly string[] = ['UNKNOWN_AGENT', 'REVOKED'] satisfies EndingCode[];

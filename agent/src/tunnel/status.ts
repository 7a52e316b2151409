/** What happens to the tunnel; status page, log and tests read it. */
export type TunnelStatus =
  | { kind: 'connecting'; relayUrl: string }
  /** `clockOffsetMs`: this machine's clock minus the relay's. */
  | { kind: 'connected'; relayUrl: string; sessionId: string; clockOffsetMs: number }
  | { kind: 'draining'; reason: string }
  | { kind: 'lost'; code: string; reason: string; nextTryMs: number }
  /** Without `nextTryMs` the agent does not try again. */
  | { kind: 'refused'; code: string; reason: string; nextTryMs: number | undefined };

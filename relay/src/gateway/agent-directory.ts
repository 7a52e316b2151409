/** An enrolled agent, as the relay keeps it. */
export interface AgentRecord {
  agentId: string;
  tenantId: string;
  siteId: string;
  name: string;
  /** Raw public keys: Ed25519 for identity, X25519 for sealing. */
  identityKey: Buffer;
  sealingKey: Buffer;
  version: string;
  machine: string;
  enrolledAt: number;
  isRevoked: boolean;
  lastSeenAt: number | undefined;
}

export interface EnrollTokenRecord {
  tokenId: string;
  tenantId: string;
  siteId: string;
  createdAt: number;
  expiresAt: number;
}

export interface RedeemRequest {
  tokenId: string;
  agent: Pick<AgentRecord, 'name' | 'identityKey' | 'sealingKey' | 'version' | 'machine'>;
  now: number;
  /** Where the request came from. */
  peer: string;
}

/**
 * `TOKEN_USED`: by an agent with another key. `KEY_IN_USE`: by an agent that enrolled with another token. `REVOKED`: the agent this token
 * enrolled was revoked since.
 */
export type Redemption = { agent: AgentRecord } | { refused: 'TOKEN_UNKNOWN' | 'TOKEN_USED' | 'TOKEN_EXPIRED' | 'KEY_IN_USE' | 'REVOKED' };

/** Where the gateway keeps agents and enrolment tokens. */
export interface AgentDirectory {
  find(agentId: string): Promise<AgentRecord | undefined>;
  addToken(token: EnrollTokenRecord): Promise<void>;
  /**
   * Exchanges a token for an agent, exactly once. The same key again gets the same agent, also after the token's end: an agent that died
   * before it could keep the answer asks again. The tenant's audit trail says who enrolled, with which token and from where.
   */
  redeem(request: RedeemRequest): Promise<Redemption>;
  /** False when there is no such agent. */
  revoke(agentId: string, now: number): Promise<boolean>;
  /** The agent connected, or left. */
  seen(seen: { agentId: string; version: string; machine: string; now: number }): Promise<void>;
}

import type { AgentDirectory, AgentRecord, EnrollTokenRecord } from './agent-directory.ts';

/** A directory that forgets with the process; for tests and benchmarks. */
export function memoryAgentDirectory(): AgentDirectory & { agents: Map<string, AgentRecord> } {
  const agents = new Map<string, AgentRecord>();
  const tokens = new Map<string, EnrollTokenRecord & { agentId?: string }>();
  return {
    agents,
    async find(agentId) {
      return agents.get(agentId);
    },
    async addToken(token) {
      tokens.set(token.tokenId, { ...token });
    },
    async redeem({ tokenId, agent, now }) {
      const token = tokens.get(tokenId);
      if (!token) return { refused: 'TOKEN_UNKNOWN' };
      const same = [...agents.values()].find((known) => known.identityKey.equals(agent.identityKey));
      if (token.agentId !== undefined) {
        if (same?.agentId !== token.agentId) return { refused: 'TOKEN_USED' };
        return same.isRevoked ? { refused: 'REVOKED' } : { agent: same };
      }
      if (now > token.expiresAt) return { refused: 'TOKEN_EXPIRED' };
      if (same) return { refused: 'KEY_IN_USE' };
      const { tenantId, siteId } = token;
      token.agentId = `agt_${agents.size + 1}`;
      const made: AgentRecord = {
        ...agent,
        agentId: token.agentId,
        tenantId,
        siteId,
        enrolledAt: now,
        isRevoked: false,
        lastSeenAt: undefined,
      };
      agents.set(made.agentId, made);
      return { agent: made };
    },
    async revoke(agentId) {
      const agent = agents.get(agentId);
      if (agent) agent.isRevoked = true;
      return agent !== undefined;
    },
    async seen({ agentId, version, machine, now }) {
      const agent = agents.get(agentId);
      if (agent) Object.assign(agent, { version, machine, lastSeenAt: now });
    },
  };
}

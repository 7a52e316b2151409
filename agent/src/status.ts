import type { UnitsStatus } from './journal/index.ts';

/** What `ml-agent status` shows of the running agent. */
export interface AgentStatus {
  version: string;
  pid: number;
  /** ISO 8601. */
  startedAt: string;
  agentId: string;
  relayUrl: string;
  tunnel: { state: string; detail: string | undefined };
  systems: { name: string; type: string; state: string; problem: string | undefined }[];
  units: UnitsStatus;
  logLevel: string;
}

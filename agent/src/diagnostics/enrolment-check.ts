import type { Clock } from '@ml-connector/shared';
import { introduce } from '@ml-connector/shared/tunnel';
import { relayChannel, type Identity } from '../identity/index.ts';
import { dialGrpc, type TunnelStatus } from '../tunnel/index.ts';
import type { CheckResult } from '../checks/index.ts';

export interface EnrolmentTrial {
  identity: Identity;
  relayUrl: string;
  caFile: string | undefined;
  agentVersion: string;
  clock: Clock;
}

/** Proves this agent to the relay and leaves again. Only while no agent runs: a second session would end the first one. */
export async function tryEnrolment({ identity, relayUrl, caFile, agentVersion, clock }: EnrolmentTrial): Promise<CheckResult> {
  const { agentId, tenantId, siteId, relayName, relayCa, keys } = identity;
  const carrier = dialGrpc(relayChannel(relayUrl, { relayCa, caFile }));
  const hello = { agentId, tenantId, siteId, agentVersion, machine: 'doctor', systems: [] };
  await introduce(carrier, { clock, relayName, sign: keys.sign, hello });
  carrier.close({ code: 'LEAVING', message: 'doctor has seen that the enrolment is good' });
  return { result: 'ok', detail: `the relay "${relayName}" takes this agent (${agentId})` };
}

/** What the running tunnel knows about the enrolment. */
export function enrolmentByTunnel(identity: Identity, status: TunnelStatus | undefined): CheckResult {
  switch (status?.kind) {
    case 'connected':
      return {
        result: 'ok',
        detail: `the tunnel to "${identity.relayName}" is up (agent ${identity.agentId}, session ${status.sessionId})`,
      };
    case 'draining':
      return { result: 'ok', detail: 'the relay asked the agent to move; the tunnel comes back at once' };
    case 'refused':
      return {
        result: 'failed',
        detail: `the relay refused this agent: ${status.reason} (${status.code})`,
        fix: 'Enrol it again with a fresh token when it was revoked.',
      };
    case 'lost':
      return {
        result: 'failed',
        detail: `the tunnel is down: ${status.reason} (${status.code})`,
        fix: 'The findings on the relay above say why; the agent tries again by itself.',
      };
    case 'connecting':
    case undefined:
      return { result: 'warning', detail: 'the tunnel is being set up', fix: 'Run doctor again in half a minute.' };
  }
}

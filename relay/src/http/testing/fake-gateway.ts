import { SystemError } from '@ml-connector/shared';
import type { AgentTarget, CallOptions } from '@ml-connector/shared/tunnel';
import type { SessionInfo } from '../../gateway/index.ts';
import type { Store } from '../../store/index.ts';
import type { Services } from '../services.ts';

export interface FakeGateway {
  gateway: Services['gateway'];
  /** Every call that reached an agent. */
  calls: { agentId: string | undefined; operation: string; request: unknown }[];
  /** What agents answer, by operation; an Error is thrown. Default `{}`. */
  answers: Record<string, unknown>;
  /** Lines of a streamed answer. */
  lines: unknown[];
  /** Signals of streams that were opened. */
  streams: (AbortSignal | undefined)[];
  connect(agent: { agentId: string; tenantId: string; siteId: string }): void;
  /** Nobody is connected, nothing was called. */
  reset(): void;
}

/** The agents' side without agents: who is connected is told by the test. */
export function fakeGateway(store: () => Store): FakeGateway {
  const live = new Map<string, SessionInfo>();
  const fake: FakeGateway = {
    calls: [],
    answers: {},
    lines: [],
    streams: [],
    connect: ({ agentId, tenantId, siteId }) => void live.set(agentId, sessionOf({ agentId, tenantId, siteId })),
    reset: () => {
      live.clear();
      Object.assign(fake, { calls: [], answers: {}, lines: [], streams: [] });
    },
    gateway: {
      sessions: () => [...live.values()],
      async call<Answer>(target: AgentTarget, operation: string, request: unknown) {
        refuseWithoutTunnel(live, target);
        fake.calls.push({ agentId: target.agentId, operation, request });
        const answer = fake.answers[operation] ?? {};
        if (answer instanceof Object && 'verdict' in answer) throw answer as unknown as Error;
        return answer as Answer;
      },
      async *stream<Chunk, End>(target: AgentTarget, operation: string, request: unknown, options?: CallOptions) {
        refuseWithoutTunnel(live, target);
        fake.calls.push({ agentId: target.agentId, operation, request });
        fake.streams.push(options?.signal);
        for (const line of fake.lines) yield line as Chunk;
        if ((request as { follow?: boolean }).follow)
          await new Promise((resolve) => options?.signal?.addEventListener('abort', resolve, { once: true }));
        return {} as End;
      },
      async revoke(agentId) {
        live.delete(agentId);
        await store().db.updateTable('agent').set({ revoked_at: 1 }).where('id', '=', agentId).execute();
        return true;
      },
    },
  };
  return fake;
}

function refuseWithoutTunnel(live: Map<string, SessionInfo>, { agentId = '' }: AgentTarget): void {
  if (live.has(agentId)) return;
  throw new SystemError('NO_TUNNEL', 'retry', `agent ${agentId} is not connected`, { fix: 'Start the agent.', retryAfterMs: 1500 });
}

function sessionOf(agent: { agentId: string; tenantId: string; siteId: string }): SessionInfo {
  return {
    ...agent,
    sessionId: '0a1b2c3d4e5f',
    systems: ['PRD'],
    version: '0.1.0',
    machine: 'SAP-GW-北京 (win32)',
    peer: '10.20.30.40:50123',
    connectedAt: 1_790_000_000_000,
    pending: 2,
    roundTripMs: 12.5,
    isDraining: false,
  };
}

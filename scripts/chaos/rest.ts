import { setTimeout as delay } from 'node:timers/promises';
import { countOf, type Deviations } from './deviations.ts';
import { waitFor } from '../landscape/index.ts';
import type { Lane } from './lane.ts';

/** What the relay says of itself. */
interface Overview {
  agents: { connected: number };
  records: Record<string, number>;
  connections: { halted: { code: string; message: string }[] };
  integrations: { failingFlows: number };
  runs: { running: number };
}

export class Stuck extends Error {
  override readonly name = 'Stuck';
  readonly deviations: Deviations;

  constructor(message: string, deviations: Deviations) {
    super(message);
    this.deviations = deviations;
  }
}

const unfinished = ['pending', 'posting', 'uncertain', 'failed', 'waiting', 'blocked'];

/** Resolves when the agent is there; after several cuts in a row it comes back ever later (up to 30 s), which is right, and no part of what is measured. */
export async function untilReady({ landscape, customer }: Lane): Promise<void> {
  await waitFor('the tunnel', async () => {
    const { agents } = await landscape.relay.api.get<Overview>(`${customer.path}/overview`);
    return agents.connected > 0;
  });
}

/** Resolves when nothing is under way any more and source, ledger and target agree; rejects with Stuck after `timeoutMs`. */
export async function untilRest({ landscape, customer }: Lane, compare: () => Promise<Deviations>, timeoutMs: number): Promise<void> {
  const end = performance.now() + timeoutMs;
  let deviations: Deviations = { duplicates: [], losses: [], wrong: [] };
  let unrest = '';
  for (;;) {
    try {
      const { records, connections, integrations, runs } = await landscape.relay.api.get<Overview>(`${customer.path}/overview`);
      const open = unfinished.filter((state) => records[state]).map((state) => `${records[state]} ${state}`);
      const halts = connections.halted.map(({ code, message }) => `halted: ${code} ${message}`);
      const more = [...(runs.running ? ['a run is under way'] : []), ...(integrations.failingFlows ? ['the last run failed'] : [])];
      unrest = [...open, ...halts, ...more].join(', ');
      if (unrest === '') {
        deviations = await compare();
        if (countOf(deviations) === 0) return;
      }
    } catch (error) {
      unrest = String(error);
    }
    if (performance.now() > end) throw new Stuck(unrest || 'nothing is under way, and source and target do not agree', deviations);
    await delay(120);
  }
}

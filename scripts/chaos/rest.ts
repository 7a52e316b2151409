import { setTimeout as delay } from 'node:timers/promises';
import { countOf, type Deviations } from './deviations.ts';
import { waitFor } from '../landscape/index.ts';
import type { Lane } from './lane.ts';

/** What the relay says of itself. */
interface Overview {
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

/**
 * Resolves when a call comes through to SAP. After several broken tunnels in a row the agent comes back ever later (up to 30 s), and one that was
 * frozen is noticed late: that is right, and no part of what the next experiment measures.
 */
export async function untilReady({ landscape, customer: { path, sapConnectionId } }: Lane): Promise<void> {
  const check = async (): Promise<boolean> => {
    const { ok } = await landscape.relay.api.post<{ ok: boolean }>(`${path}/connections/${sapConnectionId}/check`);
    return ok;
  };
  await waitFor('a call to come through to SAP', check, 90_000);
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
    if (performance.now() > end) {
      // As it is now: what was compared before may have come right since.
      deviations = await compare().catch(() => deviations);
      throw new Stuck(unrest || 'nothing is under way, and source and target do not agree', deviations);
    }
    await delay(120);
  }
}

import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Experiment, Outcome } from './experiment.ts';
import type { Lane } from './lane.ts';

/** Keeps what is needed to understand a failed experiment; answers the folder. */
export async function keepEvidence(
  folder: string,
  lane: Lane,
  { experiment, outcome, more }: { experiment: Experiment; outcome: Outcome; more?: unknown },
): Promise<string> {
  const kept = path.join(folder, `seed-${experiment.seed}-number-${experiment.number}`);
  mkdirSync(kept, { recursive: true });
  const { landscape, customer } = lane;
  const open = lane.ledger.all<{ id: string }>("select id from record where state not in ('succeeded', 'skipped') limit 20");
  const stories = await Promise.all(
    open.map(({ id }) => landscape.relay.api.get(`${customer.path}/records/${id}`).catch((error: unknown) => String(error))),
  );
  const about = { flow: experiment.flow.id, step: experiment.step.name, ...outcome, stories };
  writeFileSync(path.join(kept, 'outcome.json'), JSON.stringify(about, undefined, 2));
  writeFileSync(path.join(kept, 'relay.log'), lane.relayLines.join('\n'));
  writeFileSync(path.join(kept, 'agent.log'), lane.agentLines.join('\n'));
  writeFileSync(path.join(kept, 'target-calls.log'), lane.target.log.join('\n'));
  writeFileSync(path.join(kept, 'sap-calls.log'), lane.sap.log.join('\n'));
  writeFileSync(path.join(kept, 'ais-calls.log'), lane.ais.log.join('\n'));
  writeFileSync(path.join(kept, 'webhooks.log'), lane.webhooks.log.join('\n'));
  if (more !== undefined) writeFileSync(path.join(kept, 'more.json'), JSON.stringify(more, undefined, 1));
  const { cin7 } = landscape;
  const state = { suppliers: await cin7.suppliers(), journals: await cin7.journals(), purchases: await cin7.purchases() };
  writeFileSync(path.join(kept, 'cin7-state.json'), JSON.stringify(state, undefined, 1));
  cpSync(path.join(lane.folder, 'relay'), path.join(kept, 'relay'), { recursive: true });
  cpSync(path.join(lane.folder, 'agent'), path.join(kept, 'agent'), { recursive: true, filter: (file) => !file.endsWith('.sock') });
  return kept;
}

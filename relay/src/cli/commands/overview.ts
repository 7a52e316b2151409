import type { Command } from 'commander';
import { action } from '../context.ts';
import { tenantPath } from '../find.ts';
import type { CommandLineIo, TenantOption } from '../io.ts';
import { tableText } from '../table.ts';

interface Overview {
  records: Record<string, number>;
  agents: { enrolled: number; connected: number };
  connections: { total: number; halted: { name: string; code: string; message: string; fix: string }[] };
  integrations: { total: number; pausedFlows: number; failingFlows: number };
  runs: { running: number; failedLastDay: number };
  missingEntries: number;
}

export function addOverview(program: Command, io: CommandLineIo): void {
  program
    .command('overview')
    .description('is everything flowing, and what needs a person')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption) => {
        print(await client.get<Overview>(`${await tenantPath(client, tenant)}/overview`), show);
      }),
    );
}

function show({ records, agents, connections, integrations, runs, missingEntries }: Overview): string {
  const counts = Object.entries(records).map(([state, count]) => `${count} ${state}`);
  const rows = [
    { what: 'agents', state: `${agents.connected} of ${agents.enrolled} connected` },
    { what: 'connections', state: `${connections.total}, ${connections.halted.length} halted` },
    {
      what: 'integrations',
      state: `${integrations.total}, flows paused ${integrations.pausedFlows}, failing ${integrations.failingFlows}`,
    },
    { what: 'runs', state: `${runs.running} running, ${runs.failedLastDay} failed in the last day` },
    { what: 'records', state: counts.join(', ') || 'none' },
    { what: 'missing entries', state: missingEntries },
  ];
  const halts = connections.halted.map(
    ({ name, code, message, fix }) => `halted: ${name}: ${message} (${code})${fix ? `\n  -> ${fix}` : ''}`,
  );
  return [tableText(rows), ...halts].join('\n');
}

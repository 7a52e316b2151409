import { Option, type Command } from 'commander';
import { action } from '../context.ts';
import { idOf, tenantPath } from '../find.ts';
import type { CommandLineIo, TenantOption } from '../io.ts';
import { tableText } from '../table.ts';

interface Agent {
  id: string;
  name: string;
  siteId: string;
  version: string;
  machine: string;
  revokedAt: string | null;
  lastSeenAt: string | null;
  session: { connectedAt: string; systems: string[]; roundTripMs: number | null; callsInFlight: number } | null;
}

interface Finding {
  check: string;
  result: string;
  detail: string;
  fix: string;
}

interface LogsOptions {
  tenant?: string;
  follow?: boolean;
  lines: string;
  level?: string;
  system?: string;
  record?: string;
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

export function addAgents(program: Command, io: CommandLineIo): void {
  const agents = program.command('agents').description("agents in the customers' networks");
  agents
    .command('list')
    .description('agents with their live tunnels')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, printList }, { tenant }: TenantOption) => {
        printList(await client.list<Agent>(`${await tenantPath(client, tenant)}/agents`), row);
      }),
    );
  agents
    .command('revoke <agent>')
    .description('refuse an agent for ever and cut its tunnel at once')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption, name: string) => {
        const agent = await client.send<Agent>('POST', `${await agentPath(client, tenant, name)}/revoke`);
        print(agent, () => `${agent.name} is revoked`);
      }),
    );
  agents
    .command('doctor <agent>')
    .description("run the agent's own checks")
    .option('--tenant <name>', 'tenant, by name or id')
    .option('--system <name...>', 'only these systems')
    .action(
      action(io, async ({ client, print }, { tenant, system: systems }: TenantOption & { system?: string[] }, name: string) => {
        const path = await agentPath(client, tenant, name);
        print(await client.send<{ findings: Finding[] }>('POST', `${path}/doctor`, { systems }), ({ findings }) => findingsText(findings));
      }),
    );
  agents
    .command('logs <agent>')
    .description("the agent's log, one JSON object per line")
    .option('--tenant <name>', 'tenant, by name or id')
    .option('-f, --follow', 'go on with new lines')
    .option('-n, --lines <count>', 'newest lines to begin with', '100')
    .addOption(new Option('--level <level>', 'this level and the more severe ones').choices(levels))
    .option('--system <name>', 'only lines of this system')
    .option('--record <id>', 'only lines of this record')
    .action(
      action(io, async ({ client }, { tenant, follow, lines, level, system, record }: LogsOptions, name: string) => {
        const path = await agentPath(client, tenant, name);
        for await (const line of client.lines(`${path}/logs`, { lines, follow, level, system, recordId: record }))
          io.stdout.write(`${JSON.stringify(line)}\n`);
      }),
    );
  agents
    .command('log-level <agent> <level>')
    .description("change the agent's log level until its next start")
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption, name: string, level: string) => {
        await client.send('PUT', `${await agentPath(client, tenant, name)}/log-level`, { level });
        print({ level }, () => `${name} logs at ${level}`);
      }),
    );
}

async function agentPath(client: Parameters<typeof tenantPath>[0], named: string | undefined, name: string): Promise<string> {
  const tenant = await tenantPath(client, named);
  return `${tenant}/agents/${await idOf(client, { tenant, kind: 'agents', name: name })}`;
}

function row({ name, id, version, machine, session, revokedAt, lastSeenAt }: Agent) {
  const tunnel = session ? `up since ${session.connectedAt}` : `down${lastSeenAt ? `, seen ${lastSeenAt}` : ''}`;
  return {
    name,
    id,
    tunnel: revokedAt === null ? tunnel : `revoked ${revokedAt}`,
    'rtt ms': session?.roundTripMs,
    systems: session?.systems.join(', '),
    version,
    machine,
  };
}

function findingsText(findings: readonly Finding[]): string {
  const fixes = findings.filter(({ fix }) => fix !== '').map(({ check, fix }) => `${check}: ${fix}`);
  return [tableText(findings.map(({ result, check, detail }) => ({ result, check, detail }))), ...fixes].join('\n');
}

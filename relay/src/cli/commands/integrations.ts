import { InvalidArgumentError, type Command } from 'commander';
import type { RelayClient } from '../client.ts';
import { action } from '../context.ts';
import { UsageError } from '../failure.ts';
import { idOf, tenantPath } from '../find.ts';
import type { CommandLineIo, TenantOption } from '../io.ts';
import { readSettings, type SettingsSchema } from '../settings.ts';

interface IntegrationFlow {
  flowId: string;
  enabled: boolean;
  paused: boolean;
  settings: Record<string, unknown>;
  everySeconds: number;
  sweepEverySeconds: number | null;
  nextRunAt: string | null;
  failures: number;
}

interface Integration {
  id: string;
  name: string;
  flows: IntegrationFlow[];
}

interface AddOptions {
  tenant?: string;
  from: string;
  to: string;
  flow: string;
  set: string[];
  every?: number;
  sweepEvery?: number;
  disabled?: boolean;
}

interface ChangeOptions extends TenantOption {
  flow: string;
  set: string[];
  every?: number;
  sweepEvery?: number;
  enable?: boolean;
  disable?: boolean;
}

export function addIntegrations(program: Command, io: CommandLineIo): void {
  const integrations = program.command('integrations').description('two connections and the flows between them');
  integrations
    .command('add <name>')
    .description('make an integration with a flow')
    .option('--tenant <name>', 'tenant, by name or id')
    .requiredOption('--from <connection>', 'connection that is read')
    .requiredOption('--to <connection>', 'connection that is written')
    .requiredOption('--flow <id>', 'flow, as `ml-relay flows` lists them')
    .option('--set <name=value...>', 'settings of the flow', [])
    .option('--every <seconds>', "time between runs (default: the flow's own)", seconds)
    .option('--sweep-every <seconds>', "time between looks at every key (default: the flow's own)", seconds)
    .option('--disabled', 'do not run it yet')
    .action(
      action(
        io,
        async ({ client, print }, { tenant: named, from, to, flow, set, every, sweepEvery, disabled }: AddOptions, name: string) => {
          const tenant = await tenantPath(client, named);
          const schema = await settingsSchema(client, flow);
          const schedule = every === undefined && sweepEvery === undefined ? null : { everySeconds: every, sweepEverySeconds: sweepEvery };
          const body = {
            name,
            sourceConnectionId: await idOf(client, { tenant, kind: 'connections', name: from }),
            targetConnectionId: await idOf(client, { tenant, kind: 'connections', name: to }),
            flows: [{ flowId: flow, settings: readSettings(set, schema), schedule, enabled: disabled !== true }],
          };
          print(await client.send<Integration>('POST', `${tenant}/integrations`, body), ({ id }) => id);
        },
      ),
    );
  integrations
    .command('list')
    .description('integrations of a tenant with their flows')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print, printList }, { tenant, json }: TenantOption & { json?: boolean }) => {
        const found = await client.list<Integration>(`${await tenantPath(client, tenant)}/integrations`);
        if (json) return print(found, () => '');
        printList(
          found.flatMap(({ name, id, flows }) => flows.map((flow) => ({ name, id, ...flow }))),
          row,
        );
      }),
    );
  integrations
    .command('change <integration>')
    .description('change settings or schedule of a flow, switch it on or off; settings that are not named stay as they are')
    .option('--tenant <name>', 'tenant, by name or id')
    .requiredOption('--flow <id>', 'flow of the integration')
    .option('--set <name=value...>', 'settings of the flow', [])
    .option('--every <seconds>', 'time between runs', seconds)
    .option('--sweep-every <seconds>', 'time between looks at every key', seconds)
    .option('--enable', 'switch it on')
    .option('--disable', 'switch it off')
    .action(
      action(
        io,
        async ({ client, print }, { tenant: named, flow, set, every, sweepEvery, enable, disable }: ChangeOptions, name: string) => {
          if (enable && disable) throw new UsageError('give --enable or --disable, not both');
          const tenant = await tenantPath(client, named);
          const path = `${tenant}/integrations/${await idOf(client, { tenant, kind: 'integrations', name })}`;
          const { flows } = await client.get<Integration>(path);
          const present = flows.find(({ flowId }) => flowId === flow);
          if (!present)
            throw new UsageError(`integration ${name} has no flow "${flow}"; it has ${flows.map(({ flowId }) => flowId).join(', ')}`);
          const settings = set.length > 0 ? { ...present.settings, ...readSettings(set, await settingsSchema(client, flow)) } : undefined;
          const schedule =
            every === undefined && sweepEvery === undefined
              ? undefined
              : { everySeconds: every ?? present.everySeconds, sweepEverySeconds: sweepEvery ?? present.sweepEverySeconds ?? undefined };
          const enabled = enable ? true : disable ? false : undefined;
          print(
            await client.send<Integration>('PATCH', `${path}/flows/${flow}`, { settings, schedule, enabled }),
            () => `${flow} is changed`,
          );
        },
      ),
    );
  for (const verb of ['pause', 'resume'] as const)
    integrations
      .command(`${verb} <integration>`)
      .description(verb === 'pause' ? 'stop all flows after their present batch' : 'go on where the flows stopped')
      .option('--tenant <name>', 'tenant, by name or id')
      .action(
        action(io, async ({ client, print }, { tenant: named }: TenantOption, name: string) => {
          const tenant = await tenantPath(client, named);
          const integrationId = await idOf(client, { tenant, kind: 'integrations', name });
          const changed = await client.send<Integration>('POST', `${tenant}/integrations/${integrationId}/${verb}`);
          print(changed, () => `${changed.name} is ${verb === 'pause' ? 'paused' : 'running again'}`);
        }),
      );
}

async function settingsSchema(client: RelayClient, flowId: string): Promise<SettingsSchema> {
  const { items } = await client.get<{ items: { id: string; settings: SettingsSchema }[] }>('/flows');
  const known = items.find(({ id }) => id === flowId);
  if (known) return known.settings;
  throw new UsageError(`there is no flow "${flowId}"; known are ${items.map(({ id }) => id).join(', ')}`);
}

function row({ name, id, flowId, enabled, paused, everySeconds, nextRunAt, failures }: IntegrationFlow & { name: string; id: string }) {
  const state = enabled ? (paused ? 'paused' : 'on') : 'off';
  return { name, id, flow: flowId, state, 'every s': everySeconds, 'next run': nextRunAt, failures };
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It must be a number of seconds.');
  return value;
}

import type { Command } from 'commander';
import type { RelayClient } from '../client.ts';
import { action } from '../context.ts';
import { UsageError } from '../failure.ts';
import { idOf, tenantPath } from '../find.ts';
import type { CommandLineIo, TenantOption } from '../io.ts';
import { readSettings, type SettingsSchema } from '../settings.ts';
import {
  cronOption,
  everyOption,
  scheduleOf,
  sweepCronOption,
  sweepEveryOption,
  timeZoneOption,
  wholeNumber,
  type ScheduleOptions,
} from '../schedule-options.ts';

interface IntegrationFlow {
  flowId: string;
  enabled: boolean;
  paused: boolean;
  settings: Record<string, unknown>;
  everySeconds: number | null;
  cron: string | null;
  sweepEverySeconds: number | null;
  sweepCron: string | null;
  timeZone: string | null;
  scheduleWords: string;
  sweepWords: string | null;
  nextRunAt: string | null;
  nextRuns: string[];
  failures: number;
  posting: Posting;
  source: { holds: Hold[] };
}

interface Hold {
  message: string;
  until: string | null;
}

interface Posting {
  cron: string | null;
  timeZone: string | null;
  forMinutes: number | null;
  maxAgeDays: number | null;
  words: string;
  holds: Hold[];
  waiting: Record<string, number>;
}

interface Integration {
  id: string;
  name: string;
  flows: IntegrationFlow[];
}

interface AddOptions extends ScheduleOptions {
  tenant?: string;
  from: string;
  to: string;
  flow: string;
  set: string[];
  disabled?: boolean;
}

interface ChangeOptions extends TenantOption, ScheduleOptions {
  flow: string;
  set: string[];
  postAtOnce?: boolean;
  postCron?: string;
  postMinutes?: number;
  maxAgeDays?: number | 'none';
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
    .option('--disabled', 'do not run it yet')
    .addOption(everyOption())
    .addOption(cronOption())
    .addOption(sweepEveryOption())
    .addOption(sweepCronOption())
    .addOption(timeZoneOption())
    .action(
      action(io, async ({ client, print }, { tenant: named, from, to, flow, set, disabled, ...times }: AddOptions, name: string) => {
        const tenant = await tenantPath(client, named);
        const schema = await settingsSchema(client, flow);
        const body = {
          name,
          sourceConnectionId: await idOf(client, { tenant, kind: 'connections', name: from }),
          targetConnectionId: await idOf(client, { tenant, kind: 'connections', name: to }),
          flows: [{ flowId: flow, settings: readSettings(set, schema), schedule: scheduleOf(times) ?? null, enabled: disabled !== true }],
        };
        print(await client.send<Integration>('POST', `${tenant}/integrations`, body), ({ id }) => id);
      }),
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
    .addOption(everyOption())
    .addOption(cronOption())
    .addOption(sweepEveryOption())
    .addOption(sweepCronOption())
    .addOption(timeZoneOption())
    .option('--post-at-once', 'post records as soon as they were read')
    .option('--post-cron <pattern>', 'post at these times what was read before')
    .option('--post-minutes <minutes>', 'shut posting again so long after each time', wholeNumber)
    .option('--max-age-days <days>', 'documents of older business days wait for approval; none: no limit', daysOrNone)
    .option('--enable', 'switch it on')
    .option('--disable', 'switch it off')
    .action(
      action(io, async ({ client, print }, { tenant: named, flow, set, enable, disable, ...times }: ChangeOptions, name: string) => {
        if (enable && disable) throw new UsageError('give --enable or --disable, not both');
        if (times.timeZone !== undefined && (times.cron ?? times.sweepCron ?? times.postCron ?? times.maxAgeDays) === undefined)
          throw new UsageError('--time-zone belongs to --cron, --sweep-cron, --post-cron or --max-age-days');
        const { path, present } = await findFlow(client, { tenant: named, name, flow });
        const settings = set.length > 0 ? { ...present.settings, ...readSettings(set, await settingsSchema(client, flow)) } : undefined;
        const enabled = enable ? true : disable ? false : undefined;
        const body = { settings, schedule: scheduleOf(times, present), posting: postingOf(times, present.posting), enabled };
        const changed = await client.send<Integration>('PATCH', `${path}/flows/${flow}`, body);
        print(changed, ({ flows }) =>
          flows
            .filter(({ flowId }) => flowId === flow)
            .map((one) => `${flow} is changed\n${describe(one)}`)
            .join('\n'),
        );
      }),
    );
  integrations
    .command('show <integration>')
    .description('its flows: schedule with the next times, posting, and why records wait')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant: named }: TenantOption, name: string) => {
        const tenant = await tenantPath(client, named);
        const found = await client.get<Integration>(`${tenant}/integrations/${await idOf(client, { tenant, kind: 'integrations', name })}`);
        print(found, ({ id, flows }) =>
          [`${found.name} (${id})`, ...flows.map((flow) => `${flow.flowId}, ${stateOf(flow)}\n${describe(flow)}`)].join('\n'),
        );
      }),
    );
  integrations
    .command('post-now <integration>')
    .description('post what is there now, whatever the posting schedule and the close calendar say')
    .option('--tenant <name>', 'tenant, by name or id')
    .requiredOption('--flow <id>', 'flow of the integration')
    .requiredOption('--because <reason>', 'why, for the audit trail')
    .action(
      action(io, async ({ client, print }, { tenant, flow, because }: TenantOption & { flow: string; because: string }, name: string) => {
        const { path } = await findFlow(client, { tenant, name, flow });
        const changed = await client.send<Integration>('POST', `${path}/flows/${flow}/post-now`, { reason: because });
        print(changed, () => `what ${flow} has read up to now goes out`);
      }),
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

async function findFlow(
  client: RelayClient,
  { tenant: named, name, flow }: { tenant: string | undefined; name: string; flow: string },
): Promise<{ path: string; present: IntegrationFlow }> {
  const tenant = await tenantPath(client, named);
  const path = `${tenant}/integrations/${await idOf(client, { tenant, kind: 'integrations', name })}`;
  const { flows } = await client.get<Integration>(path);
  const present = flows.find(({ flowId }) => flowId === flow);
  if (present) return { path, present };
  throw new UsageError(`integration ${name} has no flow "${flow}"; it has ${flows.map(({ flowId }) => flowId).join(', ')}`);
}

function postingOf(
  { postAtOnce, postCron, postMinutes, maxAgeDays, timeZone }: Partial<ChangeOptions>,
  present: Posting,
): object | undefined {
  if ([postAtOnce, postCron, postMinutes, maxAgeDays].every((given) => given === undefined)) return undefined;
  if (postAtOnce && (postCron ?? postMinutes) !== undefined) throw new UsageError('give --post-at-once or --post-cron, not both');
  const cron = postAtOnce ? undefined : (postCron ?? present.cron ?? undefined);
  // A new pattern begins without the minutes of the one before.
  const kept = postAtOnce || postCron !== undefined ? undefined : (present.forMinutes ?? undefined);
  const limit = maxAgeDays === 'none' ? undefined : (maxAgeDays ?? present.maxAgeDays ?? undefined);
  return { cron, forMinutes: postMinutes ?? kept, maxAgeDays: limit, timeZone: timeZone ?? present.timeZone ?? undefined };
}

function row({ name, id, scheduleWords, nextRunAt, failures, posting, ...flow }: IntegrationFlow & { name: string; id: string }) {
  const held = posting.holds.map(({ message }) => message).join('; ');
  return { name, id, flow: flow.flowId, state: stateOf(flow), runs: scheduleWords, 'next run': nextRunAt, failures, held };
}

function stateOf({ enabled, paused }: Pick<IntegrationFlow, 'enabled' | 'paused'>): string {
  return enabled ? (paused ? 'paused' : 'on') : 'off';
}

function describe({ scheduleWords, sweepWords, nextRuns, posting, source }: IntegrationFlow): string {
  const waiting = Object.entries(posting.waiting).map(([code, count]) => `${count} ${code}`);
  return [
    `  runs ${scheduleWords}${sweepWords === null ? '' : `; looks at every key ${sweepWords}`}`,
    ...(nextRuns.length > 0 ? [`  next runs: ${nextRuns.join(', ')}`] : []),
    ...source.holds.map((hold) => `  nothing is read: ${holdText(hold)}`),
    `  posts ${posting.words}`,
    ...posting.holds.map((hold) => `  posting is held: ${holdText(hold)}`),
    ...(waiting.length > 0 ? [`  waiting: ${waiting.join(', ')}`] : []),
  ].join('\n');
}

function holdText({ message, until }: Hold): string {
  return `${message}, until ${until ?? 'a person acts'}`;
}

function daysOrNone(text: string): number | 'none' {
  return text === 'none' ? 'none' : wholeNumber(text);
}

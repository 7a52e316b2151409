import type { Command } from 'commander';
import type { RelayClient } from '../client.ts';
import { action } from '../context.ts';
import { UsageError } from '../failure.ts';
import { tenantPath } from '../find.ts';
import type { CommandLineIo, TenantOption } from '../io.ts';
import { readSecret } from '../prompt.ts';
import { count } from './runs.ts';

interface AlertEntry {
  id: string;
  rule: string;
  severity: string;
  title: string;
  since: string;
  closedAt: string | null;
  acknowledgedAt: string | null;
  fix: string;
}

interface ChannelEntry {
  id: string;
  kind: string;
  name: string;
  enabled: boolean;
  waiting: number;
  failing: { since: string; message: string } | null;
  lastSentAt: string | null;
}

interface RuleEntry {
  id: string;
  title: string;
  enabled: boolean;
  settings: Record<string, unknown>;
  mutedUntil: string | null;
}

export function addAlerts(program: Command, io: CommandLineIo): void {
  const alerts = program.command('alerts').description('what needs a person, and who is told of it');
  alerts
    .command('list')
    .description('open alerts, newest first')
    .option('--tenant <name>', 'tenant, by name or id')
    .option('--all', 'those that are over as well')
    .option('-n, --limit <count>', 'how many', count, 50)
    .action(
      action(io, async ({ client, printList }, { tenant, all, limit }: TenantOption & { all?: boolean; limit: number }) => {
        const path = `${await tenantPath(client, tenant)}/alerts`;
        printList(await client.list<AlertEntry>(path, { state: all ? 'all' : 'open' }, limit), row);
      }),
    );
  alerts
    .command('ack <id>')
    .description('somebody looks after it: no reminders from here on')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption, id: string) => {
        const path = `${await tenantPath(client, tenant)}/alerts/${id}/acknowledge`;
        print(await client.send<AlertEntry>('POST', path), ({ title }) => `acknowledged: ${title}`);
      }),
    );
  alerts
    .command('mute <id>')
    .description('send nothing about an alert for some hours')
    .option('--tenant <name>', 'tenant, by name or id')
    .option('--hours <count>', 'how long; 0 ends it', (text) => (text === '0' ? 0 : count(text)), 24)
    .action(
      action(io, async ({ client, print }, { tenant, hours }: TenantOption & { hours: number }, id: string) => {
        const until = hours === 0 ? null : new Date(Date.now() + hours * 3_600_000).toISOString();
        const path = `${await tenantPath(client, tenant)}/alerts/${id}/mute`;
        print(
          await client.send<AlertEntry>('POST', path, { until }),
          ({ title }) => `${until ? `muted until ${until}` : 'not muted any more'}: ${title}`,
        );
      }),
    );
  addRules(alerts, io);
  addChannels(alerts, io);
}

function addRules(alerts: Command, io: CommandLineIo): void {
  alerts
    .command('rules')
    .description('what is alerted about')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, printList }, { tenant }: TenantOption) => {
        const { items } = await client.get<{ items: RuleEntry[] }>(`${await tenantPath(client, tenant)}/alert-rules`);
        printList(items, ({ id, title, enabled, settings }) => ({ rule: id, on: enabled, settings: JSON.stringify(settings), title }));
      }),
    );
  alerts
    .command('rule <id>')
    .description('switch a rule on or off, or change its settings')
    .option('--tenant <name>', 'tenant, by name or id')
    .option('--on', 'switch it on')
    .option('--off', 'switch it off')
    .option('--set <name=value...>', 'settings, as ml-relay alerts rules shows them')
    .action(
      action(io, async ({ client, print }, options: TenantOption & { on?: boolean; off?: boolean; set?: string[] }, id: string) => {
        const { tenant, on, off, set } = options;
        const body = { ...(on && { enabled: true }), ...(off && { enabled: false }), ...(set && { settings: valuesOf(set) }) };
        const path = `${await tenantPath(client, tenant)}/alert-rules/${encodeURIComponent(id)}`;
        print(
          await client.send<RuleEntry>('PATCH', path, body),
          (rule) => `${rule.id} is ${rule.enabled ? 'on' : 'off'}: ${JSON.stringify(rule.settings)}`,
        );
      }),
    );
}

function addChannels(alerts: Command, io: CommandLineIo): void {
  alerts
    .command('channels')
    .description('where alerts are sent, and whether that works')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, printList }, { tenant }: TenantOption) => {
        const channels = await client.list<ChannelEntry>(`${await tenantPath(client, tenant)}/alert-channels`);
        printList(channels, ({ id, name, kind, enabled, waiting, lastSentAt, failing }) => ({
          name,
          id,
          kind,
          on: enabled,
          waiting,
          'last sent': lastSentAt,
          failing: failing && `since ${failing.since}: ${failing.message}`,
        }));
      }),
    );
  alerts
    .command('channel-add <name>')
    .description('add a channel; secret settings are asked for, or read from standard input')
    .requiredOption('--kind <kind>', 'email, webhook or slack')
    .option('--tenant <name>', 'tenant, by name or id')
    .option('--set <name=value...>', 'settings: host, port, tls, user, from, to=["ops@example.com"] of email; url of webhook; anchors=true')
    .option('--secret <name>', 'name of the secret setting: password of email, secret of webhook, url of slack')
    .option('--stdin', 'read the secret from standard input')
    .action(
      action(
        io,
        async (
          { client, print },
          { tenant, kind, set = [], secret, stdin }: TenantOption & { kind: string; set?: string[]; secret?: string; stdin?: boolean },
          name: string,
        ) => {
          const path = `${await tenantPath(client, tenant)}/alert-channels`;
          const settings = valuesOf(set);
          if (secret !== undefined) settings[secret] = await readSecret(`${secret}: `, stdin === true, io);
          print(await client.send<ChannelEntry>('POST', path, { kind, name, settings }), (made) => made.id);
        },
      ),
    );
  alerts
    .command('channel-remove <name>')
    .description('delete a channel, by name or id')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption, name: string) => {
        const path = `${await tenantPath(client, tenant)}/alert-channels`;
        const { id } = await channelOf(client, path, name);
        await client.send('DELETE', `${path}/${id}`);
        print({ id }, () => `${name} is deleted`);
      }),
    );
  alerts
    .command('test <channel>')
    .description('send a test message to a channel, by name or id')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption, name: string) => {
        const path = `${await tenantPath(client, tenant)}/alert-channels`;
        const { id } = await channelOf(client, path, name);
        const answer = await client.send<{ ok: boolean; problem: { code: string; message: string } | null }>('POST', `${path}/${id}/test`);
        print(answer, ({ ok }) => (ok ? `${name} took the test message` : `${name} did not take it`));
        if (answer.problem) throw new Error(`${answer.problem.message} (${answer.problem.code})`);
      }),
    );
}

async function channelOf(client: RelayClient, path: string, name: string): Promise<ChannelEntry> {
  const found = (await client.list<ChannelEntry>(path)).find((channel) => channel.name === name || channel.id === name);
  if (!found) throw new UsageError(`there is no channel "${name}"; ml-relay alerts channels shows them`);
  return found;
}

/** `port=587` is a number, `tls=starttls` text. */
function valuesOf(pairs: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new UsageError(`"${pair}" is not written as name=value`);
      return [pair.slice(0, at), valueOf(pair.slice(at + 1))];
    }),
  );
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function row({ id, rule, severity, title, since, closedAt, acknowledgedAt }: AlertEntry) {
  return { id, rule, severity, since, state: closedAt ? `over ${closedAt}` : acknowledgedAt ? 'acknowledged' : 'open', title };
}

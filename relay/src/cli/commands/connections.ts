import type { Command } from 'commander';
import type { RelayClient } from '../client.ts';
import { action } from '../context.ts';
import { UsageError } from '../failure.ts';
import { idOf, tenantPath } from '../find.ts';
import type { CommandLineIo, TenantOption } from '../io.ts';
import { readSecret } from '../prompt.ts';
import { readSettings, type SettingsSchema } from '../settings.ts';
import { tableText } from '../table.ts';

interface Connection {
  id: string;
  system: string;
  name: string;
  halt: { code: string; message: string; fix: string } | null;
  lastCheck: Check | null;
}

interface Check {
  at: string;
  ok: boolean;
  account: string | null;
  details: Record<string, string>;
  problem: { code: string; message: string; fix: string } | null;
}

interface Credential {
  agents: { agentName: string; state: string; problem: { message: string; fix: string } | null }[];
}

interface SettingsOptions {
  tenant?: string;
  set: string[];
  secret: string[];
  stdin?: boolean;
}

interface AddOptions extends SettingsOptions {
  system: string;
  site?: string;
}

export function addConnections(program: Command, io: CommandLineIo): void {
  const connections = program.command('connections').description('accounts on the systems');
  withSettings(connections.command('add <name>').description('make a connection'))
    .requiredOption('--system <id>', 'system, for instance sap-ecc or cin7-core')
    .option('--site <name>', 'site whose agents reach the system')
    .action(
      action(io, async ({ client, print }, { tenant: named, system, site, ...given }: AddOptions, name: string) => {
        const tenant = await tenantPath(client, named);
        const siteId = site === undefined ? undefined : await idOf(client, { tenant, kind: 'sites', name: site });
        const settings = await settingsOf(client, io, { system, ...given });
        print(await client.send<Connection>('POST', `${tenant}/connections`, { system, name, siteId, settings }), ({ id }) => id);
      }),
    );
  withSettings(connections.command('change <connection>').description('change settings; what is not named stays as it is')).action(
    action(io, async ({ client, print }, { tenant, ...given }: SettingsOptions, name: string) => {
      const path = await connectionPath(client, tenant, name);
      const { system } = await client.get<Connection>(path);
      const settings = await settingsOf(client, io, { system, ...given });
      print(await client.send<Connection>('PATCH', path, { settings }), (connection) => `${connection.name} is changed`);
    }),
  );
  connections
    .command('list')
    .description('connections of a tenant')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, printList }, { tenant }: TenantOption) => {
        printList(await client.list<Connection>(`${await tenantPath(client, tenant)}/connections`), row);
      }),
    );
  connections
    .command('check <connection>')
    .description('try a connection now')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption, name: string) => {
        const check = await client.send<Check>('POST', `${await connectionPath(client, tenant, name)}/check`);
        print(check, checkText);
        if (!check.ok) throw new Error(`connection ${name} does not work`);
      }),
    );
  connections
    .command('set-credential <connection>')
    .description('give the password of a system behind agents; it is sealed to them at once')
    .option('--tenant <name>', 'tenant, by name or id')
    .option('--stdin', 'read the password from standard input')
    .action(
      action(io, async ({ client, print }, { tenant, stdin = false }: TenantOption & { stdin?: boolean }, name: string) => {
        const path = await connectionPath(client, tenant, name);
        const password = await readSecret(`Password for ${name}: `, stdin, io);
        print(await client.send<Credential>('PUT', `${path}/credential`, { password }), credentialText);
      }),
    );
  connections
    .command('credential <connection>')
    .description('which agents were given the password')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption, name: string) => {
        print(await client.get<Credential>(`${await connectionPath(client, tenant, name)}/credential`), credentialText);
      }),
    );
  connections
    .command('resume <connection>')
    .description('end a halt: what waited goes out at once')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption, name: string) => {
        const path = await connectionPath(client, tenant, name);
        print(await client.send<Connection>('POST', `${path}/resume`), (connection) => `${connection.name} works again`);
      }),
    );
  connections
    .command('remove <connection>')
    .description('delete a connection that no integration uses')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption, name: string) => {
        await client.send('DELETE', await connectionPath(client, tenant, name));
        print({ removed: name }, () => `${name} is deleted`);
      }),
    );
}

function withSettings(command: Command): Command {
  return command
    .option('--tenant <name>', 'tenant, by name or id')
    .option('--set <name=value...>', 'settings, as `ml-relay systems` describes them', [])
    .option('--secret <name...>', 'settings that are asked for without being shown', [])
    .option('--stdin', 'read the secret settings from standard input, one per line');
}

async function settingsOf(
  client: RelayClient,
  io: CommandLineIo,
  { system, set, secret, stdin = false }: { system: string; set: string[]; secret: string[]; stdin?: boolean },
): Promise<Record<string, unknown>> {
  const { items } = await client.get<{ items: { id: string; settings: SettingsSchema; secretSettings: string[] }[] }>('/systems');
  const known = items.find((one) => one.id === system);
  if (!known) throw new UsageError(`there is no system "${system}"; known are ${items.map(({ id }) => id).join(', ')}`);
  const settings = readSettings(set, known.settings);
  const open = known.secretSettings.find((name) => name in settings);
  // Arguments are seen by every user of the machine and kept in the shell's history.
  if (open !== undefined) throw new UsageError(`${open} is a secret: give it with --secret ${open}, not with --set`);
  const secrets = stdin ? await secretLines(secret, io) : await askSecrets(secret, io);
  return { ...settings, ...secrets };
}

async function askSecrets(names: readonly string[], io: CommandLineIo): Promise<Record<string, string>> {
  const secrets: Record<string, string> = {};
  for (const name of names) secrets[name] = await readSecret(`${name}: `, false, io);
  return secrets;
}

async function secretLines(names: readonly string[], io: CommandLineIo): Promise<Record<string, string>> {
  const lines = names.length === 0 ? [] : (await readSecret('', true, io)).split(/\r?\n/);
  if (lines.length !== names.length) throw new UsageError(`standard input holds ${lines.length} lines for ${names.length} secret settings`);
  return Object.fromEntries(names.map((name, place) => [name, lines[place] ?? '']));
}

async function connectionPath(client: RelayClient, named: string | undefined, name: string): Promise<string> {
  const tenant = await tenantPath(client, named);
  return `${tenant}/connections/${await idOf(client, { tenant, kind: 'connections', name: name })}`;
}

function row({ name, id, system, halt, lastCheck }: Connection) {
  const checked = lastCheck && `${lastCheck.ok ? lastCheck.account : lastCheck.problem?.code} at ${lastCheck.at}`;
  return { name, id, system, checked, halt: halt && `${halt.code}: ${halt.message}` };
}

function checkText({ ok, account, details, problem }: Check): string {
  if (!ok) return `${problem?.message} (${problem?.code})${problem?.fix ? `\n  -> ${problem.fix}` : ''}`;
  return [`works: ${account}`, ...Object.entries(details).map(([name, value]) => `  ${name}: ${value}`)].join('\n');
}

function credentialText({ agents }: Credential): string {
  return tableText(agents.map(({ agentName, state, problem }) => ({ agent: agentName, state, problem: problem?.message })));
}

import type { Command } from 'commander';
import type { RelayClient } from '../client.ts';
import { action } from '../context.ts';
import { UsageError } from '../failure.ts';
import { idOf, tenantPath } from '../find.ts';
import type { CommandLineIo, TenantOption } from '../io.ts';
import { tableText } from '../table.ts';

interface Webhooks {
  state: string;
  url: string | null;
  mode: string | null;
  modeSetBy: string | null;
  subscriptions: { topic: string; state: string }[];
  lastKeptAt: string | null;
  problem: { code: string; message: string; fix: string } | null;
  lastEventAt: string | null;
  newEvents: number;
  waitingKeys: number;
  lastDay: { outcome: string; count: number }[];
}

const modes = ['observe', 'required', 'automatic'];

export function addConnectionWebhooks(program: Command, io: CommandLineIo): void {
  const webhooks = program.command('webhooks').description('what systems tell the relay by themselves');
  webhooks
    .command('show <connection>')
    .description('address, subscriptions, and what arrived')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption, name: string) => {
        print(await client.get<Webhooks>(await webhooksPath(client, tenant, name)), text);
      }),
    );
  webhooks
    .command('mode <connection> <mode>')
    .description('whether deliveries without a signature are taken: observe, required, or automatic')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption, name: string, mode: string) => {
        if (!modes.includes(mode)) throw new UsageError(`there is no mode "${mode}"; known are ${modes.join(', ')}`);
        print(await client.send<Webhooks>('PATCH', await webhooksPath(client, tenant, name), { mode }), text);
      }),
    );
  webhooks
    .command('rotate-secret <connection>')
    .description('make a new header secret; the one before is accepted for 49 hours more')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption, name: string) => {
        print(await client.send<Webhooks>('POST', `${await webhooksPath(client, tenant, name)}/rotate-secret`), text);
      }),
    );
}

async function webhooksPath(client: RelayClient, named: string | undefined, name: string): Promise<string> {
  const tenant = await tenantPath(client, named);
  return `${tenant}/connections/${await idOf(client, { tenant, kind: 'connections', name })}/webhooks`;
}

function text({ state, url, mode, modeSetBy, subscriptions, lastKeptAt, problem, ...of }: Webhooks): string {
  const lines = [
    `${state}: ${url ?? 'no address yet'}`,
    ...(mode === null ? [] : [`mode ${mode}${modeSetBy === null ? '' : `, set by ${modeSetBy}`}`]),
    ...(problem ? [`${problem.message} (${problem.code})${problem.fix ? `\n  -> ${problem.fix}` : ''}`] : []),
    `last event ${of.lastEventAt ?? 'never'}; ${of.newEvents} not looked at, ${of.waitingKeys} keys to be read`,
    `of the last 24 hours: ${of.lastDay.map(({ outcome, count }) => `${outcome} ${count}`).join(', ') || 'nothing'}`,
  ];
  if (subscriptions.length === 0) return lines.join('\n');
  return [...lines, `subscriptions as of ${lastKeptAt ?? 'never'}:`, tableText(subscriptions)].join('\n');
}

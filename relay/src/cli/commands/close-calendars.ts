import type { Command } from 'commander';
import type { RelayClient } from '../client.ts';
import { action } from '../context.ts';
import { UsageError } from '../failure.ts';
import { idOf, tenantPath } from '../find.ts';
import type { CommandLineIo, TenantOption } from '../io.ts';
import type { Cell } from '../table.ts';

type Entry = { kind: 'freeze'; from: string; to: string; note?: string } | { kind: 'closed'; first: string; last: string; note?: string };

interface Calendar {
  id: string;
  name: string;
  timeZone: string;
  integrationId: string | null;
  flowIds: string[] | null;
  entries: Entry[];
}

interface AddOptions extends TenantOption {
  timeZone: string;
  integration?: string;
  flow: string[];
}

interface SpanOptions extends TenantOption {
  from: string;
  to: string;
  note?: string;
}

export function addCloseCalendars(program: Command, io: CommandLineIo): void {
  const calendars = program.command('calendars').description('close calendars: when nothing is posted, and which business days are closed');
  calendars
    .command('add <name>')
    .description('make a calendar; without --integration and --flow it holds for everything of the tenant')
    .option('--tenant <name>', 'tenant, by name or id')
    .requiredOption('--time-zone <name>', 'for instance Europe/Berlin')
    .option('--integration <name>', 'only for this integration')
    .option('--flow <id...>', 'only for these flows', [])
    .action(
      action(io, async ({ client, print }, { tenant: named, timeZone, integration, flow }: AddOptions, name: string) => {
        const tenant = await tenantPath(client, named);
        const integrationId = integration === undefined ? null : await idOf(client, { tenant, kind: 'integrations', name: integration });
        const body = { name, timeZone, integrationId, flowIds: flow.length > 0 ? flow : null };
        print(await client.send<Calendar>('POST', `${tenant}/close-calendars`, body), ({ id }) => id);
      }),
    );
  calendars
    .command('list')
    .description('calendars with their entries')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print, printList }, { tenant, json }: TenantOption & { json?: boolean }) => {
        const found = await client.list<Calendar>(`${await tenantPath(client, tenant)}/close-calendars`);
        if (json) return print(found, () => '');
        printList(found.flatMap(rows), (row) => row);
      }),
    );
  addEntry(calendars, io, {
    verb: 'freeze',
    description: 'post nothing from then to then; reading goes on, and all goes out afterwards (a day as --to is included whole)',
    entryOf: ({ from, to, note }) => ({ kind: 'freeze', from, to, ...(note !== undefined && { note }) }),
  });
  addEntry(calendars, io, {
    verb: 'close',
    description: 'hold documents of these business days for as long as the entry stands',
    entryOf: ({ from, to, note }) => ({ kind: 'closed', first: from, last: to, ...(note !== undefined && { note }) }),
  });
  calendars
    .command('remove <calendar>')
    .description('remove a calendar, or one of its entries; what it held goes out')
    .option('--tenant <name>', 'tenant, by name or id')
    .option('--entry <number>', 'number of the entry, as the list shows it', Number)
    .action(
      action(io, async ({ client, print }, { tenant, entry }: TenantOption & { entry?: number }, name: string) => {
        const { path, calendar } = await findCalendar(client, tenant, name);
        if (entry === undefined) {
          await client.send('DELETE', path);
          return print({ id: calendar.id }, () => `${name} is removed`);
        }
        if (!calendar.entries[entry - 1]) throw new UsageError(`calendar ${name} has no entry ${entry}`);
        const entries = calendar.entries.filter((_one, place) => place !== entry - 1);
        print(await client.send<Calendar>('PUT', path, bodyOf(calendar, entries)), () => `entry ${entry} of ${name} is removed`);
      }),
    );
}

interface EntryCommand {
  verb: string;
  description: string;
  entryOf: (options: SpanOptions) => Entry;
}

function addEntry(calendars: Command, io: CommandLineIo, { verb, description, entryOf }: EntryCommand): void {
  calendars
    .command(`${verb} <calendar>`)
    .description(description)
    .option('--tenant <name>', 'tenant, by name or id')
    .requiredOption('--from <time>', verb === 'freeze' ? 'YYYY-MM-DD, or YYYY-MM-DDTHH:MM in the time zone' : 'first day: YYYY-MM-DD')
    .requiredOption('--to <time>', verb === 'freeze' ? 'the same' : 'last day, included')
    .option('--note <text>', 'for people')
    .action(
      action(io, async ({ client, print }, options: SpanOptions, name: string) => {
        const { path, calendar } = await findCalendar(client, options.tenant, name);
        const body = bodyOf(calendar, [...calendar.entries, entryOf(options)]);
        print(await client.send<Calendar>('PUT', path, body), ({ entries }) => `entry ${entries.length} of ${name} is added`);
      }),
    );
}

async function findCalendar(client: RelayClient, named: string | undefined, name: string): Promise<{ path: string; calendar: Calendar }> {
  const tenant = await tenantPath(client, named);
  const found = await client.list<Calendar>(`${tenant}/close-calendars`);
  const calendar = found.find((one) => one.id === name || one.name === name);
  if (calendar) return { path: `${tenant}/close-calendars/${calendar.id}`, calendar };
  throw new UsageError(`there is no close calendar "${name}" in this tenant; ml-relay calendars list shows them`);
}

function bodyOf({ name, timeZone, integrationId, flowIds }: Calendar, entries: Entry[]): object {
  return { name, timeZone, integrationId, flowIds, entries };
}

function rows({ id, name, timeZone, integrationId, flowIds, entries }: Calendar): Record<string, Cell>[] {
  const head = {
    name,
    id,
    'time zone': timeZone,
    for: [integrationId ?? 'all integrations', flowIds?.join(' ') ?? 'all flows'].join(', '),
  };
  if (entries.length === 0) return [{ ...head, entry: null, what: null, from: null, to: null, note: null }];
  return entries.map((entry, place) => {
    const [from, to] = entry.kind === 'freeze' ? [entry.from, entry.to] : [entry.first, entry.last];
    return { ...head, entry: place + 1, what: entry.kind, from, to, note: entry.note ?? null };
  });
}

import type { Command } from 'commander';
import { action } from '../context.ts';
import { UsageError } from '../failure.ts';
import { idOf, tenantPath } from '../find.ts';
import type { CommandLineIo, TenantOption } from '../io.ts';
import { wholeNumber } from '../schedule-options.ts';

interface Blackouts {
  windows: { words: string; window: { note?: string } }[];
  isDark: boolean;
  until: string | null;
}

interface BlackoutOptions extends TenantOption {
  cron?: string;
  minutes?: number;
  from?: string;
  to?: string;
  timeZone?: string;
  note?: string;
  remove?: number;
}

export function addBlackouts(program: Command, io: CommandLineIo): void {
  program
    .command('blackouts <connection>')
    .description('when nothing is sent to a connection or read from it; without options: shows them')
    .option('--tenant <name>', 'tenant, by name or id')
    .option('--cron <pattern>', 'add one that begins at these times')
    .option('--minutes <minutes>', 'how long it lasts each time', wholeNumber)
    .option('--from <time>', 'add one that comes once: YYYY-MM-DD, or YYYY-MM-DDTHH:MM')
    .option('--to <time>', 'its end; a day is included whole')
    .option('--time-zone <name>', 'for instance Europe/Berlin (default: UTC)')
    .option('--note <text>', 'for people: SAP night batch')
    .option('--remove <number>', 'remove one, by its number', wholeNumber)
    .action(
      action(io, async ({ client, print }, options: BlackoutOptions, name: string) => {
        const tenant = await tenantPath(client, options.tenant);
        const path = `${tenant}/connections/${await idOf(client, { tenant, kind: 'connections', name })}/blackouts`;
        const present = await client.get<Blackouts>(path);
        const windows = changed(present, options);
        print(windows ? await client.send<Blackouts>('PUT', path, { windows }) : present, show);
      }),
    );
}

function changed(
  { windows }: Blackouts,
  { cron, minutes, from, to, timeZone = 'UTC', note, remove }: BlackoutOptions,
): object[] | undefined {
  const present = windows.map(({ window }) => window);
  if (remove !== undefined) {
    if (!present[remove - 1]) throw new UsageError(`there is no window ${remove}`);
    return present.filter((_one, place) => place !== remove - 1);
  }
  const common = { timeZone, ...(note !== undefined && { note }) };
  if (cron !== undefined && minutes !== undefined) return [...present, { cron, forMinutes: minutes, ...common }];
  if (from !== undefined && to !== undefined) return [...present, { from, to, ...common }];
  if ((cron ?? minutes ?? from ?? to) !== undefined) throw new UsageError('give --cron with --minutes, or --from with --to');
  return undefined;
}

function show({ windows, isDark, until }: Blackouts): string {
  const lines = windows.map(({ words, window }, place) => `${place + 1}. ${words}${window.note ? ` - ${window.note}` : ''}`);
  const now = isDark ? `left alone now, until ${until ?? 'further notice'}` : 'open now';
  return [...(lines.length > 0 ? lines : ['no blackouts']), now].join('\n');
}

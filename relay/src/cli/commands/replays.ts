import type { Command } from 'commander';
import { action } from '../context.ts';
import { UsageError } from '../failure.ts';
import { tenantPath } from '../find.ts';
import type { CommandLineIo, TenantOption } from '../io.ts';
import { tableText } from '../table.ts';
import { count } from './runs.ts';

interface Cause {
  id: string;
  flowId: string;
  code: string;
  message: string;
  missing: { valueMapId: string; codes: { code: string; records: number }[] } | null;
  records: number;
  oldestAt: string;
  examples: { key: string; label: string }[];
  frees: string;
}

interface Preview {
  selected: number;
  examined: number;
  wouldPass: number;
  wouldBeSkipped: number;
  stillBlocked: number;
  underWay: number;
  blockedBy: { code: string; message: string; records: number; examples: { key: string; label: string }[] }[];
}

interface Replay {
  id: string;
  state: string;
  note: string;
  steps: number;
  counts: Record<string, number>;
  surprises: Item[];
  kept: Item[];
  createdAt: string;
}

interface Item {
  recordId: string;
  outcome: { state: string; why: string } | null;
}

interface SelectionOptions extends TenantOption {
  cause?: string;
  state?: string;
  flow?: string;
  reason?: string;
}

export function addReplays(program: Command, io: CommandLineIo): void {
  const replays = program
    .command('replays')
    .description('what stands still, by cause; many records sent again, braking at the first surprise');
  replays
    .command('causes')
    .description('why records stand still, how many, and what would free them')
    .option('--tenant <name>', 'tenant, by name or id')
    .option('--flow <id>', 'flow')
    .action(
      action(io, async ({ client, printList }, { tenant, flow }: TenantOption & { flow?: string }) => {
        const path = `${await tenantPath(client, tenant)}/records/causes`;
        const { items } = await client.get<{ items: Cause[] }>(path, { flowId: flow });
        printList(items, ({ id, records, code, message, missing, oldestAt, examples: [first], frees }) => ({
          id,
          records,
          cause: missing ? `${missing.valueMapId}: ${missing.codes.map((one) => one.code).join(', ')}` : `${message} (${code})`,
          oldest: oldestAt,
          'for instance': first ? `${first.label} (${first.key})` : '',
          'what frees them': frees,
        }));
      }),
    );
  withSelection(replays.command('preview [ids...]').description('how many would pass now, and why the others would not')).action(
    action(io, async ({ client, print }, options: SelectionOptions, ids: string[]) => {
      const path = `${await tenantPath(client, options.tenant)}/replays/preview`;
      print(await client.send<Preview>('POST', path, selectionOf(options, ids)), showPreview);
    }),
  );
  withSelection(
    replays.command('start [ids...]').description('send them again in steps of 1, 10, 100 …, and stop at the first surprise'),
  ).action(
    action(io, async ({ client, print }, options: SelectionOptions, ids: string[]) => {
      const replay = await client.send<Replay>('POST', `${await tenantPath(client, options.tenant)}/replays`, selectionOf(options, ids));
      print(replay, ({ id, counts }) => `${id} begins with ${counts['left']} records; see it with: ml-relay replays show ${id}`);
    }),
  );
  replays
    .command('list')
    .description('replays, newest first')
    .option('--tenant <name>', 'tenant, by name or id')
    .option('-n, --limit <count>', 'how many', count, 20)
    .action(
      action(io, async ({ client, printList }, { tenant, limit }: TenantOption & { limit: number }) => {
        printList(await client.list<Replay>(`${await tenantPath(client, tenant)}/replays`, {}, limit), row);
      }),
    );
  for (const [name, description, method, then] of [
    ['show', 'how far a replay is, and what surprised it', 'GET', ''],
    ['continue', 'go on after a surprise', 'POST', '/continue'],
    ['cancel', 'end a replay; what was not sent stays as it is', 'POST', '/cancel'],
  ] as const) {
    replays
      .command(`${name} <id>`)
      .description(description)
      .option('--tenant <name>', 'tenant, by name or id')
      .action(
        action(io, async ({ client, print }, { tenant }: TenantOption, id: string) => {
          const path = `${await tenantPath(client, tenant)}/replays/${id}${then}`;
          print(method === 'GET' ? await client.get<Replay>(path) : await client.send<Replay>(method, path), show);
        }),
      );
  }
}

function withSelection(command: Command): Command {
  return command
    .option('--tenant <name>', 'tenant, by name or id')
    .option('--cause <id>', 'records of one cause, as ml-relay replays causes names it')
    .option('--state <states>', 'states, separated by commas')
    .option('--flow <id>', 'flow')
    .option('--reason <code>', 'code of a reason, for instance VALUE_MAP_MISSING');
}

function selectionOf({ cause, state, flow, reason }: SelectionOptions, ids: string[]): object {
  const filter = { states: state?.split(','), flowId: flow, reason };
  const hasFilter = Object.values(filter).some((value) => value !== undefined);
  if (Number(ids.length > 0) + Number(cause !== undefined) + Number(hasFilter) !== 1)
    throw new UsageError('give record ids, or --cause, or a filter such as --state blocked');
  if (ids.length > 0) return { recordIds: ids };
  return cause === undefined ? { filter } : { causeId: cause };
}

function showPreview({ selected, examined, wouldPass, wouldBeSkipped, stillBlocked, underWay, blockedBy }: Preview): string {
  const causes = blockedBy.map(({ records, code, message, examples: [first] }) => ({
    records,
    cause: `${message} (${code})`,
    'for instance': first ? `${first.label} (${first.key})` : '',
  }));
  const counts = `${wouldPass} would pass, ${stillBlocked} stay blocked, ${wouldBeSkipped} would be left out, ${underWay} are under way`;
  return [
    `${selected} records${examined < selected ? `, ${examined} of them looked at` : ''}: ${counts}`,
    ...(causes.length > 0 ? [tableText(causes)] : []),
  ].join('\n');
}

function row({ id, state, steps, counts, createdAt, note }: Replay) {
  return { id, state, steps, ...counts, started: createdAt, note };
}

function show(replay: Replay): string {
  const items = [...replay.surprises, ...replay.kept].map(({ recordId, outcome }) => ({
    record: recordId,
    state: outcome?.state ?? '',
    why: outcome?.why ?? '',
  }));
  const further = replay.state === 'stopped' ? [`look at it, then: ml-relay replays continue ${replay.id}`] : [];
  return [tableText([row(replay)]), ...(items.length > 0 ? [tableText(items)] : []), ...further].join('\n');
}

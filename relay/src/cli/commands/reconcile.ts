import { InvalidArgumentError, Option, type Command } from 'commander';
import { action } from '../context.ts';
import { UsageError } from '../failure.ts';
import { idOf, tenantPath } from '../find.ts';
import type { CommandLineIo, TenantOption } from '../io.ts';
import { tableText } from '../table.ts';
import { count } from './runs.ts';

interface Side {
  count: number;
  sum: string;
}

interface Reconciliation {
  id: string;
  flowId: string;
  days: { first: string; last: string };
  trigger: string;
  state: string;
  progress: string;
  sliceCount: number;
  differenceCount: number;
  problem: { code: string; message: string; fix: string } | null;
  requestedAt: string;
  slices?: { name: string; source: Side; ledger: Side; target: Side; differenceCount: number }[];
}

interface Difference {
  slice: string;
  key: string;
  code: string;
  message: string;
  recordId: string | null;
}

interface FlowOptions extends TenantOption {
  integration: string;
  flow: string;
}

interface Plan {
  enabled: boolean;
  hour: number;
  everyHours: number | null;
  timeZone: string;
  months: number;
  nextAt: string | null;
}

interface PlanOptions extends FlowOptions {
  hour?: number;
  everyHours?: number;
  timeZone?: string;
  months?: number;
  off?: boolean;
}

export function addReconcile(program: Command, io: CommandLineIo): void {
  const reconcile = program.command('reconcile').description('compare source, ledger and target, down to the document');
  ofFlow(reconcile.command('start').description('compare now'))
    .option('--first <day>', 'first business day: YYYY-MM-DD (default: the months of the plan)')
    .option('--last <day>', 'last business day')
    .action(
      action(io, async ({ client, print }, options: FlowOptions & { first?: string; last?: string }) => {
        const { flow: flowId, first, last } = options;
        if ((first === undefined) !== (last === undefined)) throw new UsageError('give --first and --last together');
        const tenant = await tenantPath(client, options.tenant);
        const integrationId = await idOf(client, { tenant, kind: 'integrations', name: options.integration });
        const days = first === undefined ? {} : { days: { first, last } };
        const answer = await client.send<Reconciliation>('POST', `${tenant}/reconciliations`, { integrationId, flowId, ...days });
        print(answer, ({ id }) => `asked for; see it with: ml-relay reconcile show ${id}`);
      }),
    );
  reconcile
    .command('list')
    .description('reconciliations, newest first')
    .option('--tenant <name>', 'tenant, by name or id')
    .option('-n, --limit <count>', 'how many', count, 20)
    .action(
      action(io, async ({ client, printList }, { tenant, limit }: TenantOption & { limit: number }) => {
        printList(await client.list<Reconciliation>(`${await tenantPath(client, tenant)}/reconciliations`, {}, limit), row);
      }),
    );
  reconcile
    .command('show <reconciliation>')
    .description('counts and sums of all three sides, and what differs')
    .option('--tenant <name>', 'tenant, by name or id')
    .option('-n, --limit <count>', 'differences to show', count, 100)
    .action(
      action(io, async ({ client, print }, { tenant, limit }: TenantOption & { limit: number }, id: string) => {
        const path = `${await tenantPath(client, tenant)}/reconciliations/${id}`;
        const found = await client.get<Reconciliation>(path);
        const differences = await client.list<Difference>(`${path}/differences`, {}, limit);
        print({ ...found, differences }, show);
      }),
    );
  ofFlow(reconcile.command('plan').description('when it is done by itself; without options: shows it'))
    .option('--hour <hour>', 'once a day at this hour', wholeHour)
    .addOption(new Option('--every-hours <hours>', 'every so many hours instead').argParser(count).conflicts('hour'))
    .option('--time-zone <name>', 'for instance Europe/Berlin')
    .option('--months <count>', 'calendar months to compare, the present one included', count)
    .option('--off', 'not by itself')
    .action(
      action(io, async ({ client, print }, options: PlanOptions) => {
        const tenant = await tenantPath(client, options.tenant);
        const integrationId = await idOf(client, { tenant, kind: 'integrations', name: options.integration });
        const path = `${tenant}/integrations/${integrationId}/flows/${options.flow}/reconciliation-plan`;
        const present = await client.get<Plan>(path);
        const changes = changesOf(options);
        print(changes ? await client.send<Plan>('PUT', path, { ...settingsOf(present), ...changes }) : present, planText);
      }),
    );
}

function ofFlow(command: Command): Command {
  return command
    .option('--tenant <name>', 'tenant, by name or id')
    .requiredOption('--integration <name>', 'integration, by name or id')
    .requiredOption('--flow <id>', 'flow of the integration');
}

function changesOf({ hour, everyHours, timeZone, months, off }: PlanOptions): Partial<Plan> | undefined {
  const changes = {
    ...(hour !== undefined && { hour, everyHours: null }),
    ...(everyHours !== undefined && { everyHours }),
    ...(timeZone !== undefined && { timeZone }),
    ...(months !== undefined && { months }),
  };
  if (off) return { ...changes, enabled: false };
  return Object.keys(changes).length > 0 ? { ...changes, enabled: true } : undefined;
}

function settingsOf({ nextAt: _nextAt, ...settings }: Plan): Omit<Plan, 'nextAt'> {
  return settings;
}

function planText({ enabled, hour, everyHours, timeZone, months, nextAt }: Plan): string {
  if (!enabled) return 'not by itself';
  const when = everyHours === null ? `every day at ${String(hour).padStart(2, '0')}:00 (${timeZone})` : `every ${everyHours} hours`;
  return `${when}, the last ${months} months; next ${nextAt ?? 'as soon as the flow runs'}`;
}

function row({ id, flowId, days, trigger, state, sliceCount, differenceCount, requestedAt, progress, problem }: Reconciliation) {
  return {
    id,
    flow: flowId,
    days: `${days.first} to ${days.last}`,
    trigger,
    state,
    slices: sliceCount,
    differences: differenceCount,
    requested: requestedAt,
    progress: problem?.message ?? progress,
  };
}

function show(found: Reconciliation & { differences: Difference[] }): string {
  const sideText = ({ count: number, sum }: Side): string => `${number} / ${sum}`;
  const slices = (found.slices ?? []).map(({ name, source, ledger, target, differenceCount }) => ({
    slice: name,
    source: sideText(source),
    ledger: sideText(ledger),
    target: sideText(target),
    differences: differenceCount,
  }));
  const { problem } = found;
  return [
    tableText([row(found)]),
    ...(slices.length > 0 ? [tableText(slices)] : []),
    ...(found.differences.length > 0
      ? [tableText(found.differences.map(({ slice, key, code, message }) => ({ slice, document: key, code, message })))]
      : []),
    ...(problem ? [`${problem.message} (${problem.code})${problem.fix ? `\n  -> ${problem.fix}` : ''}`] : []),
  ].join('\n');
}

function wholeHour(text: string): number {
  if (/^([01]?\d|2[0-3])$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 0 to 23.');
}

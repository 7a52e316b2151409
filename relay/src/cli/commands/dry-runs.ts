import { Option, type Command } from 'commander';
import { action } from '../context.ts';
import { idOf, tenantPath } from '../find.ts';
import type { CommandLineIo, TenantOption } from '../io.ts';
import { tableText } from '../table.ts';
import { count } from './runs.ts';

interface DryRun {
  id: string;
  flowId: string;
  mode: string;
  state: string;
  progress: string;
  read: number;
  counts: Record<string, number>;
  unchangedButMappedDifferently: number;
  blockedBy: { code: string; message: string; records: number; example: string }[];
  problem: { code: string; message: string; fix: string } | null;
  requestedAt: string;
  items?: { outcome: string; key: string; label: string; why: string; differences: { path: string; before: unknown; after: unknown }[] }[];
}

interface StartOptions {
  tenant?: string;
  integration: string;
  flow: string;
  mode: string;
  first?: string;
  last?: string;
}

export function addDryRuns(program: Command, io: CommandLineIo): void {
  const runs = program.command('dry-run').description('a run that sends nothing: what would be created, updated, blocked');
  runs
    .command('start')
    .description('read and map now; ledger, cursor and target stay as they are')
    .option('--tenant <name>', 'tenant, by name or id')
    .requiredOption('--integration <name>', 'integration, by name or id')
    .requiredOption('--flow <id>', 'flow of the integration')
    .addOption(new Option('--mode <mode>', 'what to read').choices(['changes', 'sweep', 'full', 'backfill']).default('changes'))
    .option('--first <day>', 'first business day of a backfill, YYYY-MM-DD')
    .option('--last <day>', 'last business day of a backfill')
    .action(
      action(io, async ({ client, print }, { tenant: named, integration, flow: flowId, mode, first, last }: StartOptions) => {
        const tenant = await tenantPath(client, named);
        const integrationId = await idOf(client, { tenant, kind: 'integrations', name: integration });
        const days = first === undefined && last === undefined ? {} : { days: { first, last: last ?? first } };
        const run = await client.send<DryRun>('POST', `${tenant}/dry-runs`, { integrationId, flowId, mode, ...days });
        print(run, ({ id }) => `${id} begins; see it with: ml-relay dry-run show ${id}`);
      }),
    );
  runs
    .command('list')
    .description('dry runs, newest first')
    .option('--tenant <name>', 'tenant, by name or id')
    .option('-n, --limit <count>', 'how many', count, 20)
    .action(
      action(io, async ({ client, printList }, { tenant, limit }: TenantOption & { limit: number }) => {
        printList(await client.list<DryRun>(`${await tenantPath(client, tenant)}/dry-runs`, {}, limit), row);
      }),
    );
  runs
    .command('show <id>')
    .description('what a dry run found')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption, id: string) => {
        print(await client.get<DryRun>(`${await tenantPath(client, tenant)}/dry-runs/${id}`), show);
      }),
    );
  runs
    .command('cancel <id>')
    .description('end a dry run; what it found is kept')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption, id: string) => {
        print(await client.send<DryRun>('POST', `${await tenantPath(client, tenant)}/dry-runs/${id}/cancel`), () => `${id} is cancelled`);
      }),
    );
}

function row({ id, flowId, mode, state, read, counts, requestedAt, progress, problem }: DryRun) {
  return { id, flow: flowId, mode, state, read, ...counts, asked: requestedAt, progress: problem?.message ?? progress };
}

function show(run: DryRun): string {
  const { problem, blockedBy, items = [], unchangedButMappedDifferently: stale } = run;
  const causes = blockedBy.map(({ records, code, message, example }) => ({ records, code, message, 'for instance': example }));
  const samples = items.map(({ outcome, key, label, why, differences }) => {
    const changes = differences.map(({ path, before, after }) => `${path}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`);
    return { outcome, key, label, what: [why, ...changes].filter((part) => part !== '').join('; ') };
  });
  return [
    tableText([row(run)]),
    ...(problem ? [`${problem.message} (${problem.code})${problem.fix ? `\n  -> ${problem.fix}` : ''}`] : []),
    ...(stale > 0 ? [`${stale} unchanged ones would be mapped otherwise now; only a replay sends them`] : []),
    ...(causes.length > 0 ? ['blocked by', tableText(causes)] : []),
    ...(samples.length > 0 ? ['the first of each outcome (bodies: --json)', tableText(samples)] : []),
  ].join('\n');
}

import { InvalidArgumentError, Option, type Command } from 'commander';
import { action } from '../context.ts';
import { idOf, tenantPath } from '../find.ts';
import type { CommandLineIo, TenantOption } from '../io.ts';
import { tableText } from '../table.ts';

interface Run {
  id: string;
  flowId: string;
  mode: string;
  trigger: string;
  state: string;
  read: number;
  new: number;
  unchanged: number;
  superseded: number;
  progress: string;
  problem: { code: string; message: string; fix: string } | null;
  startedAt: string;
  endedAt: string | null;
  records?: Record<string, number>;
}

interface StartOptions {
  tenant?: string;
  integration: string;
  flow: string;
  mode: string;
}

export function addRuns(program: Command, io: CommandLineIo): void {
  const runs = program.command('runs').description("executions of a flow's extraction");
  runs
    .command('start')
    .description('ask for a run now; it begins as soon as the flow is free')
    .option('--tenant <name>', 'tenant, by name or id')
    .requiredOption('--integration <name>', 'integration, by name or id')
    .requiredOption('--flow <id>', 'flow of the integration')
    .addOption(
      new Option('--mode <mode>', 'what changed, a look at every key, or everything anew')
        .choices(['changes', 'sweep', 'full'])
        .default('changes'),
    )
    .action(
      action(io, async ({ client, print }, { tenant: named, integration, flow: flowId, mode }: StartOptions) => {
        const tenant = await tenantPath(client, named);
        const integrationId = await idOf(client, { tenant, kind: 'integrations', name: integration });
        const answer = await client.send('POST', `${tenant}/runs`, { integrationId, flowId, mode });
        print(answer, () => `asked for; watch it with: ml-relay runs list`);
      }),
    );
  runs
    .command('list')
    .description('runs, newest first')
    .option('--tenant <name>', 'tenant, by name or id')
    .option('-n, --limit <count>', 'how many', count, 20)
    .action(
      action(io, async ({ client, printList }, { tenant, limit }: TenantOption & { limit: number }) => {
        printList(await client.list<Run>(`${await tenantPath(client, tenant)}/runs`, {}, limit), row);
      }),
    );
  runs
    .command('cancel <run>')
    .description('end a run after its present batch')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption, runId: string) => {
        const run = await client.send<Run>('POST', `${await tenantPath(client, tenant)}/runs/${runId}/cancel`);
        print(run, () => `${runId} ends after its present batch`);
      }),
    );
  runs
    .command('show <run>')
    .description('one run, with what became of its records')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption, runId: string) => {
        print(await client.get<Run>(`${await tenantPath(client, tenant)}/runs/${runId}`), show);
      }),
    );
}

function row({ id, flowId, mode, trigger, state, read, new: fresh, unchanged, startedAt, progress, problem }: Run) {
  return {
    id,
    flow: flowId,
    mode,
    trigger,
    state,
    read,
    new: fresh,
    unchanged,
    started: startedAt,
    progress: problem?.message ?? progress,
  };
}

function show(run: Run): string {
  const records = Object.entries(run.records ?? {}).map(([state, number]) => `${number} ${state}`);
  const problem = run.problem ? [`${run.problem.message} (${run.problem.code})${run.problem.fix ? `\n  -> ${run.problem.fix}` : ''}`] : [];
  return [tableText([row(run)]), `records: ${records.join(', ') || 'none'}`, ...problem].join('\n');
}

export function count(text: string): number {
  if (!/^\d{1,6}$/.test(text) || Number(text) === 0) throw new InvalidArgumentError('It must be a whole number above 0.');
  return Number(text);
}

import { InvalidArgumentError, Option, type Command } from 'commander';
import { systemClock } from '@ml-connector/shared';
import { action, type Context } from '../context.ts';
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

interface RunRequest {
  id: string;
  flowId: string;
  mode: string;
  days: { first: string; last: string } | null;
  state: string;
  run: Run | null;
  requestedAt: string;
  notBefore: string | null;
}

interface StartOptions {
  tenant?: string;
  integration: string;
  flow: string;
  mode: string;
  first?: string;
  last?: string;
  wait?: boolean;
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
      new Option('--mode <mode>', 'what changed, a look at every key, everything anew, or the business days from --first to --last')
        .choices(['changes', 'sweep', 'full', 'backfill'])
        .default('changes'),
    )
    .option('--first <day>', 'first business day of a backfill: YYYY-MM-DD')
    .option('--last <day>', 'last business day of a backfill, included')
    .option('--wait', 'follow it until it has ended')
    .action(
      action(io, async ({ client, print }, { tenant: named, integration, flow: flowId, mode, first, last, wait }: StartOptions) => {
        const tenant = await tenantPath(client, named);
        const integrationId = await idOf(client, { tenant, kind: 'integrations', name: integration });
        const days = first === undefined && last === undefined ? undefined : { first, last };
        const asked = await client.send<RunRequest>('POST', `${tenant}/runs`, { integrationId, flowId, mode, days });
        if (!wait) return print(asked, ({ id }) => `asked for as ${id}; follow it with: ml-relay runs follow ${id}`);
        await follow({ client, print, io }, tenant, asked.id);
      }),
    );
  runs
    .command('follow <request>')
    .description('wait until a run that was asked for has ended; exit code 1 when it failed')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption, requestId: string) => {
        await follow({ client, print, io }, await tenantPath(client, tenant), requestId);
      }),
    );
  runs
    .command('requests')
    .description('runs that were asked for, newest first')
    .option('--tenant <name>', 'tenant, by name or id')
    .option('-n, --limit <count>', 'how many', count, 20)
    .action(
      action(io, async ({ client, printList }, { tenant, limit }: TenantOption & { limit: number }) => {
        printList(await client.list<RunRequest>(`${await tenantPath(client, tenant)}/run-requests`, {}, limit), requestRow);
      }),
    );
  runs
    .command('take-back <request>')
    .description('take back a request that no run has taken up')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption, requestId: string) => {
        const path = `${await tenantPath(client, tenant)}/run-requests/${requestId}/cancel`;
        print(await client.send<RunRequest>('POST', path), () => `${requestId} is taken back`);
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

const followEveryMs = 500;

async function follow({ client, print, io }: Pick<Context, 'client' | 'print' | 'io'>, tenant: string, requestId: string): Promise<void> {
  let told = '';
  for (;;) {
    const request = await client.get<RunRequest>(`${tenant}/run-requests/${requestId}`);
    if (request.state !== 'waiting' && request.state !== 'running') return tell({ print }, request);
    const now = request.run?.progress || request.state;
    if (now !== told) io.stderr.write(`${request.run?.id ?? requestId}: ${now}\n`);
    told = now;
    await systemClock.wait(followEveryMs, io.signal);
  }
}

function tell({ print }: Pick<Context, 'print'>, request: RunRequest): void {
  const { run } = request;
  print(request, ({ id, state }) => (run ? `${state}\n${tableText([row(run)])}` : `${id} is ${state}`));
  if (request.state === 'failed') throw new Error(`run ${run?.id ?? ''} failed: ${run?.problem?.message ?? 'no reason is known'}`);
}

function requestRow({ id, flowId, mode, days, state, run, requestedAt, notBefore }: RunRequest) {
  const range = days ? `${days.first} to ${days.last}` : null;
  return { id, flow: flowId, mode, days: range, state, run: run?.id ?? null, requested: requestedAt, 'not before': notBefore };
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

import { Option, type Command } from 'commander';
import { action } from '../context.ts';
import { UsageError } from '../failure.ts';
import { tenantPath } from '../find.ts';
import type { CommandLineIo, TenantOption } from '../io.ts';
import { tableText } from '../table.ts';
import { addRecordExport } from './record-export.ts';
import { count } from './runs.ts';

interface RecordEntry {
  id: string;
  flowId: string;
  key: string;
  label: string;
  version: number;
  state: string;
  meaning: string;
  reasons: { code: string; message: string; fix: string }[];
  attempts: number;
  nextAttemptAt: string | null;
  targetId: string | null;
  targetLabel: string | null;
  changedAt: string;
}

interface Story extends RecordEntry {
  payload: unknown;
  attemptList: { number: number; startedAt: string; outcome: string | null; body: unknown; notes: string[] }[];
  events: { at: string; actor: string; kind: string; data: unknown }[];
}

interface FilterOptions {
  tenant?: string;
  state?: string;
  flow?: string;
  reason?: string;
}

export function addRecords(program: Command, io: CommandLineIo): void {
  const records = program.command('records').description('what was moved, and what became of it');
  withFilter(records.command('list [text]').description('records, newest first; text is any id of either side, a key, or part of a name'))
    .option('-n, --limit <count>', 'how many', count, 50)
    .action(
      action(
        io,
        async (
          { client, printList },
          { tenant, state, flow, reason, limit }: FilterOptions & { limit: number },
          text: string | undefined,
        ) => {
          const query = { q: text, state, flowId: flow, reason };
          printList(await client.list<RecordEntry>(`${await tenantPath(client, tenant)}/records`, query, limit), row);
        },
      ),
    );
  records
    .command('show <id>')
    .description("one record's whole story; by its id, or any id or name that fits one record only")
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant: named }: TenantOption, text: string) => {
        const tenant = await tenantPath(client, named);
        const recordId = text.startsWith('rec_')
          ? text
          : await searchOne(client.list<RecordEntry>(`${tenant}/records`, { q: text }, 50), text);
        print(await client.get<Story>(`${tenant}/records/${recordId}`), show);
      }),
    );
  records
    .command('unlink <id>')
    .description('forget which object of the target is the one of this record; the next post, for instance a replay, looks for it anew')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption, recordId: string) => {
        await client.send('DELETE', `${await tenantPath(client, tenant)}/records/${recordId}/link`);
        print({ recordId }, () => `the link of ${recordId} is removed; ml-relay records replay ${recordId} sends it again`);
      }),
    );
  records
    .command('acknowledge <id>')
    .description('tell the source now what became of the record, for instance after it had refused that; never sends the record again')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption, recordId: string) => {
        await client.send('POST', `${await tenantPath(client, tenant)}/records/${recordId}/acknowledge`);
        print({ recordId }, () => `the source of ${recordId} is being told; ml-relay records show ${recordId} says how that ends`);
      }),
    );
  withFilter(records.command('replay [ids...]').description("map and post records again, with today's mapping; by id or by filter")).action(
    action(io, async ({ client, print }, { tenant, state, flow, reason }: FilterOptions, ids: string[]) => {
      const filter = { states: state?.split(','), flowId: flow, reason };
      if (ids.length === 0 && Object.values(filter).every((value) => value === undefined))
        throw new UsageError('give record ids, or a filter such as --state blocked');
      const body = ids.length > 0 ? { recordIds: ids } : { filter };
      const path = `${await tenantPath(client, tenant)}/records/replay`;
      const answer = await client.send<{ released: string[]; created: string[]; untouched: string[] }>('POST', path, body);
      print(
        answer,
        ({ released, created, untouched }) =>
          `${released.length} go out again, ${created.length} as new versions, ${untouched.length} were under way already`,
      );
    }),
  );
  addDecisions(records, io);
  addRecordExport(records, io);
}

interface DecideOptions extends FilterOptions {
  because: string;
}

function addDecisions(records: Command, io: CommandLineIo): void {
  withFilter(records.command('skip [ids...]').description('take records out that are not to be posted: entered by hand, or not wanted'))
    .requiredOption('--because <reason>', "why, for the records' story")
    .action(
      action(io, async ({ client, print }, { tenant, state, flow, reason, because }: DecideOptions, ids: string[]) => {
        const states = state?.split(',');
        if (ids.length === 0 && !states)
          throw new UsageError('give record ids, or a filter with --state such as --state blocked --reason REFUSED');
        const selection = ids.length > 0 ? { recordIds: ids } : { filter: { states, flowId: flow, reason } };
        const path = `${await tenantPath(client, tenant)}/records/skip`;
        print(await client.send<Decided>('POST', path, { ...selection, reason: because }), decidedText('skipped'));
      }),
    );
  records
    .command('approve [ids...]')
    .description('let records go that wait for approval; by id or by filter')
    .option('--tenant <name>', 'tenant, by name or id')
    .option('--flow <id>', 'flow')
    .addOption(new Option('--reason <code>', 'what they wait for').choices(['BUSINESS_AGE', 'PERIOD_CLOSED', 'SKIPPED_BEFORE']))
    .requiredOption('--because <reason>', "why, for the records' story")
    .action(
      action(io, async ({ client, print }, { tenant, flow, reason, because }: DecideOptions, ids: string[]) => {
        if (ids.length === 0 && reason === undefined) throw new UsageError('give record ids, or --reason BUSINESS_AGE');
        const selection = ids.length > 0 ? { recordIds: ids } : { filter: { flowId: flow, reason } };
        const path = `${await tenantPath(client, tenant)}/records/approve`;
        print(await client.send<Decided>('POST', path, { ...selection, reason: because }), decidedText('approved'));
      }),
    );
  records
    .command('decide <id>')
    .description('say what a person found in the target about a record whose outcome the relay cannot find out')
    .option('--tenant <name>', 'tenant, by name or id')
    .option('--posted <target id>', 'it is there, under this id of the target')
    .option('--not-posted', 'it is not there: it is sent again')
    .requiredOption('--because <reason>', "why, for the record's story")
    .action(
      action(
        io,
        async (
          { client, print },
          { tenant, posted, notPosted, because }: TenantOption & { posted?: string; notPosted?: boolean; because: string },
          recordId: string,
        ) => {
          if ((posted === undefined) === (notPosted === undefined)) throw new UsageError('give --posted <target id> or --not-posted');
          const found = posted === undefined ? { outcome: 'notPosted' } : { outcome: 'posted', targetId: posted };
          const path = `${await tenantPath(client, tenant)}/records/${recordId}/outcome`;
          const record = await client.send<RecordEntry>('POST', path, { ...found, reason: because });
          print(record, ({ state, meaning }) => `${recordId} is ${state}: ${meaning}`);
        },
      ),
    );
}

interface Decided {
  changed: string[];
  untouched: string[];
}

function decidedText(what: string): (decided: Decided) => string {
  return ({ changed, untouched }) => `${changed.length} ${what}, ${untouched.length} in a state in which this says nothing`;
}

function withFilter(command: Command): Command {
  return command
    .option('--tenant <name>', 'tenant, by name or id')
    .option('--state <states>', 'states, separated by commas')
    .option('--flow <id>', 'flow')
    .option('--reason <code>', 'code of a reason, for instance VALUE_MAP_MISSING');
}

async function searchOne(search: Promise<RecordEntry[]>, text: string): Promise<string> {
  const found = await search;
  const [first] = found;
  if (!first) throw new UsageError(`no record fits "${text}"`);
  // Versions of one key are one thing to the person; the newest comes first.
  if (found.every(({ key, flowId }) => key === first.key && flowId === first.flowId)) return first.id;
  throw new UsageError(`several records fit "${text}"; ml-relay records list shows them`);
}

function row({ id, key, label, version, state, reasons, targetId, changedAt }: RecordEntry) {
  return { id, key, label, version, state, target: targetId, changed: changedAt, reason: reasons.map(({ message }) => message).join('; ') };
}

function show(story: Story): string {
  const reasons = story.reasons.map(({ code, message, fix }) => `  ${message} (${code})${fix ? `\n    -> ${fix}` : ''}`);
  const lines = story.events.map(({ at, actor, kind, data }) => ({ at, actor, kind, data: JSON.stringify(data) }));
  return [
    `${story.key} ${story.label}, version ${story.version}: ${story.state} (${story.meaning})`,
    ...reasons,
    ...(story.targetId ? [`target: ${story.targetId} ${story.targetLabel}`] : []),
    ...(story.nextAttemptAt ? [`next attempt: ${story.nextAttemptAt}`] : []),
    tableText(lines, 240),
    'payload, bodies and full events: --json',
  ].join('\n');
}

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { action } from '../context.ts';
import { UsageError } from '../failure.ts';
import type { CommandLineIo } from '../io.ts';
import { tableText } from '../table.ts';
import { flowPath, ofFlow, type FlowPlace } from './overrides.ts';
import { count } from './runs.ts';

interface Group {
  records: number;
  examples: { key: string; label: string; why: string }[];
}

interface Report {
  compared: number;
  same: number;
  differing: number;
  newlyBlocked: Group;
  unblocked: Group;
  filteredDifferently: Group;
  fields: { field: string; records: number; examples: { key: string; live: unknown; draft: unknown }[] }[];
}

interface Draft {
  live: boolean;
  changedAt: string;
  report: Report;
}

export function addMappingDrafts(program: Command, io: CommandLineIo): void {
  const drafts = program.command('mapping-draft').description('a mapping tried beside the live one; nothing of it is posted');
  ofFlow(drafts.command('save <file>').description('put a draft beside the live mapping: JSON with settings, overrides, entries'))
    .option('--live', 'map what comes in by both from now on')
    .action(
      action(io, async ({ client, print }, { live = false, ...place }: FlowPlace & { live?: boolean }, file: string) => {
        const draft = await client.send<Draft>('PUT', `${await flowPath(client, place)}/mapping-draft`, { ...readDraft(io, file), live });
        print(draft, () => `saved${live ? '; what comes in is mapped by both' : ''}. Compare it: ml-relay mapping-draft compare`);
      }),
    );
  ofFlow(drafts.command('show').description('how the draft compared with what came in')).action(
    action(io, async ({ client, print }, place: FlowPlace) => {
      print(await client.get<Draft>(`${await flowPath(client, place)}/mapping-draft`), ({ live, changedAt, report }) =>
        [`saved ${changedAt}, ${live ? 'mapping what comes in' : 'not mapping what comes in'}`, showReport(report)].join('\n'),
      );
    }),
  );
  ofFlow(drafts.command('compare').description('map the newest records by both'))
    .option('-n, --records <count>', 'how many', count, 500)
    .action(
      action(io, async ({ client, print }, { records, ...place }: FlowPlace & { records: number }) => {
        print(await client.send<Report>('POST', `${await flowPath(client, place)}/mapping-draft/compare`, { records }), showReport);
      }),
    );
  ofFlow(drafts.command('promote').description('make the draft the live mapping')).action(
    action(io, async ({ client, print }, place: FlowPlace) => {
      const answer = await client.send<{ released: number }>('POST', `${await flowPath(client, place)}/mapping-draft/promote`);
      print(answer, ({ released }) => `the draft is live, ${released} records are mapped again`);
    }),
  );
  ofFlow(drafts.command('drop').description('drop the draft')).action(
    action(io, async ({ client, print }, place: FlowPlace) => {
      await client.send('DELETE', `${await flowPath(client, place)}/mapping-draft`);
      print({ dropped: true }, () => 'the draft is gone');
    }),
  );
}

function readDraft(io: CommandLineIo, file: string): object {
  try {
    const draft: unknown = JSON.parse(readFileSync(path.resolve(io.cwd, file), 'utf8'));
    if (typeof draft === 'object' && draft !== null && !Array.isArray(draft)) return draft;
  } catch {
    // Told below, like a file that holds something else.
  }
  throw new UsageError(`${file} is no JSON file with settings, overrides or entries`);
}

function showReport({ compared, same, differing, newlyBlocked, unblocked, filteredDifferently, fields }: Report): string {
  const rows = fields.map(({ field, records, examples: [first] }) => ({
    field,
    records,
    'for instance': first?.key ?? '',
    live: JSON.stringify(first?.live ?? null),
    draft: JSON.stringify(first?.draft ?? null),
  }));
  const group = (what: string, { records, examples: [first] }: Group): string[] =>
    records === 0 ? [] : [`${records} ${what}${first ? `, for instance ${first.label} (${first.key}): ${first.why}` : ''}`];
  return [
    `${compared} records compared: ${same} the same, ${differing} different`,
    ...group('blocked by the draft only', newlyBlocked),
    ...group('blocked by the live mapping only', unblocked),
    ...group('left out by one of the two only', filteredDifferently),
    ...(rows.length > 0 ? [tableText(rows)] : []),
  ].join('\n');
}

import type { Command } from 'commander';
import type { RelayClient } from '../client.ts';
import { action } from '../context.ts';
import { UsageError } from '../failure.ts';
import type { CommandLineIo } from '../io.ts';
import { tableText } from '../table.ts';
import { integrationPath, ofIntegration, type Place } from './integration-place.ts';

export interface FlowPlace extends Place {
  flow: string;
}

interface Override {
  path: string;
  expression: string;
}

interface Overrides {
  overrides: Override[];
  history: { number: number; overrides: Override[]; note: string; savedBy: string; savedAt: string }[];
}

interface Mapped {
  outcome: string;
  body: unknown;
  reasons: { code: string; message: string }[];
}

interface Preview {
  before: Mapped;
  after: Mapped;
  fields: { path: string; before: unknown; after: unknown; problem: { code: string; message: string } | null }[];
}

export function addOverrides(program: Command, io: CommandLineIo): void {
  const overrides = program.command('overrides').description('fields of what is sent that an expression computes in place of the flow');
  ofFlow(overrides.command('show').description('overrides in force')).action(
    action(io, async ({ client, printList }, place: FlowPlace) => {
      printList((await load(client, place)).overrides, ({ path, expression }) => ({ field: path, expression }));
    }),
  );
  ofFlow(overrides.command('history').description('every list that was in force, newest first')).action(
    action(io, async ({ client, printList }, place: FlowPlace) => {
      const { history } = await load(client, place);
      printList(history, ({ number, overrides: list, note, savedBy, savedAt }) => ({
        number,
        saved: savedAt,
        by: savedBy,
        fields: list.map(({ path }) => path).join(', '),
        note,
      }));
    }),
  );
  ofFlow(overrides.command('set <field> <expression>').description('add or replace one; records that the mapping blocked are mapped again'))
    .option('--note <text>', 'why, for those who come after', '')
    .action(
      action(io, async ({ client, print }, { note, ...place }: FlowPlace & { note: string }, path: string, expression: string) => {
        const { overrides: present } = await load(client, place);
        const list = [...present.filter((one) => one.path !== path), { path, expression }];
        print(await save(client, place, { overrides: list, note }), ({ released }) => `${path} is overridden, ${released} records go out`);
      }),
    );
  ofFlow(overrides.command('unset <field>').description('the flow fills the field again'))
    .option('--note <text>', 'why, for those who come after', '')
    .action(
      action(io, async ({ client, print }, { note, ...place }: FlowPlace & { note: string }, path: string) => {
        const { overrides: present } = await load(client, place);
        if (!present.some((one) => one.path === path))
          throw new UsageError(`${path} is not overridden; ml-relay overrides show lists what is`);
        const list = present.filter((one) => one.path !== path);
        print(
          await save(client, place, { overrides: list, note }),
          ({ released }) => `${path} is the flow's again, ${released} records go out`,
        );
      }),
    );
  ofFlow(
    overrides.command('preview <record> [field=expression...]').description('what the overrides in force, and these, do to a record'),
  ).action(
    action(io, async ({ client, print }, place: FlowPlace, recordId: string, pairs: string[]) => {
      const given = pairs.map(readPair);
      const present = given.length > 0 ? (await load(client, place)).overrides : [];
      const kept = present.filter(({ path }) => !given.some((one) => one.path === path));
      const body = { recordId, ...(given.length > 0 && { overrides: [...kept, ...given] }) };
      print(await client.send<Preview>('POST', `${await flowPath(client, place)}/overrides/preview`, body), showPreview);
    }),
  );
}

export function ofFlow(command: Command): Command {
  return ofIntegration(command).requiredOption('--flow <id>', 'flow of the integration');
}

export async function flowPath(client: RelayClient, place: FlowPlace): Promise<string> {
  return `${await integrationPath(client, place)}/flows/${place.flow}`;
}

async function load(client: RelayClient, place: FlowPlace): Promise<Overrides> {
  return client.get<Overrides>(`${await flowPath(client, place)}/overrides`);
}

async function save(client: RelayClient, place: FlowPlace, body: { overrides: Override[]; note: string }): Promise<{ released: number }> {
  return client.send<{ released: number }>('PUT', `${await flowPath(client, place)}/overrides`, body);
}

function readPair(pair: string): Override {
  const at = pair.indexOf('=');
  if (at < 1 || at === pair.length - 1) throw new UsageError(`"${pair}" is not written as field=expression`);
  return { path: pair.slice(0, at), expression: pair.slice(at + 1) };
}

function showPreview({ before, after, fields }: Preview): string {
  const rows = fields.map((field) => ({
    field: field.path,
    before: JSON.stringify(field.before) ?? '',
    after: field.problem ? field.problem.message : (JSON.stringify(field.after) ?? ''),
  }));
  const says = ({ outcome, reasons }: Mapped): string => [outcome, ...reasons.map(({ message }) => `  ${message}`)].join('\n');
  return [
    ...(rows.length > 0 ? [tableText(rows)] : ['no field is overridden']),
    `without overrides: ${says(before)}`,
    `with overrides: ${says(after)}`,
  ].join('\n');
}

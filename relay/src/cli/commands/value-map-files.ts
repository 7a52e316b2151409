import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Option, type Command } from 'commander';
import { decodeText } from '../../mapping/index.ts';
import { action } from '../context.ts';
import { UsageError } from '../failure.ts';
import type { CommandLineIo } from '../io.ts';
import { tableText } from '../table.ts';
import { mapsPath, ofIntegration, type Place } from './integration-place.ts';

interface Plan {
  added: { from: string; to: string }[];
  changed: { from: string; to: string; before: string }[];
  removed: { from: string; to: string }[];
  unchanged: number;
  faults?: { line: number; message: string }[];
  released?: number;
}

interface Accepted {
  accepted: { from: string; to: string }[];
  ambiguous: string[];
  released: number;
}

/** Adds files and proposals to `value-maps`. */
export function addValueMapFiles(maps: Command, io: CommandLineIo): void {
  ofIntegration(maps.command('export <map> [file]').description('a value map as CSV; without a file to standard output'))
    .addOption(new Option('--separator <name>', 'as your spreadsheet expects it').choices(['comma', 'semicolon', 'tab']).default('comma'))
    .action(
      action(io, async ({ client, print }, { separator, ...place }: Place & { separator: string }, map: string, file?: string) => {
        const text = await client.text(`${await mapsPath(client, place)}/${map}/csv`, { separator });
        if (file === undefined) return void io.stdout.write(text);
        // fetch takes the mark away by which spreadsheets recognise UTF-8.
        writeFileSync(path.resolve(io.cwd, file), `\uFEFF${text.replace(/^\uFEFF/, '')}`);
        print({ file }, () => `written to ${file}`);
      }),
    );
  ofIntegration(maps.command('import <map> <file>').description('entries from a CSV file (UTF-8), whole or not at all'))
    .option('--replace', 'take away entries that the file does not have')
    .option('--preview', 'only say what would change')
    .action(
      action(
        io,
        async (
          { client, print },
          { replace, preview, ...place }: Place & { replace?: boolean; preview?: boolean },
          map: string,
          file: string,
        ) => {
          const decoded = decodeText(bytesOf(io, file));
          if ('fault' in decoded) throw new UsageError(`${file}: ${decoded.fault}`);
          const at = `${await mapsPath(client, place)}/${map}/csv${preview ? '/preview' : ''}`;
          const query = { mode: replace ? 'replace' : 'merge' };
          print(await client.send<Plan>('POST', at, { csv: decoded.text }, query), (plan) => showPlan(plan, preview === true));
        },
      ),
    );
  ofIntegration(
    maps.command('accept <map> [codes...]').description('make entries of proposals: of the codes, or of all that leave no choice'),
  )
    .option('--all', 'every code with exactly one proposal')
    .action(
      action(io, async ({ client, print }, { all, ...place }: Place & { all?: boolean }, map: string, codes: string[]) => {
        if (codes.length > 0 === (all === true)) throw new UsageError('give codes, or --all');
        const at = `${await mapsPath(client, place)}/${map}/proposals/accept`;
        print(await client.send<Accepted>('POST', at, all ? { all } : { codes }), showAccepted);
      }),
    );
}

function bytesOf(io: CommandLineIo, file: string): Buffer {
  try {
    return readFileSync(path.resolve(io.cwd, file));
  } catch {
    throw new UsageError(`there is no file ${file} that can be read`);
  }
}

function showPlan({ added, changed, removed, unchanged, faults = [], released }: Plan, isPreview: boolean): string {
  const rows = [
    ...added.map(({ from, to }) => ({ change: 'added', from, before: '', to })),
    ...changed.map(({ from, to, before }) => ({ change: 'changed', from, before, to })),
    ...removed.map(({ from, to }) => ({ change: 'removed', from, before: to, to: '' })),
  ];
  const counts = `${added.length} added, ${changed.length} changed, ${removed.length} removed, ${unchanged} unchanged`;
  return [
    ...(rows.length > 0 && isPreview ? [tableText(rows.slice(0, 200))] : []),
    ...faults.map(({ line, message }) => `${line === 0 ? 'the file' : `line ${line}`} ${message}`),
    isPreview ? `would be: ${counts}${faults.length > 0 ? '; but the file has faults, so nothing would be imported' : ''}` : counts,
    ...(released === undefined ? [] : [`${released} records go out`]),
  ].join('\n');
}

function showAccepted({ accepted, ambiguous, released }: Accepted): string {
  const several = ambiguous.length > 0 ? `; several proposals for ${ambiguous.join(', ')}: set the one that is meant` : '';
  return `${accepted.length} entries set, ${released} records go out${several}`;
}

import type { Command } from 'commander';
import { action } from '../context.ts';
import { UsageError } from '../failure.ts';
import type { CommandLineIo } from '../io.ts';
import { mapsPath, ofIntegration, type Place } from './integration-place.ts';
import { addValueMapFiles } from './value-map-files.ts';

interface ValueMap {
  id: string;
  title: string;
  missing: string;
  defaultCode: string | null;
  entries: { from: string; fromName: string; to: string; toName: string }[];
  missingEntries: { code: string; name: string; records: number; examples: string[] }[];
  proposals: { from: string; to: string; why: string }[];
}

export function addValueMaps(program: Command, io: CommandLineIo): void {
  const maps = program.command('value-maps').description('code-to-code tables of an integration');
  ofIntegration(maps.command('list').description('value maps with the number of their entries')).action(
    action(io, async ({ client, printList }, place: Place) => {
      const { items } = await client.get<{ items: ValueMap[] }>(await mapsPath(client, place));
      printList(items, ({ id, title, missing, defaultCode, entries, missingEntries }) => ({
        id,
        title,
        'without entry': defaultCode === null ? missing : `${missing} ${defaultCode}`,
        entries: entries.length,
        missing: missingEntries.length,
      }));
    }),
  );
  ofIntegration(maps.command('show <map>').description('entries of a value map')).action(
    action(io, async ({ client, printList }, place: Place, map: string) => {
      const { entries } = await client.get<ValueMap>(`${await mapsPath(client, place)}/${map}`);
      printList(entries, ({ from, fromName, to, toName }) => ({ from, name: fromName, to, 'name there': toName }));
    }),
  );
  ofIntegration(maps.command('set <map> <from=to...>').description('add or replace entries; records that waited for them go out')).action(
    action(io, async ({ client, print }, place: Place, map: string, pairs: string[]) => {
      const entries = pairs.map(readPair);
      const path = `${await mapsPath(client, place)}/${map}/entries`;
      const answer = await client.send<{ released: number }>('PUT', path, { entries });
      print(answer, ({ released }) => `${entries.length} entries set, ${released} records go out`);
    }),
  );
  ofIntegration(maps.command('unset <map> <from>').description('take an entry away')).action(
    action(io, async ({ client, print }, place: Place, map: string, from: string) => {
      await client.send('DELETE', `${await mapsPath(client, place)}/${map}/entries`, undefined, { from });
      print({ removed: from }, () => `the entry for ${from} is gone`);
    }),
  );
  ofIntegration(maps.command('missing').description('codes that records wait for, those holding up most records first')).action(
    action(io, async ({ client, printList }, place: Place) => {
      const { items } = await client.get<{ items: ValueMap[] }>(await mapsPath(client, place));
      const rows = items.flatMap(({ id, missingEntries, proposals }) =>
        missingEntries.map((entry) => ({ map: id, ...entry, proposals: proposals.filter(({ from }) => from === entry.code) })),
      );
      printList(rows, ({ map, code, name, records, examples, proposals }) => ({
        map,
        code,
        name,
        records,
        proposal: proposals.map(({ to }) => to).join(' or '),
        'for instance': examples[0],
      }));
    }),
  );
  ofIntegration(maps.command('refresh').description('read the codes of both systems anew, and propose pairs')).action(
    action(io, async ({ client, printList }, place: Place) => {
      const { items } = await client.send<{ items: ValueMap[] }>('POST', `${await mapsPath(client, place)}/refresh`);
      printList(items, ({ id, entries, proposals }) => ({ id, entries: entries.length, proposals: proposals.length }));
    }),
  );
  addValueMapFiles(maps, io);
}

function readPair(pair: string): { from: string; to: string } {
  const at = pair.indexOf('=');
  if (at < 1 || at === pair.length - 1) throw new UsageError(`"${pair}" is not written as from=to`);
  return { from: pair.slice(0, at), to: pair.slice(at + 1) };
}

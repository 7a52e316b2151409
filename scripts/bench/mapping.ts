/** What mapping costs: the way every record goes, the same 30 fields as JSONata per record, and overrides in their process. */
import { isDeepStrictEqual } from 'node:util';
import jsonata from 'jsonata';
import { z } from 'zod';
import { mapRecord, type Flow } from '../../relay/src/flows/index.ts';
import { assembleMapping, closeOverrides, type FieldOverride } from '../../relay/src/mapping/index.ts';
import { figure, sampled, type Report, type Sampled } from './report.ts';

type Payload = Record<string, string> & { addresses?: never };
type Lookup = (valueMapId: string, code: string) => string | undefined;

interface Field {
  name: string;
  /** As a flow writes it. */
  compute(payload: Payload, lookup: Lookup, prefix: string): string;
  /** The same for people to write. */
  expression: string;
}

const rounds = 5;
const payload = Object.fromEntries(Array.from({ length: 30 }, (_, number) => [`F${number}`, ` Größe ${number} & O'Brien `])) as Payload;
payload['F3'] = 'Z030';

/** Ten plain fields, ten trimmed, five joined, three with a condition, two by a value map. */
const fields: Field[] = Array.from({ length: 30 }, (_, number): Field => {
  const [source, next] = [`F${number}`, `F${(number + 1) % 30}`];
  const name = `T${number}`;
  if (number === 3 || number === 13)
    return { name, compute: (_payload, lookup) => lookup('terms', 'Z030') ?? '', expression: "$lookup('terms', 'Z030')" };
  if (number % 3 === 0) return { name, compute: (from) => (from[source] ?? '').trim(), expression: `$trim(payload.${source})` };
  if (number % 6 === 1)
    return { name, compute: (from, _lookup, prefix) => prefix + (from[next] ?? ''), expression: `settings.prefix & payload.${next}` };
  if (number % 10 === 2)
    return {
      name,
      compute: (from) => ((from[source] ?? '') === '' ? 'none' : (from[source] ?? '')),
      expression: `payload.${source} = "" ? "none" : payload.${source}`,
    };
  return { name, compute: (from) => from[source] ?? '', expression: `payload.${source}` };
});

const flow: Flow<Payload, Record<string, string>> = {
  id: 'bench',
  title: 'Thirty fields',
  from: 'sap-ecc',
  to: 'cin7-core',
  kind: 'master',
  settings: z.object({ prefix: z.string() }),
  schedule: { everyMs: 60_000 },
  valueMaps: [{ id: 'terms', title: 'Payment terms', from: 'SAP', to: 'Cin7', missing: 'block' }],
  extract: async function* () {},
  map(from, mapping) {
    const { prefix } = mapping.settings as { prefix: string };
    const lookup: Lookup = (valueMapId, code) => mapping.lookup(valueMapId, code);
    const body: Record<string, string> = {};
    for (const field of fields) body[field.name] = field.compute(from, lookup, prefix);
    return { outcome: 'mapped', body, notes: [] };
  },
  post: () => Promise.reject(new Error('nothing is posted here')),
  probe: () => Promise.resolve({ outcome: 'absent' }),
};

const tables = [{ id: 'terms', missing: 'block' as const, defaultCode: null, entries: { Z030: '30 days' } }];
const settings = { prefix: 'SAP ' };
const mappingWith = (overrides: FieldOverride[]) => assembleMapping({ settings, tables, overrides }, 'ten_1');
const record = { key: '1', payload };

export async function run(report: Report): Promise<void> {
  const live = mappingWith([]);
  const outcome = await mapRecord(flow, live, record);
  const perRecord = jsonataPerRecord();
  const made = await perRecord();
  if (outcome.outcome !== 'mapped' || !isDeepStrictEqual(outcome.body, made)) throw new Error('the two ways do not give the same body');

  report.note('One record of 30 fields to a body of 30 fields, one thread, outputs checked equal; records per second.');
  // As the engine does it: without overrides there is nothing to wait for.
  const own = await measure(200_000, (count) => {
    for (let done = 0; done < count; done++) void mapRecord(flow, live, record);
  });
  const evaluated = await measure(2000, async (count) => {
    for (let done = 0; done < count; done++) await perRecord();
  });
  const overridden = [1, 5].map((many) => mappingWith(overridesOf(many)));
  const apart: Sampled[] = [];
  for (const mapping of overridden)
    apart.push(
      await measure(1000, async (count) => {
        for (let done = 0; done < count; done++) await mapRecord(flow, mapping, record);
      }),
    );
  await closeOverrides();
  report.table('Mapping', [
    { way: "the flow's own mapping", 'records/s': figure(own) },
    { way: 'JSONata for all 30 fields, compiled once', 'records/s': figure(evaluated) },
    { way: "the flow's own, and 1 override in its process", 'records/s': figure(apart[0] ?? own) },
    { way: "the flow's own, and 5 overrides in their process", 'records/s': figure(apart[1] ?? own) },
  ]);
  const times = own.median / evaluated.median;
  report.target({
    what: 'default mapping against JSONata per record',
    wanted: '>= 20x',
    measured: `${times.toFixed(0)}x`,
    met: times >= 20,
  });
}

/** All fields as expressions, in this thread and without any limit: the most favourable way to do it. */
function jsonataPerRecord(): () => Promise<Record<string, unknown>> {
  const compiled = fields.map(({ name, expression }) => {
    const ready = jsonata(expression);
    ready.registerFunction('lookup', (_map: string, code: string) => tables[0]?.entries[code as 'Z030']);
    return { name, ready };
  });
  return async () => {
    const body: Record<string, unknown> = {};
    for (const { name, ready } of compiled) body[name] = await ready.evaluate({ payload, settings });
    return body;
  };
}

function overridesOf(many: number): FieldOverride[] {
  return fields.slice(0, many).map(({ name, expression }) => ({ path: name, expression }));
}

async function measure(count: number, work: (count: number) => unknown): Promise<Sampled> {
  const samples: number[] = [];
  await work(Math.ceil(count / 2));
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    await work(count);
    samples.push((count / (performance.now() - begun)) * 1000);
  }
  return sampled(samples);
}

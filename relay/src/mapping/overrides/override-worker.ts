/**
 * The process in which overrides are evaluated: what somebody typed can neither hold up the relay nor fill its memory there, and has nothing
 * within reach but the record. Entry of its own: `dist/override-worker.cjs`.
 */
import { Worker } from 'node:worker_threads';
import jsonata from 'jsonata';
import { faultText } from './expression.ts';
import type { FieldAnswer, FieldRequest, Request, Table } from './messages.ts';

interface Loaded {
  expressions: jsonata.Expression[];
  /** What `$lookup` did not find during the present evaluation. */
  missing: { valueMapId: string; code: string }[];
  entries: Record<string, Record<string, string>>;
}

const versions = new Map<string, Loaded>();
const longestText = 32_000;
const longestFault = 1000;
const longestCode = 500;

// A signal to the whole group is for the relay, which still finishes records; without it this ends as well, also in the middle of a pattern
// that backtracks for ever.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());
const watch = `setInterval(() => { try { process.kill(${process.ppid}, 0); } catch { process.kill(process.pid, 'SIGKILL'); } }, 2000)`;
new Worker(watch, { eval: true }).unref();
process.on('message', (request: Request) => void answer(request));
process.send?.('ready');

async function answer(request: Request): Promise<void> {
  if (request.kind === 'load') {
    if (request.isFirst) versions.clear();
    return void versions.set(request.version, load(request));
  }
  const loaded = versions.get(request.version);
  if (!loaded) throw new Error(`version ${request.version} was never loaded`);
  const { payload, body, settings } = request;
  const answers: FieldAnswer[] = [];
  for (const field of request.fields) answers.push(await evaluate(loaded, field, { payload, body, settings, lookup: loaded.entries }));
  process.send?.(answers);
}

function load({ expressions, tables, fieldMs }: Request & { kind: 'load' }): Loaded {
  const missing: Loaded['missing'] = [];
  const byId = new Map(tables.map((table) => [table.id, table]));
  const compiled = expressions.map((text) => {
    const expression = jsonata(text, { timeout: fieldMs, stack: 500, sequence: 100_000 });
    expression.registerFunction('lookup', (...given: unknown[]) => lookup(byId, missing, given));
    return expression;
  });
  return { expressions: compiled, missing, entries: Object.fromEntries(tables.map(({ id, entries }) => [id, entries])) };
}

async function evaluate(loaded: Loaded, { expression, item, index }: FieldRequest, input: object): Promise<FieldAnswer> {
  loaded.missing.length = 0;
  try {
    const value: unknown = await loaded.expressions[expression]?.evaluate({ ...input, item, index });
    return checked(value);
  } catch (error) {
    const [missing] = loaded.missing;
    if (missing && missing.code.length <= longestCode) return { missing };
    const isSlow = error instanceof Object && 'code' in error && error.code === 'D1012';
    return { code: isSlow ? 'OVERRIDE_TOO_LONG' : 'OVERRIDE_FAILED', fault: faultText(error).slice(0, longestFault) };
  }
}

/**
 * `$lookup('payment-terms', code)` in a value map: of several codes the first with an entry counts. With an object first it is JSONata's own
 * function.
 */
function lookup(tables: Map<string, Table>, missing: Loaded['missing'], [first, ...codes]: unknown[]): unknown {
  if (typeof first !== 'string') return typeof codes[0] === 'string' ? ownField(first, codes[0]) : undefined;
  const table = tables.get(first);
  if (!table) throw new Error(`the flow has no value map ${first}; it has ${[...tables.keys()].join(', ') || 'none'}`);
  const given = codes.filter((code) => code !== undefined);
  for (const code of given) {
    if (typeof code !== 'string') throw new Error(`$lookup takes codes as text, not a ${typeof code}`);
    if (Object.hasOwn(table.entries, code)) return table.entries[code];
  }
  const last = given.at(-1) as string | undefined;
  if (last === undefined || table.missing === 'pass') return last;
  if (table.missing === 'default' && table.defaultCode !== null) return table.defaultCode;
  missing.push({ valueMapId: first, code: last });
  throw new Error(`${last} has no entry in the value map ${first}`);
}

/** As JSONata itself looks fields up: not within functions, whose fields lead to the machinery of the language. */
function ownField(from: unknown, key: string): unknown {
  if (Array.isArray(from)) return from.map((one) => ownField(one, key)).find((one) => one !== undefined);
  return from instanceof Object && !isFunction(from) && Object.hasOwn(from, key) ? (from as Record<string, unknown>)[key] : undefined;
}

function isFunction(value: object): boolean {
  return typeof value === 'function' || '_jsonata_function' in value || '_jsonata_lambda' in value;
}

function checked(value: unknown): FieldAnswer {
  if (value === undefined) return { nothing: true };
  const invalid = (fault: string): FieldAnswer => ({ code: 'OVERRIDE_RESULT_INVALID', fault });
  if (typeof value === 'string')
    return value.length > longestText ? invalid(`gives a text of ${value.length} characters, which is too long`) : { value };
  if (typeof value === 'boolean' || value === null) return { value };
  if (typeof value === 'number') return Number.isFinite(value) ? { value } : invalid('gives a number that is not finite');
  return invalid(`gives ${Array.isArray(value) ? 'a list' : typeof value === 'function' ? 'a function' : 'an object'}, not one value`);
}

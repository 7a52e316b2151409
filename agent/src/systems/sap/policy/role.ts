import { functionAuthorisations, sapBaseNeeds, sapPresets, type FieldNeed, type ObjectNeed, type SapNeeds } from '@ml-connector/shared';
import type { SapRules } from './effective.ts';
import type { ParameterRule } from './settings.ts';

/** One authorisation of the role, with why it is in there. */
export interface Authorisation {
  object: string;
  /** Values per field; a value ending in `*` is a pattern, as in PFCG. */
  fields: Record<string, string[]>;
  why: string;
  /** Presets and lists of agent.yaml that need it. */
  neededBy: string[];
  /** Left out where the site does not use it: SAP checks it only then. */
  onlyWhere?: string;
  /** What to look at, or another way to grant it. */
  note?: string;
}

/** Everything the SAP user needs for what the policy allows: calls, tables, and what SAP checks inside the functions. */
export function roleOf(rules: SapRules, reader = 'RFC_READ_TABLE'): Authorisation[] {
  return merged([...callAuthorisations(rules, reader), ...tableAuthorisations(rules), ...objectAuthorisations(rules)]);
}

/** What the SDK calls by itself while it learns interfaces, beside the base functions. */
const sdkFunctions = ['RFCPING', 'RFC_METADATA_GET'];

function callAuthorisations(rules: SapRules, reader: string): Authorisation[] {
  const base = [...sapBaseNeeds.functions, ...sdkFunctions].map((name) => call(name, 'logon, ping, interfaces and fields', ['base']));
  const read = call(reader, 'reads tables', ['base']);
  const listed = [...rules.functions.keys()].filter((name) => !sapBaseNeeds.functions.includes(name));
  const own = listed.map((name) => call(name, rules.writes.has(name) ? 'called, and committed' : 'called', neededBy(rules, name)));
  const ends = ['BAPI_TRANSACTION_COMMIT', 'BAPI_TRANSACTION_ROLLBACK'];
  const commits = rules.writes.size === 0 ? [] : ends.map((name) => call(name, 'ends units that write', ['writes']));
  return [...base, read, ...own, ...commits];
}

function call(name: string, why: string, by: string[]): Authorisation {
  const group = functionAuthorisations[name]?.group;
  const note = group === undefined ? 'or FUGR with its group (SE37)' : `or FUGR ${group}`;
  return { object: 'S_RFC', fields: { RFC_TYPE: ['FUNC'], RFC_NAME: [name], ACTVT: ['16'] }, why, neededBy: by, note };
}

function tableAuthorisations(rules: SapRules): Authorisation[] {
  return [...rules.tables].map(([table, fields]) => ({
    object: 'S_TABU_NAM',
    fields: { TABLE: [table], ACTVT: ['03'] },
    why: fields === '*' ? 'reads all fields' : `reads ${fields.size} fields`,
    neededBy: tableNeededBy(rules, table),
    note: 'or S_TABU_DIS, ACTVT 03, with the table\u2019s group (SE54, TDDAT-CCLASS), which allows every table of that group',
  }));
}

function objectAuthorisations(rules: SapRules): Authorisation[] {
  const isCovered = (name: string): boolean => rules.functions.has(functionAuthorisations[name]?.coveredBy ?? '');
  const names = [...rules.functions.keys()].filter((name) => !isCovered(name));
  return names.flatMap((name) => (functionAuthorisations[name]?.objects ?? []).map((need) => objectAuthorisation(rules, name, need)));
}

function objectAuthorisation(rules: SapRules, name: string, { object, fields, why, onlyWhere, about }: ObjectNeed): Authorisation {
  const values = Object.entries(fields).map(([field, need]) => [field, valuesOf(rules.parameters, name, need)] as const);
  const notes = [
    ...(about === undefined
      ? []
      : [`${about}: ${allowedValues(rules.parameters, name, [about])?.join(', ') ?? 'any, no rule restricts it'}`]),
    ...(onlyWhere === undefined ? unrestricted(rules.parameters, name, fields) : []),
  ];
  return {
    object,
    fields: Object.fromEntries(values),
    why,
    neededBy: neededBy(rules, name),
    ...(onlyWhere === undefined ? {} : { onlyWhere }),
    ...(notes.length === 0 ? {} : { note: notes.join('; ') }),
  };
}

function valuesOf(rules: readonly ParameterRule[], name: string, need: FieldNeed): string[] {
  if (!('from' in need)) return [...need];
  return allowedValues(rules, name, need.from) ?? ['*'];
}

/** undefined where no rule restricts any of the parameters. An empty value needs no authorisation. */
function allowedValues(rules: readonly ParameterRule[], name: string, parameters: readonly string[]): string[] | undefined {
  const of = rules.filter((rule) => rule.function === name && parameters.includes(rule.parameter));
  if (of.length === 0) return undefined;
  return [...new Set(of.flatMap(({ allow }) => allow))].filter((value) => value !== '').map(asPattern);
}

/** PFCG knows the star at the end alone: what comes behind another one is given up. */
function asPattern(value: string): string {
  const star = value.indexOf('*');
  return star < 0 ? value : value.slice(0, star + 1);
}

function unrestricted(rules: readonly ParameterRule[], name: string, fields: ObjectNeed['fields']): string[] {
  const open = Object.values(fields).flatMap((need) =>
    'from' in need && allowedValues(rules, name, need.from) === undefined ? [need.from.join(' or ')] : [],
  );
  return open.length === 0 ? [] : [`narrow it with a parameters rule for ${name} ${open.join(', ')}`];
}

/** Presets that list the function, and agent.yaml where it does itself. */
function neededBy(rules: SapRules, name: string): string[] {
  const own = rules.functions.get(name) ?? '';
  return sourcesOf(rules, own, ({ functions, writes = [] }) => functions.includes(name) || writes.includes(name));
}

function tableNeededBy(rules: SapRules, table: string): string[] {
  const fields = rules.tables.get(table);
  const own = fields === undefined || fields === '*' ? 'tables' : [...fields.values()].includes('tables') ? 'tables' : '';
  const sources = sourcesOf(rules, own, ({ tables }) => table in tables);
  return table in sapBaseNeeds.tables ? ['base', ...sources.filter((source) => source !== 'base')] : sources;
}

function sourcesOf(rules: SapRules, own: string, needs: (preset: SapNeeds) => boolean): string[] {
  const presets = rules.presets.filter((name) => needs(sapPresets[name]));
  return own === '' || own.startsWith('preset ') ? presets : [...new Set([...presets, own])];
}

/** The same object with the same activity, once: its values, reasons and needs together. */
function merged(authorisations: readonly Authorisation[]): Authorisation[] {
  const byKey = new Map<string, Authorisation>();
  for (const one of authorisations) {
    const isOwnLine = one.object === 'S_RFC' || one.object === 'S_TABU_NAM';
    const key = isOwnLine ? JSON.stringify([one.object, one.fields]) : `${one.object} ${one.fields['ACTVT']?.join() ?? ''}`;
    const present = byKey.get(key);
    byKey.set(key, present ? together(present, one) : one);
  }
  return [...byKey.values()];
}

function together(first: Authorisation, second: Authorisation): Authorisation {
  const union = (one: readonly string[], other: readonly string[]): string[] => {
    const values = [...new Set([...one, ...other])];
    return values.includes('*') ? ['*'] : values;
  };
  const fields = Object.fromEntries(
    Object.entries(first.fields).map(([field, values]) => [field, union(values, second.fields[field] ?? [])] as const),
  );
  const joined = (one: string | undefined, other: string | undefined): string =>
    union(one?.split('; ') ?? [], other?.split('; ') ?? []).join('; ');
  const note = joined(first.note, second.note);
  return {
    ...first,
    fields,
    why: joined(first.why, second.why),
    neededBy: union(first.neededBy, second.neededBy),
    ...(note === '' ? {} : { note }),
  };
}

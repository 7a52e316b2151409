import { sapPresets, sapTableRead, sapUnit, SystemError, type SapNeeds } from '@ml-connector/shared';
import { askAgent } from '../control/index.ts';
import { buildPolicy, policyLines, type Decision, type EffectiveRules } from '../policy/index.ts';
import { openContext, systemNamed } from './context.ts';
import { exitCodes, UsageError } from './failure.ts';
import type { CommandIo, GlobalOptions } from './io.ts';

/** What the relay may do, presets unfolded, each entry with the rule it comes from. */
export function showPolicy(options: GlobalOptions & { system?: string }, { stdout }: CommandIo): void {
  const context = openContext(options);
  if (options.system !== undefined) systemNamed(context, options.system);
  const policy = buildPolicy(context.settings.policy);
  const systems = options.system === undefined ? Object.keys(context.settings.systems) : [options.system];
  if (systems.length === 0) stdout.write(`${context.configFile} names no system; everything is denied\n`);
  for (const system of systems) stdout.write(`${system}\n${describeRules(policy.rules(system))}\n`);
}

export interface CheckOptions extends GlobalOptions {
  system: string;
  function?: string;
  commit?: boolean;
  table?: string;
  fields?: string;
  where?: string[];
  param?: string[];
}

/** Says whether a call would be allowed, by which rule or what is missing; exit code 1 when it would be denied. */
export function checkPolicy(options: CheckOptions, { stdout }: CommandIo): number {
  const context = openContext(options);
  systemNamed(context, options.system);
  const decision = decide(options, buildPolicy(context.settings.policy));
  if (decision.allowed) {
    stdout.write(`allowed by: ${decision.rule}\n`);
    return 0;
  }
  stdout.write('denied\n');
  for (const { what, reason } of decision.missing) stdout.write(`  ${what}: ${reason}\n`);
  const yaml = policyLines(decision.system, decision.missing);
  if (yaml) stdout.write(`to allow it, add these entries to ${context.configFile}:\n\n${yaml}\n`);
  return exitCodes.failure;
}

/** The presets of this agent, with all that each allows. */
export function listPresets({ stdout }: CommandIo): void {
  for (const [name, { functions, writes = [], tables }] of Object.entries<SapNeeds>(sapPresets)) {
    stdout.write(`${name}\n  functions: ${functions.join(', ')}\n`);
    if (writes.length > 0) stdout.write(`  writes: ${writes.join(', ')}\n`);
    for (const [table, fields] of Object.entries(tables)) stdout.write(`  ${table}: ${fields.join(', ')}\n`);
  }
}

/** Has the running agent read agent.yaml at once. */
export async function reloadPolicy(options: GlobalOptions, { stdout }: CommandIo): Promise<void> {
  const { dataDir } = openContext(options);
  const done = await askAgent(dataDir, 'reload-policy');
  if (!done) throw new SystemError('NOT_RUNNING', 'refused', `no agent runs on ${dataDir}; the policy counts at its next start`);
  const { restartNeededFor } = done.answer as { restartNeededFor: string[] };
  stdout.write(`the policy counts from now on\n${restartNeededFor.length > 0 ? `needs a restart: ${restartNeededFor.join(', ')}\n` : ''}`);
}

function decide(options: CheckOptions, policy: ReturnType<typeof buildPolicy>): Decision {
  const { system, function: name, table, fields, where = [], param = [] } = options;
  if ((name === undefined) === (table === undefined)) throw new UsageError('give either --function or --table with --fields');
  if (name !== undefined) {
    const unit = { system, calls: [{ function: name, parameters: toParameters(param) }] };
    const ends = options.commit ? { commit: 'whenClean', unitId: 'policy-check', notAfter: 0, remainingMs: 0 } : { commit: 'never' };
    return policy.decide('SapUnit', sapUnit.parse({ ...unit, ...ends }));
  }
  if (fields === undefined) throw new UsageError('--table needs --fields, for instance --fields LIFNR,NAME1');
  const request = { system, table, fields: fields.split(',').map((field) => field.trim()), where: where.map(toCondition) };
  return policy.decide('SapTableRead', sapTableRead.parse(request));
}

function toCondition(text: string): { field: string; op: 'IN'; values: string[] } {
  const [, field, values] = /^([A-Z0-9_/]+)=(.*)$/.exec(text) ?? [];
  if (field === undefined || values === undefined) throw new UsageError(`--where is FIELD=VALUE or FIELD=VALUE,VALUE; not "${text}"`);
  return { field, op: 'IN', values: values.split(',') };
}

/** `DOCUMENTHEADER.COMP_CODE=1000` becomes `{ DOCUMENTHEADER: { COMP_CODE: '1000' } }`. */
function toParameters(texts: readonly string[]): Record<string, unknown> {
  const parameters: Record<string, unknown> = {};
  for (const text of texts) {
    const [, name, field, value] = /^([A-Z0-9_]+)(?:\.([A-Z0-9_/]+))?=(.*)$/.exec(text) ?? [];
    if (name === undefined || value === undefined) throw new UsageError(`--param is NAME=VALUE or NAME.FIELD=VALUE; not "${text}"`);
    parameters[name] = field === undefined ? value : { ...(parameters[name] as object | undefined), [field]: value };
  }
  return parameters;
}

function describeRules({ functions, writes, tables, parameters, rows }: EffectiveRules): string {
  const lines = [...functions].map(([name, source]) => `  function  ${name}${writes.has(name) ? ', may be committed' : ''}  (${source})`);
  for (const [table, fields] of tables) {
    const listed = fields === '*' ? 'all fields' : [...fields.keys()].join(', ');
    const sources = fields === '*' ? 'tables' : [...new Set(fields.values())].join(', ');
    lines.push(`  table     ${table}: ${listed}  (${sources})`);
  }
  for (const rule of parameters)
    lines.push(`  values    ${rule.function} ${rule.parameter}: ${rule.allow.map((value) => value || "''").join(', ')}`);
  for (const rule of rows) lines.push(`  rows      ${rule.table} only with ${rule.field} ${rule.allow.join(', ')}`);
  return lines.join('\n');
}

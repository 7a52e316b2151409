import { jdeCall, jdeQuery, sapTableRead, sapUnit, type OperationName } from '@ml-connector/shared';
import type { z } from 'zod';
import type { AgentSystem } from '../systems/index.ts';
import { UsageError } from './failure.ts';

/** A call as a person describes it to `policy check`. */
export interface AskedCall {
  function?: string;
  commit?: boolean;
  param?: string[];
  table?: string;
  fields?: string;
  where?: string[];
  count?: boolean;
  orchestration?: string;
}

export interface AskedRequest {
  operation: OperationName;
  request: unknown;
}

/** The request a relay would send for it. */
export function requestToCheck(type: AgentSystem['type'], system: string, asked: AskedCall): AskedRequest {
  return type === 'jde' ? jdeRequest(system, asked) : sapRequest(system, asked);
}

function sapRequest(system: string, asked: AskedCall): AskedRequest {
  const { function: name, commit, table, fields, where = [], param = [] } = asked;
  refuse(asked, ['count', 'orchestration'], 'JD Edwards');
  if ((name === undefined) === (table === undefined)) throw new UsageError('give either --function or --table with --fields');
  if (name !== undefined) {
    const unit = { system, calls: [{ function: name, parameters: toParameters(param) }] };
    const ends = commit ? { commit: 'whenClean', unitId: 'policy-check', notAfter: 0, remainingMs: 0 } : { commit: 'never' };
    return { operation: 'SapUnit', request: sapUnit.parse({ ...unit, ...ends }) };
  }
  if (fields === undefined) throw new UsageError('--table needs --fields, for instance --fields LIFNR,NAME1');
  const read = { system, table, fields: names(fields), where: where.map(toCondition) };
  return { operation: 'SapTableRead', request: sapTableRead.parse(read) };
}

function jdeRequest(system: string, asked: AskedCall): AskedRequest {
  const { table, fields, where = [], count, orchestration } = asked;
  refuse(asked, ['function', 'commit', 'param'], 'SAP');
  if ((orchestration === undefined) === (table === undefined))
    throw new UsageError('give either --table with --fields or --count, or --orchestration');
  if (orchestration !== undefined)
    return { operation: 'JdeCall', request: checked(jdeCall, { system, service: 'orchestration', name: orchestration }) };
  const conditions = where.map(toCondition);
  if (count) return { operation: 'JdeCall', request: checked(jdeCall, { system, service: 'count', table, where: conditions }) };
  if (fields === undefined) throw new UsageError('--table needs --fields, for instance --fields AN8,ALPH, or --count');
  const [first = ''] = names(fields);
  return { operation: 'JdeQuery', request: checked(jdeQuery, { system, table, fields: names(fields), key: [first], where: conditions }) };
}

function refuse(asked: AskedCall, options: readonly (keyof AskedCall)[], label: string): void {
  for (const option of options) if (asked[option] !== undefined) throw new UsageError(`--${option} is for ${label} systems`);
}

function checked<Schema extends z.ZodType>(schema: Schema, request: unknown): z.output<Schema> {
  const result = schema.safeParse(request);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new UsageError(`${String(issue?.path[0] ?? 'the call')} ${issue?.message ?? 'is not valid'}`);
}

function names(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

function toCondition(text: string): { field: string; op: 'IN'; values: string[] } {
  const [, field, values] = /^([A-Z0-9_/.]+)=(.*)$/.exec(text) ?? [];
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

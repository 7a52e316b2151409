import { functionAuthorisations, isSystemError, type FunctionParameter } from '@ml-connector/shared';
import type { CheckResult } from '../../../checks/index.ts';
import { isReadOnly } from '../functions.ts';
import type { SapSystem } from '../sap-system.ts';

interface CallAuthority {
  system: SapSystem;
  functions: readonly string[];
  call: () => { deadline: number; signal: AbortSignal };
}

type Trial = 'allowed' | 'denied' | 'untried';

/**
 * May the user call these functions (S_RFC)? SAP checks that before it looks at any parameter, so a call that asks for nothing is enough.
 * Only modules known to read are called, and lists only where their number of lines can be limited; of those that write only the ones known to
 * refuse a call without data. Nothing is committed.
 */
export async function callAuthority({ system, functions, call }: CallAuthority): Promise<CheckResult> {
  if (functions.length === 0) return { result: 'ok', detail: 'the base functions work; the policy lists no others' };
  const { functions: interfaces } = await system.describe({ system: system.name, functions: [...functions], tables: [] }, call());
  const trials = new Map<string, Trial>();
  for (const name of functions) {
    const known = interfaces[name];
    if (known) trials.set(name, await tryCall({ system, name, parameters: known.parameters, call }));
  }
  const named = (wanted: Trial): string[] => [...trials].filter(([, trial]) => trial === wanted).map(([name]) => name);
  const [allowed, denied, untried] = [named('allowed'), named('denied'), named('untried')];
  const note = untried.length > 0 ? `; not tried, because a call could write or be large: ${untried.join(', ')}` : '';
  if (denied.length > 0)
    return {
      result: 'failed',
      detail: `no S_RFC for ${denied.join(', ')}${note}`,
      fix: 'Add S_RFC (RFC_TYPE FUNC, RFC_NAME as named, ACTVT 16) to the role of the SAP user, or its function groups with RFC_TYPE FUGR.',
    };
  return { result: 'ok', detail: allowed.length > 0 ? `may call ${allowed.join(', ')}${note}` : `the base functions work${note}` };
}

const singleObject = /_(GETDETAIL\d?|EXISTENCECHECK|GETSTATUS)$/;
const lineLimit = /^(MAX_?ROWS|MAX_?CNT|MAX_?HITS|MAX_?RECORDS|ROWCOUNT|MAXIMUM|MAX_LINES)$/;

async function tryCall({
  system,
  name,
  parameters,
  call,
}: { name: string; parameters: FunctionParameter[] } & Omit<CallAuthority, 'functions'>): Promise<Trial> {
  const inputs = parameters.filter(({ direction }) => direction === 'IMPORT');
  const limit = inputs.find((parameter) => lineLimit.test(parameter.name));
  const refusesEmpty = functionAuthorisations[name]?.emptyCall === 'refused';
  if (!refusesEmpty && !(isReadOnly(name) && (singleObject.test(name) || limit))) return 'untried';
  const empty = inputs.filter(({ optional }) => !optional).map((parameter) => [parameter.name, ''] as const);
  const values: Record<string, unknown> = refusesEmpty ? {} : { ...Object.fromEntries(empty), ...(limit ? { [limit.name]: 1 } : {}) };
  try {
    await system.unit({ system: system.name, calls: [{ function: name, parameters: values }], commit: 'never' }, call());
    return 'allowed';
  } catch (error) {
    if (!isSystemError(error) || error.verdict === 'halt' || error.verdict === 'retry') throw error;
    if (error.code === 'SAP_NOT_AUTHORIZED') return 'denied';
    if (error.verdict === 'uncertain') return 'untried';
    // Refused on our own side: the empty value did not fit, so SAP was not asked.
    return ['SAP_PARAMETER_INVALID', 'SAP_VALUE_INVALID', 'SAP_VALUE_CONVERSION'].includes(error.code) ? 'untried' : 'allowed';
  }
}

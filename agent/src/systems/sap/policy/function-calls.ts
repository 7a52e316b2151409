import type { SapUnit } from '@ml-connector/shared';
import type { MissingRule } from '../../../policy/index.ts';
import type { SapRules } from './effective.ts';
import { endsUnit, isNeverAllowed, type ParameterRule } from './settings.ts';

type Call = SapUnit['calls'][number];

/** Rules a unit lacks, call by call: each function, leave to commit what it does, and each parameter value that is restricted. */
export function missingForCalls({ calls, commit }: Pick<SapUnit, 'calls' | 'commit'>, rules: SapRules): MissingRule[] {
  return calls.flatMap((call) => {
    const listed = commit === 'whenClean' ? rules.writes : rules.functions;
    if (!listed.has(call.function)) return [missingFunction(call.function, commit)];
    return rules.parameters.filter((rule) => rule.function === call.function).flatMap((rule) => missingForParameter(call, rule));
  });
}

export function missingFunction(name: string, commit: SapUnit['commit']): MissingRule {
  if (isNeverAllowed(name))
    return { what: `function ${name}`, reason: 'it reads any table or runs any code; tables are read with SapTableRead only' };
  if (endsUnit(name)) return { what: `function ${name}`, reason: 'the agent itself ends a unit, as its commit says' };
  if (commit === 'whenClean')
    return {
      what: `committing function ${name}`,
      reason: 'the function is not listed under writes',
      entry: { writes: [name] },
    };
  return { what: `function ${name}`, reason: 'the function is not listed', entry: { functions: [name] } };
}

function missingForParameter({ function: name, parameters }: Call, rule: ParameterRule): MissingRule[] {
  const steps = rule.parameter.split('.');
  const denied = [...new Set(valuesAt(parameters, steps))].filter((value) => value === undefined || !isAllowed(value, rule.allow));
  if (denied.length === 0) return [];
  // A value that is no text cannot be compared, a name in other letters could hide one from the rule.
  const comparable = denied.filter((value) => value !== undefined);
  const shown =
    comparable.length > 0
      ? comparable.map((value) => (value === '' ? 'left empty' : value)).join(', ')
      : 'with a value that cannot be compared';
  return [
    {
      what: `${name} with ${rule.parameter} ${shown}`,
      reason: `only ${rule.allow.map((value) => (value === '' ? 'empty' : value)).join(', ')} may be given`,
      entry: comparable.length > 0 ? { parameters: [{ ...rule, allow: [...rule.allow, ...comparable] }] } : undefined,
    },
  ];
}

/**
 * Every value a path leads to. A part that is left out counts as '', because SAP then takes the initial value;
 * what cannot be compared safely counts as undefined.
 */
function valuesAt(value: unknown, [step, ...rest]: readonly string[]): (string | undefined)[] {
  if (Array.isArray(value))
    return value.length === 0 ? [''] : value.flatMap((line) => valuesAt(line, step === undefined ? [] : [step, ...rest]));
  if (step !== undefined) {
    if (value === undefined || value === null) return [''];
    if (typeof value !== 'object') return [undefined];
    // Should the SDK accept names in other letters, `companycode` must not slip past the rule for `COMPANYCODE`.
    if (Object.keys(value).some((key) => key !== step && key.trim().toUpperCase() === step)) return [undefined];
    return valuesAt(Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined, rest);
  }
  if (value === undefined || value === null) return [''];
  if (typeof value === 'number') return [String(value)];
  // The SDK cuts text at a NUL character, so what is compared here would not be what SAP sees.
  if (typeof value !== 'string' || value.includes('\0')) return [undefined];
  // Blanks only: a tab or a no-break space is a value to SAP.
  return [value.replace(/ +$/, '')];
}

function isAllowed(value: string, allow: readonly string[]): boolean {
  return allow.some((pattern) => matches(value, pattern));
}

function matches(value: string, pattern: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  if (others.length === 0) return value === pattern;
  if (!value.startsWith(first)) return false;
  const last = others.pop() ?? '';
  let at = first.length;
  for (const part of others) {
    const found = value.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return value.length - last.length >= at && value.endsWith(last);
}

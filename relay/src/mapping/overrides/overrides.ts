import type { CompiledVersion, Evaluation, Evaluator } from './evaluator.ts';
import { evaluatorOf } from './evaluators.ts';
import { expressionFault } from './expression.ts';
import type { FieldAnswer, FieldRequest } from './messages.ts';
import { isGroup, parsePath, placesOf, type PathStep, type Place } from './path.ts';

/** One field of what a flow sends, computed by an expression of the integration in place of the flow. */
export interface FieldOverride {
  /** `Name`, `Addresses[0].Line2`, `Lines[*].Reference`. */
  path: string;
  /** JSONata over `{ payload, body, settings, lookup }`, with `$lookup(valueMapId, code)`; below `[*]` also `item` and `index`. */
  expression: string;
}

/** Overrides of a mapping version, ready to be applied. */
export interface CompiledOverrides extends CompiledVersion {
  /** Whose expressions they are: those of one tenant neither hold up nor end another's. */
  tenantId: string;
  overrides: readonly (FieldOverride & { steps: PathStep[] })[];
}

export interface OverrideFault {
  /** `overrides.2.path`. */
  path: string;
  message: string;
}

export const mostOverrides = 200;

/** Everything that is wrong with a list of overrides, before it is saved. */
export function overrideFaults(overrides: readonly FieldOverride[]): OverrideFault[] {
  const seen = new Set<string>();
  return overrides.flatMap(({ path, expression }, number): OverrideFault[] => {
    const steps = parsePath(path);
    const faults: OverrideFault[] = [];
    if ('fault' in steps) faults.push({ path: `overrides.${number}.path`, message: steps.fault });
    else if (seen.has(path)) faults.push({ path: `overrides.${number}.path`, message: `is overridden twice: ${path}` });
    seen.add(path);
    const fault = expressionFault(expression);
    if (fault !== undefined) faults.push({ path: `overrides.${number}.expression`, message: fault });
    return faults;
  });
}

/** Ready to be applied; undefined without any, so that nothing is paid for. Throws for a path that `overrideFaults` refuses. */
export function compileOverrides(
  overrides: readonly FieldOverride[],
  { version, tenantId, tables }: Pick<CompiledOverrides, 'version' | 'tenantId' | 'tables'>,
): CompiledOverrides | undefined {
  if (overrides.length === 0) return undefined;
  const parsed = overrides.map((override) => {
    const steps = parsePath(override.path);
    if ('fault' in steps) throw new Error(`the path ${override.path} ${steps.fault}`);
    return { ...override, steps };
  });
  return { version, tenantId, tables, overrides: parsed, expressions: overrides.map(({ expression }) => expression) };
}

export interface OverrideReason {
  code: string;
  /** Names the field. */
  message: string;
  missing?: { valueMapId: string; code: string };
}

/** What became of one override at one place; `fault` where it could not be used. */
export interface OverriddenField {
  path: string;
  before: unknown;
  after: unknown;
  fault?: OverrideReason;
}

export interface Overridden {
  /** A copy of the body with the fields in place; the body itself is left as it was. */
  body: unknown;
  fields: OverriddenField[];
  /** Why the record cannot go out like this; empty when all is well. */
  reasons: OverrideReason[];
}

/**
 * Computes the overridden fields of one body. `at` names the part of the body that paths begin in; a body without that part has no
 * overridable fields. Every override sees the body as the flow made it. Never rejects for what an expression does.
 */
export async function applyOverrides(
  compiled: CompiledOverrides,
  { payload, body, settings, at }: { payload: unknown; body: unknown; settings: unknown; at?: string | undefined },
  evaluator: Evaluator = evaluatorOf(compiled.tenantId),
): Promise<Overridden> {
  const copy = structuredClone(body);
  const root = at === undefined ? copy : isGroup(copy) ? copy[at] : undefined;
  const visible = at === undefined ? body : isGroup(body) ? body[at] : undefined;
  const targets = compiled.overrides.flatMap(({ steps }, expression) =>
    placesOf(root, steps).map((place) => ({ place, request: requestOf(place, expression) })),
  );
  if (targets.length === 0) return { body, fields: [], reasons: [] };
  const evaluation = { payload, body: visible, settings, fields: targets.map(({ request }) => request) };
  const answers = await evaluator.evaluate(compiled, evaluation).catch(() => evaluateApart(evaluator, compiled, evaluation));
  const fields = targets.map(({ place }, number) => put(place, answers[number] ?? { nothing: true }));
  const reasons = fields.flatMap(({ fault }) => (fault ? [fault] : []));
  return { body: reasons.length === 0 ? copy : body, fields, reasons };
}

/** One of them had to be stopped from outside: each alone, so that the one is found. */
async function evaluateApart(evaluator: Evaluator, compiled: CompiledOverrides, evaluation: Evaluation): Promise<FieldAnswer[]> {
  const answers: FieldAnswer[] = [];
  for (const field of evaluation.fields) {
    const [answer = { nothing: true }] = await evaluator
      .evaluate(compiled, { ...evaluation, fields: [field] })
      .catch((error: Error): FieldAnswer[] => [{ code: 'OVERRIDE_TOO_LONG', fault: `was stopped: it ${error.message}` }]);
    answers.push(answer);
    // Neither does it hold up the record for every entry of a list.
    if ('fault' in answer && answers.length < evaluation.fields.length)
      return [...answers, ...evaluation.fields.slice(answers.length).map((): FieldAnswer => ({ nothing: true }))];
  }
  return answers;
}

function requestOf({ item, index }: Place, expression: number): FieldRequest {
  return { expression, ...(index !== undefined && { item, index }) };
}

function put({ path, holder, field }: Place, answer: FieldAnswer): OverriddenField {
  const before = holder[field];
  const faulty = (fault: OverrideReason): OverriddenField => ({ path, before, after: before, fault });
  if ('missing' in answer) {
    const { valueMapId, code } = answer.missing;
    const message = `the override of ${path} looks up ${code}, which has no entry in the value map ${valueMapId}`;
    return faulty({ code: 'VALUE_MAP_MISSING', message, missing: answer.missing });
  }
  if ('fault' in answer) return faulty({ code: answer.code, message: `the override of ${path} ${sayFault(answer)}` });
  if ('nothing' in answer) return { path, before, after: before };
  const misfit = misfitOf(before, answer.value);
  if (misfit !== undefined) return faulty({ code: 'OVERRIDE_RESULT_INVALID', message: `the override of ${path} ${misfit}` });
  holder[field] = answer.value;
  return { path, before, after: answer.value };
}

function sayFault({ code, fault }: Extract<FieldAnswer, { fault: string }>): string {
  return code === 'OVERRIDE_FAILED' ? `failed: ${fault}` : fault;
}

/** A field keeps its type. Amounts are text: a JSON number loses cents, so none takes the place of a text. */
function misfitOf(before: unknown, after: string | number | boolean | null): string | undefined {
  if (typeof before === 'object' && before !== null) return 'names a list or a group of fields; name one of its fields';
  if (typeof after === 'number' && typeof before !== 'number')
    return 'gives a number where a text belongs; amounts and codes are text, write them with $string or take them as they are';
  if (before === undefined || before === null) return undefined;
  if (typeof after !== typeof before) return `gives ${nameOf(after)} where ${nameOf(before)} belongs`;
  return undefined;
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'string' ? 'a text' : typeof value === 'number' ? 'a number' : 'true or false';
}

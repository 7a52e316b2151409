import { knownKeys, measure, suggestion } from '@ml-connector/shared';
import type { z } from 'zod';
import { ApiError, type FieldProblem } from './problem.ts';

/** Where a value came from; its field problems are named from there. */
export type Place = 'path' | 'query' | 'body';

/** The value as its schema makes it; otherwise a 400 that lists every field at fault. Values are never repeated, they may be secrets. */
export function checkInput<Schema extends z.ZodType>(schema: Schema, value: unknown, place: Place): z.output<Schema> {
  const nuls = nulProblems(value);
  const result = schema.safeParse(value, { error: sentence });
  if (result.success && nuls.length === 0) return result.data;
  const errors = nuls.length > 0 ? nuls : fieldProblems(result.error?.issues ?? []);
  const [first] = errors;
  const summary = first ? `${first.path || place} ${first.message}` : `the ${place} is not valid`;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new ApiError(400, `${place.toUpperCase()}_INVALID`, summary + more, {
    errors,
    fix: 'Correct the fields named in "errors"; /api/v1/openapi.json describes them.',
  });
}

interface Part {
  value: unknown;
  key: string;
  within: Part | undefined;
}

/** No text of a person's holds a NUL character, and no database keeps it. Takes values of any depth. */
function nulProblems(whole: unknown): FieldProblem[] {
  const found: Part[] = [];
  const parts: Part[] = [{ value: whole, key: '', within: undefined }];
  for (let part = parts.pop(); part; part = parts.pop()) {
    const { value } = part;
    if (part.key.includes('\0')) found.push(part.within ?? part);
    else if (typeof value === 'string' && value.includes('\0')) found.push(part);
    else if (typeof value === 'object' && value !== null)
      for (const [key, entry] of Object.entries(value)) parts.push({ value: entry, key, within: part });
  }
  return found.map((part) => ({ path: pathOf(part), message: 'must not hold a NUL character' }));
}

function pathOf(part: Part): string {
  const keys: string[] = [];
  for (let one = part; one.within; one = one.within) keys.unshift(one.key);
  return keys.join('.');
}

/** One problem per unknown key; `prefix` is where the schema's value stands in the request. */
export function fieldProblems(issues: readonly z.core.$ZodIssue[], prefix: PropertyKey[] = []): FieldProblem[] {
  return issues.flatMap((issue): FieldProblem[] => {
    const path = [...prefix, ...issue.path];
    if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message: issue.message }];
    const sentences = issue.message.split('\n');
    return issue.keys.map((key, index) => ({ path: [...path, key].join('.'), message: sentences[index] ?? 'is not known' }));
  });
}

/** The end of a sentence that begins with the field's name; zod's error map. */
export function sentence(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => `is not known${suggestion(key, knownKeys(issue.inst))}`).join('\n');
    case 'invalid_type':
      return issue.input === undefined ? `is missing (${nameOf(issue.expected)})` : `must be ${nameOf(issue.expected)}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    case 'too_small':
      return `must ${measure(issue.origin)} at least ${issue.minimum}`;
    case 'too_big':
      return `must ${measure(issue.origin)} at most ${issue.maximum}`;
    case 'invalid_format':
      return `is not written as ${formats[issue.format] ?? 'it must be'}`;
    case 'invalid_union':
      return 'has none of the forms that are allowed here';
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
    default:
      return undefined;
  }
}

function nameOf(type: string): string {
  const names: Record<string, string> = {
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'an object',
    record: 'an object',
    null: 'null',
    undefined: 'absent',
  };
  return names[type] ?? type;
}

const formats: Record<string, string> = { guid: 'a GUID', uuid: 'a UUID', url: 'a web address', datetime: 'a time in ISO 8601' };

import type { z } from 'zod';
import { knownKeys, measure } from './issue-words.ts';
import { suggestion } from './nearest.ts';

/**
 * What is wrong with one value, as the end of a sentence that begins with its path. Never repeats a value, which may be a secret;
 * only words of a closed list are quoted. Handed to zod as its error map.
 */
export function configSentence(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => `is not known${suggestion(key, knownKeys(issue.inst))}`).join('\n');
    case 'invalid_type':
      return wrongType(issue);
    case 'invalid_value':
      return `must be ${oneOf(issue.values)}${typeof issue.input === 'string' ? hint(issue.input, issue.values) : ''}`;
    case 'too_small':
      return `must ${measure(issue.origin)} at least ${issue.minimum}`;
    case 'too_big':
      return `must ${measure(issue.origin)} at most ${issue.maximum}`;
    case 'invalid_format':
      return issue.format === 'url' ? 'must be a web address such as https://relay.example.com' : 'is not written as it must be';
    case 'invalid_key':
      return issue.issues[0]?.message ?? 'is not a valid name';
    case 'invalid_union':
      return issue.discriminator === undefined ? 'has none of the forms that are allowed here' : unknownKind(issue);
    case 'not_multiple_of':
    case 'invalid_element':
    case 'custom':
      return 'is not allowed';
    default:
      return 'is not valid';
  }
}

function wrongType({ expected, input }: { expected: string; input?: unknown }): string {
  if (input === undefined) return `is missing (${typeName(expected)})`;
  if (expected === 'string' && (typeof input === 'number' || typeof input === 'boolean' || input instanceof Date))
    return "must be text: put it in quotes, as in '0100', or YAML takes it for a number";
  if (input === null) return `is empty; it must be ${typeName(expected)}`;
  return `must be ${typeName(expected)}`;
}

function typeName(expected: string): string {
  const names: Record<string, string> = {
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a block of keys',
    record: 'a block of keys',
  };
  return names[expected] ?? expected;
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? JSON.stringify(values[0]) : `one of ${values.join(', ')}`;
}

function hint(typed: string, values: readonly unknown[]): string {
  const meant = suggestion(typed, values.map(String));
  return meant.startsWith('; did') ? meant : '';
}

function unknownKind({ discriminator, options = [] }: { discriminator?: unknown; options?: readonly unknown[] }): string {
  return `needs ${String(discriminator)}${options.length > 0 ? `: ${oneOf(options)}` : ''}`;
}

import { UsageError } from './failure.ts';

/** The part of a JSON Schema that says how to read a value typed by a person. */
export interface SettingsSchema {
  properties?: Record<string, { type?: string | string[] }>;
}

/** Reads `name=value` pairs: text where the schema says text (`client=100`), JSON otherwise (`companyCodes=["1000"]`). */
export function readSettings(pairs: readonly string[], schema: SettingsSchema): Record<string, unknown> {
  return Object.fromEntries(pairs.map((pair) => readPair(pair, schema)));
}

function readPair(pair: string, { properties = {} }: SettingsSchema): [name: string, value: unknown] {
  const at = pair.indexOf('=');
  if (at < 1) throw new UsageError(`"${pair}" is not written as name=value`);
  const [name, text] = [pair.slice(0, at), pair.slice(at + 1)];
  const field = properties[name];
  // An unknown name goes on as text: the relay says which one was meant.
  if (field === undefined || field.type === 'string' || field.type?.includes('string')) return [name, text];
  try {
    return [name, JSON.parse(text)];
  } catch {
    const form = field.type === 'array' ? `a JSON list, as in ${name}=["1000"]` : String(field.type ?? 'JSON');
    throw new UsageError(`the value of ${name} must be ${form}`);
  }
}

import { SystemError } from '@ml-connector/shared';

/** Type of a parameter or field, as far as it is known. */
export interface ValueType {
  name: string;
  /** ABAP type letter (EXID, INTTYPE): C N D T P I b s 8 F X g y a e u h. */
  letter: string;
  /** Characters, digits (packed numbers) or bytes (X); 0 when not known. */
  length: number;
  decimals: number;
  /** Fields of a structure or of a table's line; a line without names has one field named ''. undefined: not known. */
  fields: readonly ValueType[] | undefined;
  isTable: boolean;
}

/**
 * Checks the parameters of a call and brings them into node-rfc's form (base64 texts of byte fields become Buffers). node-rfc itself
 * wraps long integers, cuts texts at a NUL and may cut long texts (facts/node-rfc.md 3); here such values are refused, before
 * anything is sent. `types` undefined: the interface is not known, and only the general rules hold.
 */
export function prepareParameters(
  functionName: string,
  parameters: Record<string, unknown>,
  types: readonly ValueType[] | undefined,
): Record<string, unknown> {
  const entries = Object.entries(parameters).map(([name, value]) => {
    if (!/^[A-Z0-9_]{1,30}$/.test(name)) throw refusal(functionName, name, 'is not the name of a parameter');
    const type = types?.find((one) => one.name === name);
    if (types && !type) throw refusal(functionName, name, 'does not exist in the interface of this system');
    return [name, prepare(value, type, (problem, path) => refusal(functionName, name + path, problem), '')] as const;
  });
  return Object.fromEntries(entries);
}

type Refuse = (problem: string, path: string) => SystemError;

function prepare(value: unknown, type: ValueType | undefined, refuse: Refuse, path: string): unknown {
  if (value === null || value === undefined) throw refuse('has no value; leave it out for its initial value', path);
  if (Array.isArray(value)) return prepareTable(value as unknown[], type, refuse, path);
  if (isObject(value)) return prepareStructure(value, type, refuse, path);
  if (type?.isTable || type?.fields) throw refuse(`needs ${type.isTable ? 'a list of lines' : 'a structure'}`, path);
  if (typeof value === 'string') return prepareText(value, type, refuse, path);
  if (typeof value === 'number') return prepareNumber(value, type, refuse, path);
  throw refuse(`cannot be a ${typeof value}`, path);
}

function prepareTable(lines: unknown[], type: ValueType | undefined, refuse: Refuse, path: string): unknown {
  if (type && !type.isTable) throw refuse('is no table', path);
  const line = type && { ...type, isTable: false };
  const isUnnamed = line?.fields?.length === 1 && line.fields[0]?.name === '';
  return lines.map((one, index) => prepare(one, isUnnamed ? line.fields?.[0] : line, refuse, `${path}[${index}]`));
}

function prepareStructure(fields: Record<string, unknown>, type: ValueType | undefined, refuse: Refuse, path: string): unknown {
  if (type && (type.isTable || (type.fields === undefined && !'uvh'.includes(type.letter)))) throw refuse('is no structure', path);
  const entries = Object.entries(fields).map(([name, value]) => {
    const at = `${path}-${name}`;
    if (!/^[A-Z0-9_/]{1,30}$/.test(name)) throw refuse('is not the name of a field', at);
    const field = type?.fields?.find((one) => one.name === name);
    if (type?.fields && !field) throw refuse('does not exist in this system', at);
    return [name, prepare(value, field, refuse, at)] as const;
  });
  return Object.fromEntries(entries);
}

function prepareText(value: string, type: ValueType | undefined, refuse: Refuse, path: string): unknown {
  if (value.includes('\0')) throw refuse('contains a NUL character, where SAP would cut the text', path);
  if (!value.isWellFormed()) throw refuse('contains half a character (a lone surrogate)', path);
  if (!type) return value;
  switch (type.letter) {
    case 'C':
      if (type.length > 0 && value.trimEnd().length > type.length) throw refuse(`is longer than ${type.length} characters`, path);
      return value;
    case 'N':
      if (!/^\d*$/.test(value) || (type.length > 0 && value.length > type.length)) throw refuse(`needs up to ${type.length} digits`, path);
      return value;
    case 'D':
      if (!/^(\d{8})?$/.test(value)) throw refuse('needs a date of 8 digits, YYYYMMDD', path);
      return value || '00000000';
    case 'T':
      if (!/^(\d{6})?$/.test(value)) throw refuse('needs a time of 6 digits, HHMMSS', path);
      return value || '000000';
    case 'P':
      return checkedDecimal(value, type, refuse, path);
    case 'a':
    case 'e':
    case 'F':
      if (!/^-?\d+(\.\d+)?$/.test(value)) throw refuse('needs a plain decimal number', path);
      return value;
    case 'I':
    case 's':
    case 'b':
      if (!/^-?\d{1,10}$/.test(value)) throw refuse('needs a whole number', path);
      return prepareNumber(Number(value), type, refuse, path);
    case '8':
      throw refuse('is an 8-byte integer, which node-rfc cannot send whole', path);
    case 'X':
    case 'y':
      return toBytes(value, type, refuse, path);
    default:
      return value;
  }
}

const integerBounds: Record<string, [number, number]> = { I: [-(2 ** 31), 2 ** 31 - 1], s: [-32_768, 32_767], b: [0, 255] };

function prepareNumber(value: number, type: ValueType | undefined, refuse: Refuse, path: string): unknown {
  const letter = type?.letter ?? 'I';
  if (letter === '8') throw refuse('is an 8-byte integer, which node-rfc cannot send whole', path);
  if (letter === 'F' && Number.isFinite(value)) return value;
  if (letter === 'P' && type && Number.isSafeInteger(value)) return checkedDecimal(String(value), type, refuse, path);
  const bounds = integerBounds[letter];
  if (!bounds) throw refuse('needs a text', path);
  if (!Number.isInteger(value)) throw refuse('is no whole number; send decimals as text', path);
  if (value < bounds[0] || value > bounds[1]) throw refuse(`is outside ${bounds[0]} to ${bounds[1]}`, path);
  return value;
}

function checkedDecimal(value: string, type: ValueType, refuse: Refuse, path: string): string {
  const match = /^-?(\d+)(?:\.(\d+))?$/.exec(value);
  if (!match) throw refuse('needs a plain decimal number such as -1234.50', path);
  const whole = (match[1] ?? '').replace(/^0+/, '');
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  if (fraction.length > type.decimals) throw refuse(`has more than ${type.decimals} decimals`, path);
  if (type.length > 0 && whole.length > type.length - type.decimals) throw refuse(`is too large for ${type.length} digits`, path);
  return value;
}

function toBytes(value: string, type: ValueType, refuse: Refuse, path: string): Buffer {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== value.replace(/=+$/, '')) throw refuse('needs base64', path);
  if (type.letter === 'X' && type.length > 0 && bytes.length > type.length) throw refuse(`is longer than ${type.length} bytes`, path);
  return bytes;
}

/** Results as JSON can carry them: bytes become base64. Changes the object it is given. */
export function toJsonValues(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) if (isObject(one)) value[index] = toJsonValues(one);
    return value;
  }
  if (!isObject(value)) return value;
  const fields = value;
  for (const name of Object.keys(fields)) if (isObject(fields[name])) fields[name] = toJsonValues(fields[name]);
  return fields;
}

/** Not `instanceof`: bytes may come from another realm. */
function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function refusal(functionName: string, path: string, problem: string): SystemError {
  return new SystemError('SAP_VALUE_INVALID', 'refused', `calling ${functionName}: ${path} ${problem}`);
}

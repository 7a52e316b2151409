import { hash } from 'node:crypto';

/**
 * SHA-256 (hex) of a value's content: the same for the same content, whatever the order of its fields. The order of lists counts;
 * `undefined` fields count as absent. Takes what JSON can carry; numbers must be finite.
 */
export function canonicalHash(value: unknown): string {
  return hashOfCanonical(canonicalJson(value));
}

/** The hash of a text that `canonicalJson` made. */
export function hashOfCanonical(text: string): string {
  return hash('sha256', text, 'hex');
}

/** JSON with sorted field names and no blanks, after the idea of RFC 8785. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no canonical form`);
    return JSON.stringify(value);
  }
  if (typeof value !== 'object') throw new TypeError(`a ${typeof value} has no canonical form`);
  if (Array.isArray(value)) return canonicalList(value);
  if ('toJSON' in value && typeof value.toJSON === 'function') return canonicalJson((value.toJSON as () => unknown)());
  return canonicalFields(value as Record<string, unknown>);
}

// Plain loops: every record read passes through here, and chained array methods take three times as long.
function canonicalFields(value: Record<string, unknown>): string {
  let text = '';
  for (const name of Object.keys(value).sort()) {
    const field = value[name];
    if (field === undefined) continue;
    text += `${text === '' ? '' : ','}${quoted(name)}:${canonicalJson(field)}`;
  }
  return `{${text}}`;
}

// Most texts need no escaping; asking first is faster than JSON.stringify for each. It escapes quotes, backslashes, controls and lone
// surrogates.
const plain = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;
function quoted(text: string): string {
  return plain.test(text) ? `"${text}"` : JSON.stringify(text);
}

function canonicalList(value: readonly unknown[]): string {
  let text = '';
  for (const entry of value) text += `${text === '' ? '' : ','}${canonicalJson(entry ?? null)}`;
  return `[${text}]`;
}

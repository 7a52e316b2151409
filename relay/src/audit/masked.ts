const secretName =
  /pass(word|wd|phrase)|secret|^authorization$|api[-_]?key|application-?key|access-?token|refresh-?token|^cookie$|^set-cookie$/i;

/** The same value with whatever is named like a secret covered, wherever it stands. */
export function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, secretName.test(name) && inner !== null ? '•••' : masked(inner)]),
  );
}

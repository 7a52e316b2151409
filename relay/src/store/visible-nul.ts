/**
 * A text as it is stored: SAP's fixed-width fields and damaged JSON bring NUL characters, which PostgreSQL refuses in a text and SQLite
 * ends some texts at. It stands as U+FFFD in both. JSON keeps it as it was, since it is written `\u0000` there.
 */
export function withVisibleNul<Value>(value: Value): Value {
  if (typeof value === 'string') return (value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value) as Value;
  return Array.isArray(value) ? (value.map(withVisibleNul) as Value) : value;
}

/** ServiceErrorResponse of a failed call, and what a 200 may hold: sysErrors, and errors of the form. */
export function errorTextsOf(json: unknown, status: number): string[] {
  const root = asRecord(json);
  const forms = Object.entries(root).flatMap(([name, form]) => (/^(fs|ds)_/.test(name) ? listOf(asRecord(form)['errors']) : []));
  const listed = [...listOf(root['sysErrors']), ...forms].map(textOfItem).filter((text) => text !== '');
  if (listed.length > 0 || status === 200) return listed;
  const { message, userDefinedErrorText, errorText, exception } = root;
  const found = [message, userDefinedErrorText, errorText].map(textOfItem).filter((text) => text !== '');
  return found.length > 0 ? [...new Set(found)] : [textOfItem(exception)].filter((text) => text !== '');
}

/** Texts, and objects that hold one: `{TITLE, DESC}`, or a message that is an object itself. */
function textOfItem(item: unknown): string {
  if (typeof item === 'string') return item.trim();
  const { TITLE, DESC, CODE, message } = asRecord(item);
  const parts = [TITLE, DESC].filter((part): part is string => typeof part === 'string' && part.trim() !== '');
  const text = parts[1]?.startsWith(parts[0] ?? '') ? parts.slice(1) : parts;
  if (text.length > 0) return text.join(': ').trim();
  if (typeof message === 'string') return message.trim();
  return typeof CODE === 'string' ? CODE : '';
}

/** Without cause and resolution, on one line. */
export function firstLine(text: string): string {
  return (text.split(/\r?\n|CAUSE|RESOLUTION/)[0] ?? '')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 300);
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

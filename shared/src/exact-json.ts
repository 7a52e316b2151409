/** Numbers become their own text, digit by digit: amounts are never JS numbers. Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  return parseWith(text, (source) => source);
}

/** For the story: only numbers whose digits a JS number would change (`100.00`) become text. Undefined for what is no JSON. */
export function parseForStory(text: string): unknown {
  return parseWith(text, (source, value) => (String(value) === source ? value : source));
}

/** A decimal text that is sent as a JSON number with exactly these digits. */
export function jsonNumber(digits: string): unknown {
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(digits)) throw new TypeError(`${digits} is no plain number`);
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(digits);
}

function parseWith(text: string, number: (source: string, value: number) => unknown): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' ? number(context?.source ?? String(value), value) : value,
    ) as unknown;
  } catch {
    return undefined;
  }
}

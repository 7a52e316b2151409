import { prettyFactory } from 'pino-pretty';

/**
 * Turns one JSON log line into a readable one, with its newline; what is no JSON comes back as text. What stands in it came from
 * elsewhere: control characters are shown, not obeyed by the terminal, and further lines are indented.
 */
export function prettyLine({ colors }: { colors: boolean }): (line: string) => string {
  const pretty = prettyFactory({
    colorize: colors,
    translateTime: 'SYS:yyyy-mm-dd HH:MM:ss.l',
    ignore: 'component,pid,hostname',
    singleLine: true,
    errorLikeObjectKeys: ['err', 'error'],
  });
  return (line) => {
    const fields = parse(line);
    return fields instanceof Object ? (pretty(harmless(fields)) ?? '') : `${harmless(line.trimEnd()) as string}\n`;
  };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function harmless(value: unknown): unknown {
  if (typeof value === 'string')
    return value
      .replaceAll(/[^\P{Cc}\n\t]/gu, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`)
      .replaceAll(/\n(?! )/g, '\n  ');
  if (Array.isArray(value)) return value.map(harmless);
  if (!(value instanceof Object)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [harmless(name), harmless(one)]));
}

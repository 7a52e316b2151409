import { prettyFactory } from 'pino-pretty';

/** Turns one JSON log line into a readable one, with its newline; what is no JSON comes back as it is. */
export function prettyLine({ colors }: { colors: boolean }): (line: string) => string {
  const pretty = prettyFactory({
    colorize: colors,
    translateTime: 'SYS:yyyy-mm-dd HH:MM:ss.l',
    ignore: 'component,pid,hostname',
    singleLine: true,
    errorLikeObjectKeys: ['err', 'error'],
  });
  return (line) => pretty(line) ?? `${line.trimEnd()}\n`;
}

import type { PlaceOptions } from '../config/index.ts';

export type GlobalOptions = PlaceOptions;

/** The process as a command sees it. */
export interface CommandIo {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** Aborts on SIGINT and SIGTERM. */
  signal: AbortSignal;
}

/** Everything from standard input, without the line break at its end. */
export async function readAll(stdin: NodeJS.ReadStream): Promise<string> {
  let text = '';
  for await (const chunk of stdin.setEncoding('utf8')) text += String(chunk);
  return text.replace(/\r?\n$/, '');
}

/** Asks for a secret on the terminal without showing it; undefined when the person gave up. */
export async function askHidden(question: string, { stdin, stderr }: Pick<CommandIo, 'stdin' | 'stderr'>): Promise<string | undefined> {
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  let typed = '';
  try {
    for await (const chunk of stdin) {
      for (const key of String(chunk)) {
        if (key === '\r' || key === '\n') return typed;
        if (key === '\u0003' || key === '\u0004') return undefined;
        typed = key === '\u007F' || key === '\b' ? typed.slice(0, -1) : typed + key;
      }
    }
    return undefined;
  } finally {
    stdin.setRawMode(false);
    stderr.write('\n');
  }
}

import type { CommandLineIo } from './io.ts';
import { UsageError } from './failure.ts';

/** A secret from standard input, or typed on the terminal without being shown. Never from the arguments, which others can see. */
export async function readSecret(question: string, isFromStdin: boolean, io: CommandLineIo): Promise<string> {
  if (!isFromStdin && !io.stdin.isTTY) throw new UsageError('there is no terminal to ask on; give the secret with --stdin');
  const secret = isFromStdin ? await readAll(io) : await askHidden(question, io);
  if (secret === '') throw new UsageError('the secret is empty');
  return secret;
}

/** Everything from standard input, without the line break at its end. */
export async function readAll({ stdin }: Pick<CommandLineIo, 'stdin'>): Promise<string> {
  let text = '';
  for await (const chunk of stdin.setEncoding('utf8')) text += String(chunk);
  return text.replace(/\r?\n$/, '');
}

async function askHidden(question: string, { stdin, stderr }: CommandLineIo): Promise<string> {
  stderr.write(question);
  stdin.setRawMode?.(true);
  stdin.setEncoding('utf8');
  let typed = '';
  try {
    for await (const chunk of stdin) {
      for (const key of String(chunk)) {
        if (key === '\r' || key === '\n') return typed;
        if (key === '\u0003' || key === '\u0004') throw new UsageError('given up');
        typed = key === '\u007F' || key === '\b' ? typed.slice(0, -1) : typed + key;
      }
    }
    return typed;
  } finally {
    stdin.setRawMode?.(false);
    stderr.write('\n');
  }
}

import { ApiProblem, type Problem } from '../../api/index.ts';

export type LogLine = Record<string, unknown>;

/** Lines of an answer of JSON objects, one per line, in the groups in which they arrive. Rejects with an ApiProblem where the relay refuses or breaks off. */
export async function* readLines(address: string, signal: AbortSignal): AsyncGenerator<LogLine[]> {
  const response = await fetch(address, { signal, headers: { accept: 'application/x-ndjson' } });
  if (!response.ok || !response.body) throw new ApiProblem((await response.json()) as Problem);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const pieces = (rest + next.value).split('\n');
    rest = pieces.pop() ?? '';
    const lines = pieces.filter((piece) => piece !== '').map((piece) => JSON.parse(piece) as LogLine);
    const failed = lines.find(isProblem);
    const good = failed ? lines.slice(0, lines.indexOf(failed)) : lines;
    if (good.length > 0) yield good;
    if (failed) throw new ApiProblem(failed['problem'] as Problem);
  }
}

/** A failure after the first line is the last one. */
function isProblem(line: LogLine): boolean {
  return Object.keys(line).length === 1 && typeof line['problem'] === 'object';
}

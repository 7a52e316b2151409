import type { Chunk, End } from '@ml-connector/proto';
import { SystemError } from '../errors.ts';
import type { ChunkCoder } from './chunk-coder.ts';

/** Puts a closing answer together that came in several frames. */
export class AnswerParts {
  readonly #coder: ChunkCoder;
  readonly #parts: Chunk[] = [];
  #rawBytes = 0;

  constructor(coder: ChunkCoder) {
    this.#coder = coder;
  }

  /** Answers an error when the call must be given up. */
  add(chunk: Chunk): SystemError | undefined {
    if (!chunk.answerPart)
      return new SystemError('ANSWER_IS_STREAM', 'uncertain', 'the agent streams the answer of a call that expects one answer');
    this.#rawBytes += chunk.rawBytes;
    if (this.#rawBytes > maxAnswerBytes) return new SystemError('ANSWER_TOO_LARGE', 'uncertain', answerTooLarge(this.#rawBytes));
    this.#parts.push(chunk);
    return undefined;
  }

  async answer(end: End): Promise<Uint8Array | undefined> {
    if (this.#parts.length === 0) return end.answer;
    const decoded: Uint8Array[] = [];
    for (const part of this.#parts) decoded.push(await this.#coder.decode(part));
    return Buffer.concat([...decoded, end.answer ?? Buffer.alloc(0)]);
  }
}

/** Largest closing answer; more than that belongs into chunks of a stream. */
export const maxAnswerBytes = 64 << 20;

export function answerTooLarge(bytes: number): string {
  return `the answer has ${bytes} bytes or more; a single answer may have ${maxAnswerBytes}`;
}

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import stock from './messages.json' with { type: 'json' };
import type { KnownSapMessage, SapMessageExplanation, SapMessageId } from './types.ts';

const oneLine = z
  .string()
  .max(500)
  .regex(/^[^\p{Cc}\p{Cf}\u2028\u2029]*$/u, 'must be one line of plain text');
const sentence = oneLine.min(1);
const ownMessages = z.array(
  z.strictObject({
    message: z.string().regex(/^\S{1,20} \d{3}$/, 'needs message class and number: `F5 201`'),
    meaning: sentence,
    cause: sentence,
    who: sentence,
    transaction: oneLine.default(''),
    retryHelps: z.enum(['yes', 'after the repair', 'no']).default('after the repair'),
    error: z
      .string()
      .regex(/^SAP_[A-Z_]{1,60}$/)
      .optional(),
  }),
);

const known = byMessage(stock as KnownSapMessage[]);

/** Adds the messages of a JSON file to those that ship; one of the same class and number replaces ours. Throws when the file is not right. */
export function addSapMessages(file: string): void {
  const own = ownMessages.safeParse(readJson(file));
  if (!own.success) throw new Error(`${file}: ${z.prettifyError(own.error)}`);
  for (const { error, ...one } of own.data) {
    const message = one.message.toUpperCase();
    known.set(message, { ...one, message, ...(error !== undefined && { error }), isVerified: true });
  }
}

function readJson(file: string): unknown {
  try {
    // Editors on Windows put a mark in front.
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** What a message means, or undefined where nobody has described it. */
export function explainSapMessage(message: SapMessageId): SapMessageExplanation | undefined {
  const found = knownSapMessage(message);
  if (!found) return undefined;
  const { meaning, cause, who, transaction, retryHelps } = found;
  return { meaning, cause, who, transaction, retryHelps };
}

export function knownSapMessage({ ID, NUMBER }: SapMessageId): KnownSapMessage | undefined {
  return known.get(`${ID.trim().toUpperCase()} ${NUMBER.trim().padStart(3, '0')}`);
}

function byMessage(messages: readonly KnownSapMessage[]): Map<string, KnownSapMessage> {
  return new Map(messages.map((one) => [one.message, one]));
}

/** In two or three sentences: what SAP says, why, and who does what. */
export function sentenceOf({ meaning, cause, who, transaction, retryHelps }: SapMessageExplanation): string {
  const repair = transaction ? `${who}: ${transaction}.` : `To be repaired by: ${who}.`;
  const again = { yes: 'It is tried again by itself.', 'after the repair': 'Then try again.', no: 'Trying again does not help.' }[
    retryHelps
  ];
  return [`${meaning}.`, `${cause}.`, repair, again].join(' ').replaceAll('..', '.');
}

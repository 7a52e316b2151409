import stock from './messages.json' with { type: 'json' };
import type { KnownSapMessage, SapMessageExplanation, SapMessageId } from './types.ts';

const known = byMessage(stock as KnownSapMessage[]);

/** What a message means, or undefined where nobody has described it. `own` describes a customer's messages, and others anew. */
export function explainSapMessage(message: SapMessageId, own?: ReadonlyMap<string, KnownSapMessage>): SapMessageExplanation | undefined {
  const found = knownSapMessage(message, own);
  if (!found) return undefined;
  const { meaning, cause, who, transaction, retryHelps } = found;
  return { meaning, cause, who, transaction, retryHelps };
}

export function knownSapMessage({ ID, NUMBER }: SapMessageId, own?: ReadonlyMap<string, KnownSapMessage>): KnownSapMessage | undefined {
  const name = `${ID.trim().toUpperCase()} ${NUMBER.trim().padStart(3, '0')}`;
  return own?.get(name) ?? known.get(name);
}

export function byMessage(messages: readonly KnownSapMessage[]): ReadonlyMap<string, KnownSapMessage> {
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

import type { SapUnitAnswer } from '@ml-connector/shared';
import type { UnitOutcome } from './entry.ts';

/** Largest outcome that is journaled whole, in characters of JSON. */
const mostCharacters = 262_144;
/** Of a table that is cut: enough for a RETURN. */
const fewLines = 20;

/**
 * The outcome as it is kept: where it is too long, tables lose their later lines, then all of them. What says what was made (document
 * numbers, structures) stays.
 */
export function boundedOutcome(outcome: UnitOutcome): UnitOutcome {
  if (JSON.stringify(outcome).length <= mostCharacters) return outcome;
  if ('error' in outcome) {
    const { facts: _facts, ...error } = outcome.error;
    const unit = outcome.error.facts?.['unit'];
    return { error: { ...error, message: error.message.slice(0, 10_000), facts: unit ? { unit } : {} } };
  }
  const shorter = shortened(outcome.answer, fewLines);
  return { answer: JSON.stringify(shorter).length <= mostCharacters ? shorter : shortened(outcome.answer, 0) };
}

function shortened({ results, unit }: SapUnitAnswer, lines: number): SapUnitAnswer {
  const cut = results.map((result) =>
    Object.fromEntries(
      Object.entries(result).map(([name, value]) => [name, Array.isArray(value) ? (value as unknown[]).slice(0, lines) : value]),
    ),
  );
  return { results: cut, ...(unit ? { unit: { ...unit, isShortened: true } } : {}) };
}

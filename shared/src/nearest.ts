import { distance } from 'fastest-levenshtein';

/** The known word a mistyped one most likely meant, ignoring case; undefined when none is close. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const typed = word.toLowerCase();
  const [best] = known
    .map((candidate) => ({ candidate, edits: distance(typed, candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  if (!best) return undefined;
  const tolerated = Math.ceil(Math.max(typed.length, best.candidate.length) * 0.4);
  return best.edits <= tolerated ? best.candidate : undefined;
}

/** `; did you mean "level"?`, or the words to choose from, or nothing. */
export function suggestion(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  if (meant !== undefined) return `; did you mean "${meant}"?`;
  return known.length > 0 && known.length <= 20 ? `; known are ${known.join(', ')}` : '';
}

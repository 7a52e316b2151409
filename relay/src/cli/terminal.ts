/** What would move the cursor, colour the screen or turn the direction of reading; line ends and tabs stay. */
const unsafe = /(?![\n\t])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Text with words of other systems, as it may be shown on somebody's terminal. */
export function forTerminal(text: string): string {
  return text.replaceAll(unsafe, ' ');
}

/** JSON that may be shown on a terminal, and means the same. */
export function jsonForTerminal(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll(unsafe, escaped);
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

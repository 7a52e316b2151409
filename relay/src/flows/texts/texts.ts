/** Trimmed, inner runs of blanks and line breaks as one blank, composed characters (NFC): what two systems can compare. */
export function oneLine(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
}

/** Cut to the target's length between characters, with a note that says so. */
export function fit(text: string, { field, longest }: { field: string; longest: number }, notes: string[]): string {
  if (text.length <= longest) return text;
  const cut = text.slice(0, longest);
  // A character outside the basic plane is two units; half of one would arrive as rubbish.
  const whole = /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
  notes.push(`${field} is cut from ${text.length} to ${longest} characters: "${text}"`);
  return whole.trimEnd();
}

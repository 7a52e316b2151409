/** `1 record`, `1,204 records`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString()} ${noun}${count === 1 ? '' : 's'}`;
}

export interface CodeName {
  code: string;
  name: string;
}

/** Codes whose code or name has the words in it, those that begin with them first. */
export function matching(codes: readonly CodeName[], words: string, most: number): CodeName[] {
  const wanted = words.trim().toLowerCase();
  if (wanted === '') return codes.slice(0, most);
  const begins: CodeName[] = [];
  const contains: CodeName[] = [];
  for (const one of codes) {
    const code = one.code.toLowerCase();
    const name = one.name.toLowerCase();
    if (code.startsWith(wanted) || name.startsWith(wanted)) begins.push(one);
    else if (code.includes(wanted) || name.includes(wanted)) contains.push(one);
    if (begins.length === most) break;
  }
  return [...begins, ...contains].slice(0, most);
}

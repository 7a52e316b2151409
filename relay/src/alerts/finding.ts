/** Something that a person should know, as it stands now. Everything in it may be shown to that person; never a secret. */
export interface Finding {
  /** The same while it is the same thing: one alert is open per cause. */
  cause: string;
  severity: 'critical' | 'warning';
  /** One line: what happened, and to what. */
  title: string;
  /** Milliseconds since 1970. */
  since: number;
  /** How many records; null where it is not about records. */
  count: number | null;
  example: string | null;
  /** What to do about it. */
  fix: string;
  /** Where to look, below the relay's public address: `/records?state=blocked`. */
  link: string;
}

const longest = 300;

/** Text of other systems on one line, bounded and without control characters. */
export function plain(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** In two units at most: `3 h 12 min`, `1.2 s`, `40 ms`. */
export function durationWords(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const first = units.findIndex(([, size]) => ms >= size);
  const [unit, size] = units[first] ?? units[3];
  const whole = Math.floor(ms / size);
  const [smallerUnit, smaller] = units[first + 1] ?? ['', 0];
  const rest = smaller === 0 ? 0 : Math.floor((ms - whole * size) / smaller);
  return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${smallerUnit}`;
}

const hourMs = 3_600_000;

/** How much of the time between two moments fell on Monday to Friday there, to the hour. */
export function weekdayMs(from: number, to: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short' });
  const isWeekend = (at: number): boolean => format.format(at).startsWith('S');
  let passed = 0;
  // No rule looks back further than some weeks; what lies before does not matter any more.
  for (let at = Math.max(from, to - 60 * 24 * hourMs); at < to; at += hourMs) if (!isWeekend(at)) passed += Math.min(hourMs, to - at);
  return passed;
}

/** Months looked at; a company that closed for longer decides by hand. */
const mostMonths = 24;

/**
 * The first of the months after a day (`YYYYMMDD` or `YYYY-MM-DD`) that is open, not later than `until`; periods are months or shorter from
 * the first on. `until` itself is tried last. Answers `YYYYMMDD`, undefined when none is open.
 */
export async function firstOpenDay(
  { after, until }: { after: string; until: string },
  isOpen: (day: string) => Promise<boolean>,
): Promise<string | undefined> {
  const end = until.replaceAll('-', '');
  let day = nextMonth(after.replaceAll('-', ''));
  for (let months = 0; months < mostMonths && day < end; months++) {
    if (await isOpen(day)) return day;
    day = nextMonth(day);
  }
  return end > after.replaceAll('-', '') && (await isOpen(end)) ? end : undefined;
}

function nextMonth(day: string): string {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(4, 6))];
  return month === 12 ? `${year + 1}0101` : `${year}${String(month + 1).padStart(2, '0')}01`;
}

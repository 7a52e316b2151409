import type { Row } from '../data/index.ts';
import { shiftDate } from '../query/index.ts';
import type { Random } from '../../sap/seed/random.ts';

const days = new Map<string, Map<number, string>>();

/** Remembered, since big seeds ask for the same few thousand days. */
export function daysFrom(today: string, count: number): string {
  const known = days.get(today) ?? new Map<number, string>();
  days.set(today, known);
  const date = known.get(count) ?? shiftDate(today, { days: count });
  known.set(count, date);
  return date;
}

/** Times of a working day; few of them, so that a million rows share their texts. */
const times = Array.from({ length: 997 }, (_one, index) => {
  const [hour, minute, second] = [6 + (index % 14), (index * 7) % 60, (index * 13) % 60];
  return String(hour * 10_000 + minute * 100 + second);
});

/** Changed last some time ago: never within the last ten days, so that fresh changes stand out. */
export function oldStamp(random: Random, today: string, timeColumn: 'UPMT' | 'TDAY' = 'UPMT'): Row {
  return {
    USER: random.pick(['JSMITH', 'MMUELLER', 'ALEE', 'BATCH']),
    PID: random.pick(['EP01012', 'P04012', 'R04010Z']),
    JOBN: 'JDEPRD01',
    UPMJ: daysFrom(today, -random.between(11, 1500)),
    [timeColumn]: random.pick(times),
  };
}

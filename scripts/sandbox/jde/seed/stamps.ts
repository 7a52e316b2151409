import type { Row } from '../data/index.ts';
import { shiftDate } from '../query/index.ts';
import type { Random } from '../../sap/seed/random.ts';

const days = new Map<string, string>();

/** Remembered, since big seeds ask for the same few thousand days. */
export function daysFrom(today: string, count: number): string {
  const name = `${today}${count}`;
  const known = days.get(name);
  if (known !== undefined) return known;
  const date = shiftDate(today, { days: count });
  days.set(name, date);
  return date;
}

/** Changed last some time ago: never within the last ten days, so that fresh changes stand out. */
export function oldStamp(random: Random, today: string, timeColumn: 'UPMT' | 'TDAY' = 'UPMT'): Row {
  return {
    USER: random.pick(['JSMITH', 'MMUELLER', 'ALEE', 'BATCH']),
    PID: random.pick(['EP01012', 'P04012', 'R04010Z']),
    JOBN: 'JDEPRD01',
    UPMJ: daysFrom(today, -random.between(11, 1500)),
    [timeColumn]: String(random.between(6, 19) * 10_000 + random.between(0, 59) * 100 + random.between(0, 59)),
  };
}

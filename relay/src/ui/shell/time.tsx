import { Text, Tooltip } from '@mantine/core';

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** A moment in the viewer's own time; UTC shows on hover. */
export function Time({ at, ago = false }: { at: string; ago?: boolean }) {
  const date = new Date(at);
  return (
    <Tooltip
      label={`${clock.format(date)} · ${date
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z$/, ' UTC')}`}
    >
      <Text component="time" dateTime={at} inherit span>
        {ago ? agoOf(date.getTime()) : clock.format(date)}
      </Text>
    </Tooltip>
  );
}

function agoOf(at: number): string {
  const passed = at - Date.now();
  const [unit, ms] = units.find(([, size]) => Math.abs(passed) >= size) ?? (['second', 1000] as const);
  return relative.format(Math.round(passed / ms), unit);
}

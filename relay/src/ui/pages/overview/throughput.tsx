import { Box, Group, Text } from '@mantine/core';
import type { ThroughputHour } from '../../api/index.ts';
import { useApi } from '../../api/index.ts';
import { ProblemView, Section, Signal, useWho } from '../../shell/index.ts';
import './overview.css';

const height = 100;
const outcomes = ['succeeded', 'skipped', 'blocked'] as const;
const hourWords = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** Records that came to rest in each hour of the last day. */
export function Throughput() {
  const { tenantId } = useWho();
  const throughput = useApi('overview.throughput', { path: { tenantId } }, { everyMs: 60_000 });
  const hours = throughput.data?.hours ?? [];
  const sums = outcomes.map((outcome) => hours.reduce((sum, hour) => sum + hour[outcome], 0));
  return (
    <Section title="The last day" lead="Records that came to rest, hour by hour.">
      {throughput.error && !throughput.data && <ProblemView problem={throughput.error.problem} />}
      <Group gap="sm">
        {outcomes.map((outcome, place) => (
          <Signal key={outcome} light={lights[outcome]} size="xs">
            <b>{(sums[place] ?? 0).toLocaleString()}</b> {outcome}
          </Signal>
        ))}
      </Group>
      <Bars hours={hours} />
    </Section>
  );
}

const lights = { succeeded: 'good', skipped: 'off', blocked: 'bad' } as const;

function Bars({ hours }: { hours: ThroughputHour[] }) {
  const most = Math.max(1, ...hours.map((hour) => hour.succeeded + hour.skipped + hour.blocked));
  const first = hours.at(0);
  return (
    <Box>
      <svg className="bars" viewBox={`0 0 240 ${height}`} preserveAspectRatio="none" aria-label="Records per hour">
        {hours.map((hour, place) => (
          <Bar key={hour.at} hour={hour} x={place * 10} most={most} />
        ))}
      </svg>
      <Group justify="space-between" c="dimmed" fz="xs">
        <span>{first && hourWords.format(new Date(first.at))}</span>
        <span>most in an hour: {most === 1 && hours.every(isEmpty) ? 0 : most.toLocaleString()}</span>
        <Text span inherit>
          now
        </Text>
      </Group>
    </Box>
  );
}

function Bar({ hour, x, most }: { hour: ThroughputHour; x: number; most: number }) {
  return (
    <g>
      <title>{titleOf(hour)}</title>
      <rect className="hit" x={x} y={0} width={10} height={height} />
      <rect className="nothing" x={x + 1} y={height - 1} width={8} height={1} />
      {piecesOf(hour, most).map(({ outcome, top, tall }) => (
        <rect key={outcome} className={outcome} x={x + 1} y={top} width={8} height={tall} />
      ))}
    </g>
  );
}

/** Pieces of a bar from the bottom up; even a single record can be seen beside thousands. */
function piecesOf(hour: ThroughputHour, most: number) {
  let top = height;
  return outcomes
    .filter((outcome) => hour[outcome] > 0)
    .map((outcome) => {
      const tall = Math.max(2, (hour[outcome] / most) * (height - 6));
      top -= tall;
      return { outcome, top, tall };
    });
}

function isEmpty(hour: ThroughputHour): boolean {
  return outcomes.every((outcome) => hour[outcome] === 0);
}

function titleOf(hour: ThroughputHour): string {
  const counts = outcomes.map((outcome) => `${hour[outcome].toLocaleString()} ${outcome}`);
  return `from ${hourWords.format(new Date(hour.at))}: ${counts.join(', ')}`;
}

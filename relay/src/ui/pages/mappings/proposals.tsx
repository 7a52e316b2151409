import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { FormProblem, Section, useWho } from '../../shell/index.ts';
import type { MissingEntriesProps } from './missing-entries.tsx';
import { useMapChange } from './use-change.ts';

const shownAtFirst = 20;

/** Pairs that look right, of codes that no record waits for yet. */
export function Proposals({ map, path, onReleased }: MissingEntriesProps) {
  const { may } = useWho();
  const [isWhole, setIsWhole] = useState(false);
  const accept = useMapChange('value-maps.proposals.accept', onReleased);
  const awaited = new Set(map.missingEntries.map(({ code }) => code));
  const proposals = map.proposals.filter(({ from }) => !awaited.has(from));
  if (proposals.length === 0) return null;
  const byCode = Map.groupBy(proposals, ({ from }) => from);
  const certain = [...byCode.values()].filter((of) => of.length === 1).map(([one]) => one?.from ?? '');
  const shown = isWhole ? proposals : proposals.slice(0, shownAtFirst);
  const acceptAll = may('operator') && certain.length > 1 && (
    <Button size="xs" variant="light" loading={accept.isPending} onClick={() => accept.send({ path, body: { codes: certain } })}>
      Accept all {certain.length}
    </Button>
  );
  return (
    <Section title="Proposals" lead="Pairs that look right, before a record needs them." actions={acceptAll}>
      <FormProblem problem={accept.error?.problem} />
      {shown.map(({ from, fromName, to, toName, why }) => (
        <Group key={`${from} ${to}`} justify="space-between" wrap="nowrap">
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            <b>{from}</b> {fromName !== from && fromName} → <b>{to}</b> {toName !== to && toName}{' '}
            <Text span size="xs" c="dimmed">
              {why}
            </Text>
          </Text>
          {may('operator') && <Accept path={path} from={from} to={to} onReleased={onReleased} />}
        </Group>
      ))}
      {proposals.length > shown.length && (
        <Button variant="subtle" size="compact-xs" onClick={() => setIsWhole(true)}>
          {proposals.length - shown.length} more
        </Button>
      )}
    </Section>
  );
}

function Accept({ path, from, to, onReleased }: Pick<MissingEntriesProps, 'path' | 'onReleased'> & { from: string; to: string }) {
  const put = useMapChange('value-maps.entries.put', onReleased);
  return (
    <Button
      size="compact-xs"
      variant="default"
      loading={put.isPending}
      onClick={() => put.send({ path, body: { entries: [{ from, to }] } })}
      aria-label={`Accept ${from} → ${to}`}
    >
      Accept
    </Button>
  );
}

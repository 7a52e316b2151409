import { Anchor, Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { useApi, type Answer } from '../../api/index.ts';
import { ReplayDialog } from '../../replay/index.ts';
import { Empty, Loading, ProblemView, StateBadge, Time, useWho, valueMapAddress } from '../../shell/index.ts';
import { allStates, type Filters } from './filters.ts';
import type { FlowName } from './flow-names.ts';

type Cause = Answer<'records.causes'>['items'][number];

export interface CausesProps {
  filters: Filters;
  nameOf: (flow: { integrationId: string; flowId: string }) => FlowName;
  onShow: (filters: Filters) => void;
  onStarted: (replayId: string) => void;
}

const everyMs = 15_000;
const shownCauses = 50;
const shownCodes = 6;

/** What stands still, by its cause, those that hold up most first, with what would free them. */
export function Causes({ filters: { integrationId, flowId, reason }, nameOf, onShow, onStarted }: CausesProps) {
  const { tenantId } = useWho();
  const query = { ...(integrationId ? { integrationId } : {}), ...(flowId ? { flowId } : {}) };
  const causes = useApi('records.causes', { path: { tenantId }, query }, { everyMs });
  const [isWhole, setWhole] = useState(false);
  if (causes.error && !causes.data) return <ProblemView problem={causes.error.problem} />;
  if (!causes.data) return <Loading />;
  const { items, examined, isComplete } = causes.data;
  const found = items.filter(({ code }) => reason === undefined || code === reason);
  if (found.length === 0) return <Empty title="Nothing stands still">Everything that was read is through, or on its way.</Empty>;
  return (
    <Stack>
      {found.slice(0, isWhole ? undefined : shownCauses).map((cause) => (
        <CauseCard key={cause.id} cause={cause} flow={nameOf(cause)} onShow={onShow} onStarted={onStarted} />
      ))}
      {!isWhole && found.length > shownCauses && (
        <Button variant="default" onClick={() => setWhole(true)}>
          {found.length - shownCauses} more causes
        </Button>
      )}
      {!isComplete && (
        <Text size="sm" c="dimmed">
          The first {examined.toLocaleString()} records that stand still were looked at; there are more.
        </Text>
      )}
    </Stack>
  );
}

type CardProps = Pick<CausesProps, 'onShow' | 'onStarted'> & { cause: Cause; flow: FlowName };

function CauseCard({ cause, flow, onShow, onStarted }: CardProps) {
  const { may } = useWho();
  const [isReplaying, setReplaying] = useState(false);
  const { id: causeId, integrationId, flowId, code, message, missing, records, states, oldestAt, examples, fix, frees } = cause;
  const standing = allStates.filter((state) => states[state]);
  return (
    <Card withBorder component="section" aria-label={message}>
      <Group justify="space-between" align="flex-start" gap="xs">
        <div style={{ flex: '1 1 320px' }}>
          <Title order={3}>{message}</Title>
          <Text size="xs" c="dimmed">
            {code} · {flow.title}
            {flow.integration && `, ${flow.integration}`} · since <Time at={oldestAt} ago />
          </Text>
        </div>
        <Group gap="xs">
          {standing.map((state) => (
            <span key={state}>
              <StateBadge state={state} />{' '}
              <Text span size="sm" fw={700}>
                {states[state]?.toLocaleString()}
              </Text>
            </span>
          ))}
        </Group>
      </Group>
      <Text size="sm" mt="xs">
        What lets them go: {frees || fix}
      </Text>
      {missing && <MissingCodes integrationId={integrationId} missing={missing} />}
      <Text size="xs" c="dimmed" mt="xs">
        For example{' '}
        {examples.slice(0, 3).map(({ recordId, key, label }, place) => (
          <span key={recordId}>
            {place > 0 && ', '}
            <Anchor component={Link} href={`/records/${recordId}`} inherit underline="always">
              {label || key}
            </Anchor>
          </span>
        ))}
      </Text>
      <Group gap="xs" mt="sm">
        <Button size="xs" variant="default" onClick={() => onShow({ integrationId, flowId, reason: code, states: standing })}>
          Show {records === 1 ? 'the record' : `${records.toLocaleString()} records`}
        </Button>
        {may('operator') && (
          <Button size="xs" onClick={() => setReplaying(true)}>
            Replay …
          </Button>
        )}
      </Group>
      {isReplaying && (
        <ReplayDialog
          title={`Replay ${records === 1 ? 'one record' : `${records.toLocaleString()} records`}`}
          selection={{ causeId }}
          onClose={() => setReplaying(false)}
          onStarted={(replayId) => {
            setReplaying(false);
            onStarted(replayId);
          }}
        />
      )}
    </Card>
  );
}

/** Each code leads to where its entry is added. */
function MissingCodes({
  integrationId,
  missing: { valueMapId, codes },
}: {
  integrationId: string;
  missing: NonNullable<Cause['missing']>;
}) {
  return (
    <Group gap={6} mt="xs">
      <Text size="sm">Missing in {valueMapId}:</Text>
      {codes.slice(0, shownCodes).map(({ code, records }) => (
        <Badge
          key={code}
          variant="outline"
          tt="none"
          component={Link}
          href={valueMapAddress({ integrationId, valueMapId, code })}
          style={{ cursor: 'pointer' }}
        >
          {code} frees {records}
        </Badge>
      ))}
      {codes.length > shownCodes && (
        <Text size="xs" c="dimmed">
          and {codes.length - shownCodes} more
        </Text>
      )}
    </Group>
  );
}

import { Badge, Group, SimpleGrid, Text } from '@mantine/core';
import { useAction, useApi, type Connection, type ConnectionWebhooks } from '../../api/index.ts';
import { ConfirmButton, CopyText, Fact, ProblemView, Section, Signal, Time, useWho, type Light } from '../../shell/index.ts';

const words: Record<ConnectionWebhooks['state'], [Light, string]> = {
  waiting: ['off', 'No flow that listens is switched on'],
  working: ['good', 'The system tells of changes'],
  failing: ['bad', 'The system may not send'],
  unreachable: ['warning', 'The relay has no public address'],
};

/** What a system tells by itself; nothing for systems that do not. */
export function Webhooks({ connection }: { connection: Connection }) {
  const { tenantId, may } = useWho();
  const path = { tenantId, connectionId: connection.id };
  const found = useApi('connections.webhooks.get', { path }, { everyMs: 15_000, enabled: may('operator') });
  const rotate = useAction('connections.webhooks.rotate-secret');
  if (!may('operator') || found.error?.problem.code === 'NO_WEBHOOKS') return null;
  if (found.error) return <ProblemView problem={found.error.problem} />;
  if (!found.data) return null;
  const { state, url, mode, problem, subscriptions, lastEventAt, secretRotatedAt, newEvents, waitingKeys, lastDay } = found.data;
  const rotation = may('admin') && url !== null && (
    <ConfirmButton
      label="Rotate the secret"
      question="Make a new header secret?"
      isDangerous={false}
      onConfirm={() => rotate.mutateAsync({ path })}
    >
      The system is told. The one before is accepted for 49 hours more, because a system repeats what it began to deliver.
    </ConfirmButton>
  );
  return (
    <Section title="Webhooks" actions={rotation}>
      <Signal light={words[state][0]}>{words[state][1]}</Signal>
      {problem && (
        <Text size="sm">
          {problem.message}. {problem.fix}
        </Text>
      )}
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <Fact name="Last event">{lastEventAt ? <Time at={lastEventAt} ago /> : 'none yet'}</Fact>
        <Fact name="Not handed to the flows yet">{newEvents}</Fact>
        <Fact name="To be read again">{waitingKeys}</Fact>
        <Fact name="Secret made">{secretRotatedAt ? <Time at={secretRotatedAt} ago /> : '–'}</Fact>
        <Fact name="Without signature">{mode === 'observe' ? 'taken as well' : mode === 'required' ? 'refused' : '–'}</Fact>
      </SimpleGrid>
      {url !== null && (
        <Fact name="Address">
          <CopyText text={url} />
        </Fact>
      )}
      <Group gap="xs">
        {subscriptions.map((one) => (
          <Badge key={one.topic} variant="light" color={one.state === 'active' ? 'teal' : 'gray'} tt="none">
            {one.topic}: {one.state}
          </Badge>
        ))}
        {lastDay.map(({ outcome, count }) => (
          <Badge key={outcome} variant="outline" color="gray" tt="none">
            {outcome} {count}
          </Badge>
        ))}
      </Group>
    </Section>
  );
}

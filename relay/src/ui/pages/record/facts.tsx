import { Alert, Anchor, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { CopyText, StateBadge, Time, useWho } from '../../shell/index.ts';
import type { Story } from './story.ts';

/** Where it comes from, its other versions, and whether its trail is as it was written. */
export function Facts({ story }: { story: Story }) {
  const { record, flow, trigger, link, versions, acknowledgement } = story;
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Title order={2}>Facts</Title>
        <Fact name="Record">
          <CopyText text={record.id} />
        </Fact>
        <Fact name="Integration">
          <Anchor component={Link} href={`/integrations/${flow.integrationId}`} inherit>
            {flow.integration}
          </Anchor>
          <br />
          {flow.flowId}
        </Fact>
        {trigger && (
          <Fact name="Brought by">
            {trigger.trigger}, {trigger.mode}, <Time at={trigger.startedAt} />
            <br />
            <Anchor component={Link} href={`/records?runId=${trigger.runId}`} inherit>
              All records of this run
            </Anchor>
          </Fact>
        )}
        {record.mappingVersion && (
          <Fact name="Mapping">
            <CopyText text={record.mappingVersion} />
          </Fact>
        )}
        {link && (
          <Fact name="Linked to">
            {link.targetLabel} <CopyText text={link.targetId} />, since <Time at={link.changedAt} />
          </Fact>
        )}
        {acknowledgement && (
          <Fact name="Source">
            {acknowledgement.nextAttemptAt ? `is still to be told of the success` : 'did not take the news of the success'}
          </Fact>
        )}
        {versions.length > 1 && (
          <Fact name="Versions">
            <Stack gap={4}>
              {versions.slice(0, 12).map(({ id, version, state, createdAt }) => (
                <Group key={id} gap="xs">
                  {id === record.id ? (
                    <Text size="sm" fw={700}>{`Version ${version}`}</Text>
                  ) : (
                    <Anchor component={Link} href={`/records/${id}`} size="sm">{`Version ${version}`}</Anchor>
                  )}
                  <StateBadge state={state} />
                  <Text size="xs" c="dimmed">
                    <Time at={createdAt} ago />
                  </Text>
                </Group>
              ))}
              {versions.length > 12 && <Text size="xs">and {versions.length - 12} older ones</Text>}
            </Stack>
          </Fact>
        )}
        <Trail story={story} />
        <Exports recordId={record.id} name={record.key} />
      </Stack>
    </Paper>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Text>
    </div>
  );
}

function Trail({ story: { verification } }: { story: Story }) {
  if (verification.intact) return <Fact name="Audit trail">intact: {verification.detail}</Fact>;
  return (
    <Alert color="red" title="The audit trail is damaged">
      {verification.detail}
    </Alert>
  );
}

function Exports({ recordId, name }: { recordId: string; name: string }) {
  const { tenantId } = useWho();
  const address = `/api/v1/tenants/${encodeURIComponent(tenantId)}/records/${recordId}/story`;
  return (
    <Group gap="xs">
      <Button component="a" href={address} download={`${name}.json`} size="xs" variant="default">
        Export JSON
      </Button>
      <Button component="a" href={`${address}?format=html`} target="_blank" rel="noreferrer" size="xs" variant="default">
        Page to hand on
      </Button>
    </Group>
  );
}

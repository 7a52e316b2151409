import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useAction, usePages } from '../../api/index.ts';
import { ConfirmButton, Empty, FormProblem, Loading, MoreButton, ProblemView, Section, Time, useWho } from '../../shell/index.ts';
import { ChannelForm } from './channel-form.tsx';
import { ChannelTest } from './channel-test.tsx';
import { kindWords, targetWords, type Channel } from './channel-fields.ts';

/** Where alerts are sent, and whether they arrive. */
export function Channels() {
  const { tenantId, may } = useWho();
  const channels = usePages('alert-channels.list', { path: { tenantId }, query: { limit: 100 } }, { everyMs: 15_000 });
  const [isAdding, setIsAdding] = useState(false);
  const { items, error } = channels;
  return (
    <Section
      title="Alert channels"
      lead="Where alerts are sent: mail, a webhook of your own, Slack and what speaks like it."
      actions={may('admin') && !isAdding && <Button onClick={() => setIsAdding(true)}>Add a channel</Button>}
    >
      {isAdding && <ChannelForm onClose={() => setIsAdding(false)} />}
      {error && !items && <ProblemView problem={error.problem} />}
      {!items && !error && <Loading />}
      {items?.length === 0 && !isAdding && <Empty title="No channels">Alerts are shown here only; nobody is told of them.</Empty>}
      {items?.map((channel) => (
        <ChannelCard key={channel.id} channel={channel} />
      ))}
      <MoreButton pages={channels} />
    </Section>
  );
}

function ChannelCard({ channel }: { channel: Channel }) {
  const { tenantId, may } = useWho();
  const [isEditing, setIsEditing] = useState(false);
  const change = useAction('alert-channels.change');
  const remove = useAction('alert-channels.delete');
  const { id: channelId, name, kind, enabled, failing, waiting, lastSentAt } = channel;
  const path = { tenantId, channelId };
  return (
    <Paper withBorder p="sm" component="article" aria-label={name}>
      <Stack gap="xs">
        <Group justify="space-between" align="flex-start">
          <div>
            <Group gap="xs">
              <Title order={3}>{name}</Title>
              <Badge variant="light" tt="none" color={!enabled ? 'gray' : failing ? 'red' : 'teal'}>
                {!enabled ? 'off' : failing ? 'failing' : 'on'}
              </Badge>
            </Group>
            <Text size="sm" c="dimmed">
              {kindWords[kind] ?? kind}, {targetWords(channel)}
            </Text>
          </div>
          {may('admin') && (
            <Group gap="xs">
              <Button size="xs" variant="default" aria-label={`Change ${name}`} onClick={() => setIsEditing(!isEditing)}>
                Change
              </Button>
              <Button
                size="xs"
                variant="default"
                loading={change.isPending}
                aria-label={`Switch ${enabled ? 'off' : 'on'} ${name}`}
                onClick={() => change.mutate({ path, body: { enabled: !enabled } })}
              >
                Switch {enabled ? 'off' : 'on'}
              </Button>
              <ConfirmButton
                label="Delete"
                about={`Delete ${name}`}
                question={`Delete the channel “${name}”?`}
                onConfirm={() => remove.mutateAsync({ path })}
              >
                {waiting > 0 ? `${waiting} messages that wait for it are not sent.` : 'Nothing is sent there any more.'}
              </ConfirmButton>
            </Group>
          )}
        </Group>
        <FormProblem problem={change.error?.problem} />
        {failing && (
          <Text size="sm" c="red">
            Fails since <Time at={failing.since} />: {failing.message}
          </Text>
        )}
        <Group gap="md">
          <Text size="sm">Last sent: {lastSentAt ? <Time at={lastSentAt} ago /> : 'never'}</Text>
          {waiting > 0 && <Text size="sm">{waiting} waiting</Text>}
        </Group>
        {isEditing ? (
          <ChannelForm channel={channel} onClose={() => setIsEditing(false)} />
        ) : (
          may('operator') && <ChannelTest path={path} name={name} />
        )}
      </Stack>
    </Paper>
  );
}

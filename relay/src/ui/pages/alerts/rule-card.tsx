import { Button, Group, Paper, Stack, Switch, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useAction, type AlertRule, type ItemOf } from '../../api/index.ts';
import { FormProblem, Time, useWho } from '../../shell/index.ts';
import { MuteMenu } from './mute-menu.tsx';
import { RuleForm } from './rule-form.tsx';
import { settingsWords } from './rule-words.ts';

export type Channel = ItemOf<'alert-channels.list'>;

/** One rule: on or off, from when on it tells, and whom. */
export function RuleCard({ rule, channels }: { rule: AlertRule; channels: readonly Channel[] }) {
  const { tenantId, may } = useWho();
  const [isEditing, setIsEditing] = useState(false);
  const change = useAction('alert-rules.change');
  const { id: ruleId, title, enabled, channelIds, mutedUntil } = rule;
  const path = { tenantId, ruleId };
  const told =
    channelIds === null
      ? 'all channels'
      : channels
          .filter(({ id }) => channelIds.includes(id))
          .map(({ name }) => name)
          .join(', ');
  const when = settingsWords(rule);
  return (
    <Paper withBorder p="md" component="article" aria-label={title}>
      <Stack gap="xs">
        <Group justify="space-between" align="flex-start">
          <Stack gap={4} flex="1 1 20rem">
            <Title order={2} fz="md">
              {title}
            </Title>
            {when !== '' && <Text size="sm">{when}</Text>}
            <Text size="sm" c="dimmed">
              {enabled ? `Told to ${told === '' ? 'no channel' : told}` : 'Switched off'}
              {mutedUntil && (
                <>
                  , muted until <Time at={mutedUntil} />
                </>
              )}
            </Text>
          </Stack>
          {may('admin') && (
            <Group gap="sm">
              <MuteMenu
                about={title}
                until={mutedUntil}
                isBusy={change.isPending}
                onMute={(until) => change.mutate({ path, body: { mutedUntil: until } })}
              />
              <Button size="xs" variant="default" aria-label={`Change: ${title}`} onClick={() => setIsEditing(!isEditing)}>
                Change
              </Button>
              <Switch
                checked={enabled}
                disabled={change.isPending}
                onChange={(event) => change.mutate({ path, body: { enabled: event.currentTarget.checked } })}
                aria-label={`On: ${title}`}
              />
            </Group>
          )}
        </Group>
        <FormProblem problem={change.error?.problem} />
        {isEditing && <RuleForm rule={rule} channels={channels} onClose={() => setIsEditing(false)} />}
      </Stack>
    </Paper>
  );
}

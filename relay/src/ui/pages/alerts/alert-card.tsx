import { Anchor, Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import { useAction, type Alert } from '../../api/index.ts';
import { FormProblem, Time, useWho } from '../../shell/index.ts';
import { MuteMenu } from './mute-menu.tsx';

/** What is wrong since when, what to do about it, and who looks after it. */
export function AlertCard({ alert }: { alert: Alert }) {
  const { severity, title, since, example, fix, link, closedAt } = alert;
  const isCritical = severity === 'critical';
  return (
    <Paper withBorder p="md" component="article" aria-label={title}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={6} flex="1 1 20rem">
          <Group gap="xs">
            <Badge color={closedAt ? 'gray' : isCritical ? 'red' : 'orange'} variant="light" tt="none">
              {closedAt ? 'over' : severity}
            </Badge>
            <Title order={2} fz="md">
              {title}
            </Title>
          </Group>
          {example && <Text size="sm">For example: {example}</Text>}
          {!closedAt && <Text size="sm">{fix}</Text>}
          <Text size="sm" c="dimmed">
            Since <Time at={since} ago />
            {closedAt && (
              <>
                , over <Time at={closedAt} ago />
              </>
            )}
          </Text>
          <Anchor component={Link} href={link} size="sm">
            Look at it
          </Anchor>
        </Stack>
        {!closedAt && <Care alert={alert} />}
      </Group>
    </Paper>
  );
}

function Care({ alert: { id: alertId, title, acknowledgedAt, acknowledgedBy, acknowledgedByName, mutedUntil } }: { alert: Alert }) {
  const { tenantId, may } = useWho();
  const acknowledge = useAction('alerts.acknowledge');
  const mute = useAction('alerts.mute');
  const path = { tenantId, alertId };
  return (
    <Stack gap="xs" align="flex-end">
      {may('operator') && (
        <Group gap="xs">
          {!acknowledgedAt && (
            <Button
              size="xs"
              variant="default"
              loading={acknowledge.isPending}
              aria-label={`Acknowledge: ${title}`}
              onClick={() => acknowledge.mutate({ path })}
            >
              Acknowledge
            </Button>
          )}
          <MuteMenu about={title} until={mutedUntil} isBusy={mute.isPending} onMute={(until) => mute.mutate({ path, body: { until } })} />
        </Group>
      )}
      {acknowledgedAt && (
        <Text size="sm" c="dimmed" ta="right">
          Looked after by {acknowledgedByName ?? acknowledgedBy} since <Time at={acknowledgedAt} ago />
        </Text>
      )}
      {mutedUntil && (
        <Text size="sm" c="dimmed" ta="right">
          Muted until <Time at={mutedUntil} />
        </Text>
      )}
      <FormProblem problem={acknowledge.error?.problem ?? mute.error?.problem} />
    </Stack>
  );
}

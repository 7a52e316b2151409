import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useAction, useApi, type Blackouts } from '../../api/index.ts';
import { ConfirmButton, Loading, ProblemView, Time, useWho } from '../../shell/index.ts';
import { WindowForm, type Window } from './window-form.tsx';

/** The windows of one connection, each with a way to take it out. */
export function ConnectionBlackouts({ connectionId, name }: { connectionId: string; name: string }) {
  const { tenantId, may } = useWho();
  const path = { tenantId, connectionId };
  const blackouts = useApi('connections.blackouts.get', { path });
  const put = useAction('connections.blackouts.put');
  const [isAdding, setIsAdding] = useState(false);
  if (blackouts.error && !blackouts.data) return <ProblemView problem={blackouts.error.problem} />;
  if (!blackouts.data) return <Loading />;
  const { windows, isDark, until } = blackouts.data;
  const present: Window[] = windows.map(({ window }) => window);
  return (
    <Paper withBorder p="sm" component="article" aria-label={name}>
      <Stack gap="xs">
        <Group justify="space-between">
          <Group gap="xs">
            <Title order={3}>{name}</Title>
            {isDark && (
              <Badge color="orange" variant="light" tt="none">
                left alone now
              </Badge>
            )}
            {isDark && until && (
              <Text size="sm" c="dimmed">
                until <Time at={until} />
              </Text>
            )}
          </Group>
          {may('operator') && !isAdding && (
            <Button size="xs" variant="default" aria-label={`Add a blackout to ${name}`} onClick={() => setIsAdding(true)}>
              Add a blackout
            </Button>
          )}
        </Group>
        {windows.length === 0 && (
          <Text size="sm" c="dimmed">
            None.
          </Text>
        )}
        {windows.map(wordsOf).map((words, index) => (
          <Group key={words} justify="space-between">
            <Text size="sm">{words}</Text>
            {may('operator') && (
              <ConfirmButton
                label="Remove"
                about={`Remove: ${words}`}
                question="Remove this blackout?"
                isDangerous={false}
                onConfirm={() => put.mutateAsync({ path, body: { windows: present.toSpliced(index, 1) } })}
              >
                {words}
              </ConfirmButton>
            )}
          </Group>
        ))}
        {isAdding && <WindowForm path={path} present={present} onClose={() => setIsAdding(false)} />}
      </Stack>
    </Paper>
  );
}

function wordsOf({ words, window: { note } }: Blackouts['windows'][number]): string {
  return note === undefined || words.includes(note) ? words : `${words} (${note})`;
}

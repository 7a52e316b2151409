import { Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** Title of a page, a line about it, and at its right what can be done. */
export function PageHead({ title, lead, above, children }: { title: string; lead?: ReactNode; above?: ReactNode; children?: ReactNode }) {
  return (
    <Group justify="space-between" align="flex-start" gap="sm">
      <Stack gap={2}>
        {above}
        <Title order={1}>{title}</Title>
        {lead !== undefined && (
          <Text c="dimmed" size="sm" component="div">
            {lead}
          </Text>
        )}
      </Stack>
      {children !== undefined && <Group gap="xs">{children}</Group>}
    </Group>
  );
}

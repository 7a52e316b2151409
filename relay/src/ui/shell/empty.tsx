import { Center, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** Nothing to show, why, and what to do next. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Center mih={200}>
      <Stack align="center" gap="xs" maw={480} ta="center">
        <Title order={3}>{title}</Title>
        {children && <Text c="dimmed">{children}</Text>}
      </Stack>
    </Center>
  );
}

export function NotFound() {
  return <Empty title="There is no such page">Choose one on the left, or search for an id.</Empty>;
}

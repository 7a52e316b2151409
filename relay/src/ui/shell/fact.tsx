import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** One value under its name. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Stack gap={0} miw={0}>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Text>
    </Stack>
  );
}

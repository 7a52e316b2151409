import { Box, Group, Text } from '@mantine/core';

export type Light = 'good' | 'warning' | 'bad' | 'off';

const colours: Record<Light, string> = {
  good: 'var(--mantine-color-teal-6)',
  warning: 'var(--mantine-color-yellow-6)',
  bad: 'var(--mantine-color-red-6)',
  off: 'var(--mantine-color-gray-5)',
};

/** A state in a word; the light before it only repeats it. */
export function Signal({ light, children, size = 'sm' }: { light: Light; children: React.ReactNode; size?: string }) {
  return (
    <Group gap={6} wrap="nowrap" component="span" display="inline-flex">
      <Box component="span" w={9} h={9} bg={colours[light]} style={{ borderRadius: '50%', flexShrink: 0 }} aria-hidden />
      <Text span size={size}>
        {children}
      </Text>
    </Group>
  );
}

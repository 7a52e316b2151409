import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** A link, a token, codes: what the relay tells only now, to be copied. */
export function ShownOnce({ title, text, onDone, children }: { title: string; text: string; onDone: () => void; children?: ReactNode }) {
  return (
    <Alert color="teal" variant="light" title={title} role="alert">
      <Stack gap="sm" align="flex-start">
        {children && <Text size="sm">{children}</Text>}
        <Code block maw="100%" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {text}
        </Code>
        <Group gap="sm">
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <Button size="xs" onClick={copy}>
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
          <Button size="xs" variant="default" onClick={onDone}>
            I have kept it
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

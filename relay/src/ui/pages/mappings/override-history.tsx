import { Code, Group, Stack, Text } from '@mantine/core';
import type { Answer } from '../../api/index.ts';
import { Section, Time } from '../../shell/index.ts';
import { counted } from './words.ts';

/** Every list that was in force, newest first. */
export function OverrideHistory({ history }: { history: Answer<'overrides.get'>['history'] }) {
  if (history.length === 0) return null;
  return (
    <Section title="Versions" lead="Every list that was in force, the present one first.">
      {history.map(({ number, overrides, note, savedBy, savedByName, savedAt }) => (
        <Stack key={number} gap={4} component="details">
          <Text component="summary" size="sm" style={{ cursor: 'pointer' }}>
            <b>{number}</b> · {counted(overrides.length, 'field')} · <Time at={savedAt} /> · {savedByName ?? savedBy}
            {note !== '' && ` · ${note}`}
          </Text>
          {overrides.map(({ path, expression }) => (
            <Group key={path} gap="xs" pl="md" wrap="nowrap" align="flex-start">
              <Code>{path}</Code>
              <Code style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{expression}</Code>
            </Group>
          ))}
        </Stack>
      ))}
    </Section>
  );
}

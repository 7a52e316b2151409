import { Stack, Tabs, Text, Title } from '@mantine/core';
import { FieldDiff, JsonView } from '../../shell/index.ts';
import type { Story } from './story.ts';

/** What was read from the source, and what is different from the version before. */
export function Payload({ story: { payload, payloadHash, changes, flow } }: { story: Story }) {
  return (
    <Stack gap="xs" mt="xl">
      <Title order={2}>What was read from {flow.source}</Title>
      <Tabs defaultValue={changes && changes.fields.length > 0 ? 'changes' : 'payload'} keepMounted={false}>
        <Tabs.List mb="sm">
          {changes && (
            <Tabs.Tab value="changes">
              {changes.fields.length} {changes.fields.length === 1 ? 'change' : 'changes'} since version {changes.version}
            </Tabs.Tab>
          )}
          <Tabs.Tab value="payload">All of it</Tabs.Tab>
        </Tabs.List>
        {changes && (
          <Tabs.Panel value="changes">
            {changes.fields.length === 0 ? (
              <Text size="sm">None: it was sent again as it was.</Text>
            ) : (
              <FieldDiff fields={changes.fields} />
            )}
          </Tabs.Panel>
        )}
        <Tabs.Panel value="payload">
          {payload === null ? <Text size="sm">No longer kept.</Text> : <JsonView value={payload} label="What was read" />}
        </Tabs.Panel>
      </Tabs>
      <Text size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
        SHA-256 {payloadHash}
      </Text>
    </Stack>
  );
}

import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import { useApi } from '../../api/index.ts';
import { Empty, Loading, ProblemView, Section, useNames, useWho } from '../../shell/index.ts';
import { FlowRows } from '../integrations/index.ts';

/** Every integration with its flows. */
export function Health() {
  const { tenantId, may } = useWho();
  const names = useNames();
  const path = { tenantId };
  const integrations = useApi('integrations.list', { path, query: { limit: 500 } }, { everyMs: 10_000 });
  const health = useApi('overview.flows', { path }, { everyMs: 10_000 });
  const failed = integrations.error ?? health.error;
  return (
    <Section title="Integrations">
      {failed && !integrations.data && <ProblemView problem={failed.problem} />}
      {!failed && !integrations.data && <Loading />}
      {integrations.data?.items.length === 0 && (
        <Empty title="No integration yet">
          {may('admin') ? 'Make two connections, then an integration between them.' : 'An administrator makes them.'}
        </Empty>
      )}
      {integrations.data?.items.map((integration) => (
        <Stack key={integration.id} gap={2}>
          <Group gap="xs" align="baseline">
            <Title order={3}>
              <Anchor component={Link} href={`/integrations/${integration.id}`} inherit>
                {integration.name}
              </Anchor>
            </Title>
            <Text span size="sm" c="dimmed">
              {names.connection(integration.sourceConnectionId)} → {names.connection(integration.targetConnectionId)}
            </Text>
          </Group>
          <FlowRows integration={integration} health={health.data?.items} />
        </Stack>
      ))}
    </Section>
  );
}

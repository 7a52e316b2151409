import { Anchor, Stack } from '@mantine/core';
import { Link } from 'wouter';
import { useApi } from '../../api/index.ts';
import { Empty, Loading, PageHead, ProblemView, Section, useNames, useWho } from '../../shell/index.ts';
import { FlowRows } from './flow-rows.tsx';

/** All integrations with their flows. */
export function IntegrationsPage() {
  const { tenantId, may } = useWho();
  const names = useNames();
  const path = { tenantId };
  const integrations = useApi('integrations.list', { path, query: { limit: 500 } }, { everyMs: 10_000 });
  const health = useApi('overview.flows', { path }, { everyMs: 10_000 });
  const failed = integrations.error ?? health.error;
  if (failed && !integrations.data) return <ProblemView problem={failed.problem} />;
  if (!integrations.data) return <Loading />;
  const { items } = integrations.data;
  return (
    <Stack>
      <PageHead title="Integrations" lead="Two connections, and the flows that are switched on between them." />
      {failed && <ProblemView problem={failed.problem} />}
      {items.length === 0 && (
        <Empty title="No integration yet">
          {may('admin') ? 'Make two connections first, then an integration between them.' : 'An administrator makes them.'}
        </Empty>
      )}
      {items.map((integration) => (
        <Section
          key={integration.id}
          title={integration.name}
          lead={`${names.connection(integration.sourceConnectionId)} → ${names.connection(integration.targetConnectionId)}`}
          actions={
            <Anchor component={Link} href={`/integrations/${integration.id}`} size="sm" aria-label={`Open ${integration.name}`}>
              Open
            </Anchor>
          }
        >
          <FlowRows integration={integration} health={health.data?.items} />
        </Section>
      ))}
    </Stack>
  );
}

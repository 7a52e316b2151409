import { Anchor, Button, Stack } from '@mantine/core';
import { Link, useParams, useSearchParams } from 'wouter';
import { useAction, useApi, type Integration } from '../../api/index.ts';
import { Loading, PageHead, ProblemView, Section, useNames, useWho } from '../../shell/index.ts';
import { FlowPanel } from './flow-panel.tsx';
import { FlowRows } from './flow-rows.tsx';

/** One integration: its flows, and everything about the one that is chosen (`?flow=`). */
export function IntegrationPage() {
  const { integrationId } = useParams<{ integrationId: string }>();
  const { tenantId } = useWho();
  const names = useNames();
  const [search] = useSearchParams();
  const integration = useApi('integrations.get', { path: { tenantId, integrationId } }, { everyMs: 5000 });
  const health = useApi('overview.flows', { path: { tenantId } }, { everyMs: 5000 });
  if (integration.error && !integration.data) return <ProblemView problem={integration.error.problem} />;
  if (!integration.data) return <Loading />;

  const { name, flows, sourceConnectionId, targetConnectionId } = integration.data;
  const flow = flows.find(({ flowId }) => flowId === search.get('flow')) ?? flows[0];
  return (
    <Stack>
      <PageHead
        title={name}
        above={
          <Anchor component={Link} href="/integrations" size="sm">
            Integrations
          </Anchor>
        }
        lead={
          <>
            <ConnectionLink id={sourceConnectionId} name={names.connection(sourceConnectionId)} /> →{' '}
            <ConnectionLink id={targetConnectionId} name={names.connection(targetConnectionId)} />
          </>
        }
      >
        <PauseAll integration={integration.data} />
      </PageHead>
      {integration.error && <ProblemView problem={integration.error.problem} />}
      <Section title="Flows">
        <FlowRows integration={integration.data} health={health.data?.items} chosen={flow?.flowId} />
      </Section>
      {flow && (
        <FlowPanel
          key={flow.flowId}
          integrationId={integrationId}
          flow={flow}
          health={health.data?.items.find((one) => one.integrationId === integrationId && one.flowId === flow.flowId)}
        />
      )}
    </Stack>
  );
}

function ConnectionLink({ id, name }: { id: string; name: string }) {
  return (
    <Anchor component={Link} href={`/connections/${id}`} inherit>
      {name}
    </Anchor>
  );
}

function PauseAll({ integration }: { integration: Integration }) {
  const { tenantId, may } = useWho();
  const pause = useAction('integrations.pause');
  const resume = useAction('integrations.resume');
  if (!may('operator') || integration.flows.length < 2) return null;
  const call = { path: { tenantId, integrationId: integration.id } };
  const failed = pause.error ?? resume.error;
  return (
    <>
      {integration.flows.some(({ paused }) => !paused) && (
        <Button variant="default" onClick={() => pause.mutate(call)} loading={pause.isPending}>
          Pause all flows
        </Button>
      )}
      {integration.flows.some(({ paused }) => paused) && (
        <Button variant="default" onClick={() => resume.mutate(call)} loading={resume.isPending}>
          Resume all flows
        </Button>
      )}
      {failed && <ProblemView problem={failed.problem} />}
    </>
  );
}

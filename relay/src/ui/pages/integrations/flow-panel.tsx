import { Alert, Stack, Switch, Tabs } from '@mantine/core';
import { useSearchParams } from 'wouter';
import { useAction, type FlowHealth, type IntegrationFlow } from '../../api/index.ts';
import { FormProblem, Section, Time, useWho } from '../../shell/index.ts';
import { DryRuns } from './dry-runs.tsx';
import { FlowActions } from './flow-actions.tsx';
import { FlowSettings } from './flow-settings.tsx';
import { FlowTimes } from './flow-times.tsx';
import { Reconciliations } from './reconciliations.tsx';
import { Runs } from './runs.tsx';

export interface OneFlow {
  integrationId: string;
  flow: IntegrationFlow;
}

/** Everything about one flow. */
export function FlowPanel({ integrationId, flow, health }: OneFlow & { health: FlowHealth | undefined }) {
  const { may } = useWho();
  const [search, setSearch] = useSearchParams();
  const choose = (tab: string | null) => setSearch({ flow: flow.flowId, ...(tab !== null && { tab }) }, { replace: true });
  const holds = [...flow.source.holds, ...flow.posting.holds.filter(({ code }) => !flow.source.holds.some((hold) => hold.code === code))];
  return (
    <Section title={flow.title} actions={<FlowSwitch integrationId={integrationId} flow={flow} />}>
      {may('operator') && <FlowActions integrationId={integrationId} flow={flow} />}
      {holds.map(({ code, message, until }) => (
        <Alert key={`${code} ${message}`} color="yellow" variant="light" title={message}>
          {until === null ? (
            'Until a person acts.'
          ) : (
            <>
              Until <Time at={until} />, then it goes on by itself.
            </>
          )}
        </Alert>
      ))}
      <FlowTimes integrationId={integrationId} flow={flow} health={health} />
      <Tabs value={search.get('tab') ?? 'runs'} onChange={choose} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="runs">Runs</Tabs.Tab>
          <Tabs.Tab value="dry-runs">Dry runs</Tabs.Tab>
          <Tabs.Tab value="reconciliation">Reconciliation</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
        </Tabs.List>
        <Stack pt="md">
          <Tabs.Panel value="runs">
            <Runs integrationId={integrationId} flow={flow} />
          </Tabs.Panel>
          <Tabs.Panel value="dry-runs">
            <DryRuns integrationId={integrationId} flow={flow} />
          </Tabs.Panel>
          <Tabs.Panel value="reconciliation">
            <Reconciliations integrationId={integrationId} flow={flow} />
          </Tabs.Panel>
          <Tabs.Panel value="settings">
            <FlowSettings flow={flow} />
          </Tabs.Panel>
        </Stack>
      </Tabs>
    </Section>
  );
}

function FlowSwitch({ integrationId, flow: { flowId, enabled } }: OneFlow) {
  const { tenantId, may } = useWho();
  const change = useAction('integrations.flows.change');
  return (
    <Stack gap="xs">
      <Switch
        checked={enabled}
        disabled={!may('admin') || change.isPending}
        onChange={(event) => change.mutate({ path: { tenantId, integrationId, flowId }, body: { enabled: event.currentTarget.checked } })}
        label={enabled ? 'On' : 'Off'}
        aria-label="Flow switched on"
      />
      <FormProblem problem={change.error?.problem} />
    </Stack>
  );
}

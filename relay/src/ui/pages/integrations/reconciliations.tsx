import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { useAction, useApi, type Reconciliation, type ReconciliationPlan } from '../../api/index.ts';
import { Empty, faultOf, FormProblem, Loading, ProblemView, StateBadge, Time, useWho } from '../../shell/index.ts';
import type { OneFlow } from './flow-panel.tsx';
import { ReconciliationReport } from './reconciliation-report.tsx';

/** Source, ledger and target compared over some days: the newest comparison in full, earlier ones to choose from. */
export function Reconciliations({ integrationId, flow: { flowId } }: OneFlow) {
  const { tenantId, may } = useWho();
  const [search] = useSearchParams();
  const [chosen, setChosen] = useState(search.get('reconciliation'));
  const path = { tenantId };
  const kind = useApi('flows.list').data?.items.find(({ id }) => id === flowId);
  const list = useApi('reconciliations.list', { path, query: { integrationId, flowId, limit: 12 } }, { everyMs: 4000 });
  const plan = useApi('reconciliation-plan.get', { path: { tenantId, integrationId, flowId } });
  if (kind && !kind.canReconcile) return <Empty title="Nothing to compare by days">A sweep of this flow looks at every key.</Empty>;
  if (list.error && !list.data) return <ProblemView problem={list.error.problem} />;
  if (!list.data) return <Loading />;
  const { items } = list.data;
  const shown = items.find(({ id }) => id === chosen) ?? items[0];
  return (
    <Stack>
      {plan.data && <Plan plan={plan.data} />}
      {may('operator') && <StartReconciliation integrationId={integrationId} flowId={flowId} />}
      {!shown && <Empty title="Nothing was compared yet" />}
      {items.length > 1 && (
        <Group gap="xs">
          {items.map((one) => (
            <Button
              key={one.id}
              size="compact-sm"
              variant={one === shown ? 'light' : 'default'}
              onClick={() => setChosen(one.id)}
              aria-pressed={one === shown}
            >
              {daysOf(one)}
              {one.differenceCount > 0 && ` · ${one.differenceCount.toLocaleString()}`}
            </Button>
          ))}
        </Group>
      )}
      {shown && (
        <>
          <Group gap="xs">
            <StateBadge state={shown.state} />
            <Text size="sm">
              {daysOf(shown)}, {shown.endedAt === null ? shown.progress : <Time at={shown.endedAt} ago />}
            </Text>
            {shown.state === 'succeeded' && (
              <Text size="sm" fw={600}>
                {shown.differenceCount === 0 ? 'All three sides agree.' : `${shown.differenceCount.toLocaleString()} differ.`}
              </Text>
            )}
          </Group>
          {shown.problem && (
            <Text size="sm" c="red">
              {shown.problem.message} {shown.problem.fix}
            </Text>
          )}
          <ReconciliationReport key={shown.id} reconciliation={shown} />
        </>
      )}
    </Stack>
  );
}

function Plan({ plan: { enabled, hour, everyHours, timeZone, months, nextAt } }: { plan: ReconciliationPlan }) {
  const words = everyHours === null ? `every day at ${String(hour).padStart(2, '0')}:00 (${timeZone})` : `every ${everyHours} hours`;
  return (
    <Text size="sm" c="dimmed">
      {enabled ? `Compared ${words}, ${months === 1 ? 'one month' : `${months} months`} back.` : 'Not compared by itself.'}
      {nextAt !== null && (
        <>
          {' '}
          Next: <Time at={nextAt} />
        </>
      )}
    </Text>
  );
}

function StartReconciliation({ integrationId, flowId }: { integrationId: string; flowId: string }) {
  const { tenantId } = useWho();
  const [first, setFirst] = useState('');
  const [last, setLast] = useState('');
  const start = useAction('reconciliations.start');
  const submit = () => {
    const days = first !== '' && last !== '' ? { days: { first, last } } : {};
    start.mutate({ path: { tenantId }, body: { integrationId, flowId, ...days } });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="xs">
        <Group gap="sm" align="flex-end">
          <TextInput
            type="date"
            size="xs"
            label="First day"
            value={first}
            onChange={(event) => setFirst(event.currentTarget.value)}
            error={faultOf(start.error?.problem, 'days.first')}
            required={last !== ''}
          />
          <TextInput
            type="date"
            size="xs"
            label="Last day"
            value={last}
            onChange={(event) => setLast(event.currentTarget.value)}
            error={faultOf(start.error?.problem, 'days.last')}
            required={first !== ''}
          />
          <Button type="submit" size="xs" loading={start.isPending}>
            {first === '' && last === '' ? 'Compare the last period' : 'Compare these days'}
          </Button>
        </Group>
        <FormProblem problem={start.error?.problem} fields={['days.first', 'days.last']} />
      </Stack>
    </form>
  );
}

function daysOf({ days: { first, last } }: Reconciliation): string {
  return first === last ? first : `${first} to ${last}`;
}

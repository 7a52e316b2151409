import { Stack } from '@mantine/core';
import { usePages } from '../../api/index.ts';
import { Empty, Loading, MoreButton, ProblemView, useWho } from '../../shell/index.ts';
import { AlertCard } from './alert-card.tsx';

/** Newest first. */
export function AlertList({ state }: { state: 'open' | 'all' }) {
  const { tenantId } = useWho();
  const alerts = usePages('alerts.list', { path: { tenantId }, query: { state, limit: 50 } }, { everyMs: 10_000 });
  const { items, error } = alerts;
  if (error && !items) return <ProblemView problem={error.problem} />;
  if (!items) return <Loading />;
  if (items.length === 0)
    return state === 'open' ? (
      <Empty title="Nothing is wrong">When something is, it stands here, and goes to the alert channels.</Empty>
    ) : (
      <Empty title="There were none yet" />
    );
  return (
    <Stack gap="sm">
      {error && <ProblemView problem={error.problem} />}
      {items.map((alert) => (
        <AlertCard key={alert.id} alert={alert} />
      ))}
      <MoreButton pages={alerts} />
    </Stack>
  );
}

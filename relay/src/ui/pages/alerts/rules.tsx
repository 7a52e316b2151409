import { Stack, Text } from '@mantine/core';
import { useApi } from '../../api/index.ts';
import { Loading, ProblemView, useWho } from '../../shell/index.ts';
import { RuleCard } from './rule-card.tsx';

/** What is alerted about, and from when on. */
export function Rules() {
  const { tenantId, may } = useWho();
  const rules = useApi('alert-rules.list', { path: { tenantId } });
  const channels = useApi('alert-channels.list', { path: { tenantId }, query: { limit: 100 } });
  const error = rules.error ?? channels.error;
  if (error && !(rules.data && channels.data)) return <ProblemView problem={error.problem} />;
  if (!rules.data || !channels.data) return <Loading />;
  const { items } = channels.data;
  return (
    <Stack gap="sm">
      {!may('admin') && (
        <Text size="sm" c="dimmed">
          Administrators can change these.
        </Text>
      )}
      {rules.data.items.map((rule) => (
        <RuleCard key={rule.id} rule={rule} channels={items} />
      ))}
    </Stack>
  );
}

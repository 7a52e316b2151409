import { Text } from '@mantine/core';
import { useApi } from '../../api/index.ts';
import { Loading, ProblemView, Section, Time, useWho } from '../../shell/index.ts';
import { RetentionForm } from './retention-form.tsx';

/** How long what is kept, and what was removed last. */
export function Retention() {
  const { tenantId } = useWho();
  const retention = useApi('retention.get', { path: { tenantId } });
  if (retention.error && !retention.data) return <ProblemView problem={retention.error.problem} />;
  if (!retention.data) return <Loading />;
  const { last, ...days } = retention.data;
  return (
    <Section
      title="Retention"
      lead="Finished records only. Unfinished records, what is linked to what, and the newest version of everything always stay."
    >
      <RetentionForm key={JSON.stringify(days)} days={days} />
      {last ? (
        <Text size="sm" c="dimmed">
          Last removal <Time at={last.at} />: details of {last.details} records, {last.trails} trails, {last.runs} runs
          {last.damaged > 0 && `; ${last.damaged} damaged trails were left alone, as evidence`}.
        </Text>
      ) : (
        <Text size="sm" c="dimmed">
          Nothing was removed yet.
        </Text>
      )}
    </Section>
  );
}

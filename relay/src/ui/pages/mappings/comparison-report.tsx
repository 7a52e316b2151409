import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import type { MappingComparison } from '../../api/index.ts';
import { FieldDiff, Signal } from '../../shell/index.ts';
import { counted } from './words.ts';

/** How a draft differs from the live mapping, field by field, with examples. */
export function ComparisonReport({ title, report }: { title: string; report: MappingComparison }) {
  const { compared, same, differing, newlyBlocked, unblocked, filteredDifferently, fields } = report;
  return (
    <Stack gap="xs">
      <Title order={3}>{title}</Title>
      <Group gap="lg">
        <Text size="sm">{counted(compared, 'record')} compared</Text>
        <Signal light="good">{same} the same</Signal>
        <Signal light={differing > 0 ? 'warning' : 'off'}>{differing} differ</Signal>
        <Signal light={newlyBlocked.records > 0 ? 'bad' : 'off'}>{newlyBlocked.records} blocked by the draft only</Signal>
        <Signal light={unblocked.records > 0 ? 'good' : 'off'}>{unblocked.records} blocked by the live mapping only</Signal>
        {filteredDifferently.records > 0 && <Signal light="warning">{filteredDifferently.records} left out by one only</Signal>}
      </Group>
      {newlyBlocked.examples.map(({ recordId, label, why }) => (
        <Text key={recordId} size="sm">
          <Anchor component={Link} href={`/records/${recordId}`} inherit>
            {label}
          </Anchor>
          : {why}
        </Text>
      ))}
      {fields.map(({ field, records, examples }) => (
        <Stack key={field} gap={2}>
          <Text size="sm">
            <b>{field}</b> differs in {counted(records, 'record')}
          </Text>
          <FieldDiff
            fields={examples.map(({ label, key, path, live, draft }) => ({
              field: `${label} (${key}) ${path}`,
              before: live,
              after: draft,
            }))}
          />
        </Stack>
      ))}
    </Stack>
  );
}

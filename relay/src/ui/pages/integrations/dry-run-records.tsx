import { Stack, Table, Text } from '@mantine/core';
import { useApi } from '../../api/index.ts';
import { JsonView, Loading, ProblemView, useWho, WideTable } from '../../shell/index.ts';

/** The first records of each outcome, with what would be sent. */
export function DryRunRecords({ dryRunId }: { dryRunId: string }) {
  const { tenantId } = useWho();
  const dryRun = useApi('dry-runs.get', { path: { tenantId, dryRunId } });
  if (dryRun.error) return <ProblemView problem={dryRun.error.problem} />;
  if (!dryRun.data) return <Loading />;
  return (
    <WideTable minWidth={600} about="Records of the dry run">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Record</Table.Th>
          <Table.Th>Would be</Table.Th>
          <Table.Th>Sent</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {dryRun.data.items.map(({ outcome, key, label, why, body }) => (
          <Table.Tr key={`${outcome} ${key}`}>
            <Table.Td style={{ verticalAlign: 'top' }}>
              <Stack gap={0}>
                <Text size="sm">{label}</Text>
                <Text size="xs" c="dimmed" ff="monospace">
                  {key}
                </Text>
              </Stack>
            </Table.Td>
            <Table.Td style={{ verticalAlign: 'top' }}>
              {outcome}
              <Text size="xs" c="dimmed">
                {why}
              </Text>
            </Table.Td>
            <Table.Td>{body !== null && body !== undefined && <JsonView value={body} label={`what would be sent for ${key}`} />}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}

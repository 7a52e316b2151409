import { Anchor, Stack, Table, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import { useApi, usePages, type Reconciliation, type ReconciliationSlice } from '../../api/index.ts';
import { CopyText, MoreButton, ProblemView, useWho, WideTable } from '../../shell/index.ts';

/** Counts and sums of all three sides, slice by slice, and what differs. */
export function ReconciliationReport({ reconciliation: { id, differenceCount, state } }: { reconciliation: Reconciliation }) {
  const { tenantId } = useWho();
  const path = { tenantId, reconciliationId: id };
  const isUnderWay = state === 'running' || state === 'waiting';
  const whole = useApi('reconciliations.get', { path }, isUnderWay ? { everyMs: 4000 } : {});
  if (whole.error && !whole.data) return <ProblemView problem={whole.error.problem} />;
  const slices = whole.data?.slices ?? [];
  return (
    <Stack gap="sm">
      {slices.length > 0 && (
        <WideTable minWidth={560} about="Counts and sums">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Slice</Table.Th>
              <Table.Th ta="right">Source</Table.Th>
              <Table.Th ta="right">Ledger</Table.Th>
              <Table.Th ta="right">Target</Table.Th>
              <Table.Th ta="right">Differ</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {slices.map((slice) => (
              <SliceRow key={slice.name} slice={slice} />
            ))}
          </Table.Tbody>
        </WideTable>
      )}
      {differenceCount > 0 && <Differences reconciliationId={id} />}
    </Stack>
  );
}

function SliceRow({ slice: { name, source, ledger, target, differenceCount } }: { slice: ReconciliationSlice }) {
  return (
    <Table.Tr>
      <Table.Td>{name}</Table.Td>
      {[['source', source] as const, ['ledger', ledger] as const, ['target', target] as const].map(([side, { count, sum }]) => (
        <Table.Td key={side} ta="right">
          {count.toLocaleString()}
          {sum !== '' && (
            <Text size="xs" c="dimmed">
              {sum}
            </Text>
          )}
        </Table.Td>
      ))}
      <Table.Td ta="right">
        <Text size="sm" inherit {...(differenceCount > 0 && { c: 'red', fw: 600 })}>
          {differenceCount.toLocaleString()}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

function Differences({ reconciliationId }: { reconciliationId: string }) {
  const { tenantId } = useWho();
  const differences = usePages('reconciliations.differences', { path: { tenantId, reconciliationId }, query: { limit: 50 } });
  if (differences.error) return <ProblemView problem={differences.error.problem} />;
  return (
    <Stack gap="xs">
      <Title order={3}>What differs</Title>
      <WideTable minWidth={560} about="What differs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Key</Table.Th>
            <Table.Th>Slice</Table.Th>
            <Table.Th>How</Table.Th>
            <Table.Th>Record</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {differences.items?.map(({ slice, key, code, message, recordId }) => (
            <Table.Tr key={`${slice} ${key} ${code}`}>
              <Table.Td>
                <CopyText text={key} />
              </Table.Td>
              <Table.Td>{slice}</Table.Td>
              <Table.Td>{message}</Table.Td>
              <Table.Td>
                {recordId !== null && (
                  <Anchor component={Link} href={`/records/${recordId}`} size="sm">
                    open
                  </Anchor>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
      <MoreButton pages={differences} />
    </Stack>
  );
}

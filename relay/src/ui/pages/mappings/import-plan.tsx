import { Alert, Stack, Table, Text } from '@mantine/core';
import type { Answer } from '../../api/index.ts';
import { counted } from './words.ts';

const mostShown = 100;

/** What an import would change, and what is wrong with it. */
export function ImportPlan({ plan: { added, changed, removed, unchanged, faults } }: { plan: Answer<'value-maps.import.preview'> }) {
  if (faults.length > 0)
    return (
      <Alert
        color="red"
        variant="light"
        role="alert"
        title={`${counted(faults.length, 'line')} cannot be read; nothing would be imported.`}
      >
        {faults.slice(0, mostShown).map(({ line, message }) => (
          <Text key={`${line} ${message}`} size="sm">
            {line === 0 ? '' : `Line ${line}: `}
            {message}
          </Text>
        ))}
      </Alert>
    );
  const lines = [
    ...changed.map((one) => ({ ...one, what: 'changed', before: one.before })),
    ...removed.map((one) => ({ ...one, what: 'removed', before: one.to, to: '' })),
    ...added.map((one) => ({ ...one, what: 'new', before: '' })),
  ];
  return (
    <Stack gap="xs">
      <Text size="sm" component="output">
        {added.length} new, {changed.length} changed, {removed.length} removed, {unchanged} as they are.
      </Text>
      {lines.length > 0 && (
        <Table.ScrollContainer minWidth={360} mah={260} type="native">
          <Table fz="xs" verticalSpacing={2}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Code</Table.Th>
                <Table.Th>Before</Table.Th>
                <Table.Th>After</Table.Th>
                <Table.Th>What</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {lines.slice(0, mostShown).map(({ from, before, to, what }) => (
                <Table.Tr key={from}>
                  <Table.Td ff="monospace">{from}</Table.Td>
                  <Table.Td>{before}</Table.Td>
                  <Table.Td>{to}</Table.Td>
                  <Table.Td>{what}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {lines.length > mostShown && (
        <Text size="xs" c="dimmed">
          and {lines.length - mostShown} more
        </Text>
      )}
    </Stack>
  );
}

import { Button, Code, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { JsonView } from './json-view.tsx';

export interface ChangedField {
  /** `bank[0].BANKN`. */
  field: string;
  /** Undefined: it was not there. */
  before?: unknown;
  after?: unknown;
}

const shownFields = 50;

/** Field by field, what was and what is. */
export function FieldDiff({ fields }: { fields: readonly ChangedField[] }) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? fields : fields.slice(0, shownFields);
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table fz="xs" verticalSpacing={4} layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="28%">Field</Table.Th>
            <Table.Th>Before</Table.Th>
            <Table.Th>After</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map(({ field, before, after }) => (
            <Table.Tr key={field}>
              <Table.Th ff="monospace" fw={400} style={{ overflowWrap: 'anywhere' }}>
                {field}
              </Table.Th>
              <Table.Td>
                <Side value={before} colour="red" />
              </Table.Td>
              <Table.Td>
                <Side value={after} colour="teal" />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {fields.length > shown.length && (
        <Button size="compact-xs" variant="subtle" onClick={() => setWhole(true)}>
          {fields.length - shown.length} more fields
        </Button>
      )}
    </Table.ScrollContainer>
  );
}

function Side({ value, colour }: { value: unknown; colour: string }) {
  if (value === undefined)
    return (
      <Text span fz="xs" c="dimmed">
        not there
      </Text>
    );
  if (value !== null && typeof value === 'object') return <JsonView value={value} label="value" />;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return (
    <Code color={`var(--mantine-color-${colour}-light)`} c="var(--mantine-color-text)" fz="xs" style={{ overflowWrap: 'anywhere' }}>
      {text === '' ? '""' : text}
    </Code>
  );
}

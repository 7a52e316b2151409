import { Stack, Table, Text } from '@mantine/core';
import { useApi, type IntegrationFlow } from '../../api/index.ts';
import { WideTable } from '../../shell/index.ts';

/** Settings of a flow as they hold, with what each of them means. */
export function FlowSettings({ flow }: { flow: IntegrationFlow }) {
  const kind = useApi('flows.list').data?.items.find(({ id }) => id === flow.flowId);
  const fields = fieldsOf(kind?.settings);
  const names = [...new Set([...fields.keys(), ...Object.keys(flow.settings)])];
  if (names.length === 0)
    return (
      <Text size="sm" c="dimmed">
        This flow has no settings.
      </Text>
    );
  return (
    <WideTable minWidth={520} about="Settings">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Setting</Table.Th>
          <Table.Th>Value</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {names.map((name) => (
          <SettingRow key={name} name={name} value={flow.settings[name]} field={fields.get(name)} />
        ))}
      </Table.Tbody>
    </WideTable>
  );
}

interface Field {
  description?: string;
  default?: unknown;
}

function SettingRow({ name, value, field }: { name: string; value: unknown; field: Field | undefined }) {
  const isDefault = value === undefined;
  return (
    <Table.Tr>
      <Table.Td>
        <Stack gap={0}>
          <Text size="sm" ff="monospace">
            {name}
          </Text>
          {field?.description && (
            <Text size="xs" c="dimmed">
              {field.description}
            </Text>
          )}
        </Stack>
      </Table.Td>
      <Table.Td>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {words(isDefault ? field?.default : value)}
        </Text>
        {isDefault && (
          <Text size="xs" c="dimmed">
            {field?.default === undefined ? 'not set' : 'the default'}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** The schema is JSON Schema, as the API shows it. */
function fieldsOf(schema: { [name: string]: unknown } | undefined): Map<string, Field> {
  const properties = schema?.['properties'];
  if (properties === null || typeof properties !== 'object') return new Map();
  return new Map(Object.entries(properties as { [name: string]: Field }));
}

function words(value: unknown): string {
  if (value === undefined || value === null) return '–';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value) && value.length === 0) return 'none';
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(', ');
  return JSON.stringify(value);
}

import { Anchor, Badge, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { useApi, type ValueMapSummary } from '../../api/index.ts';
import { Empty, Loading, PageHead, ProblemView, Section, useNames, useWho } from '../../shell/index.ts';
import { counted } from './words.ts';

/** Value maps of all integrations: those that hold up records first. */
export function ValueMapsPage() {
  const path = { tenantId: useWho().tenantId };
  const maps = useApi('value-maps.overview', { path }, { everyMs: 10_000 });
  if (maps.error && !maps.data) return <ProblemView problem={maps.error.problem} />;
  if (!maps.data) return <Loading />;
  const waiting = maps.data.items.filter(({ waitingRecords }) => waitingRecords > 0);
  const records = waiting.reduce((sum, { waitingRecords }) => sum + waitingRecords, 0);
  const lead =
    waiting.length === 0
      ? 'No record waits for an entry.'
      : `${counted(records, 'record')} ${records === 1 ? 'waits' : 'wait'} for entries.`;
  return (
    <Stack>
      <PageHead title="Mappings" lead={lead} />
      {maps.error && <ProblemView problem={maps.error.problem} />}
      <ValueMaps maps={maps.data.items} />
      <OverrideLists />
    </Stack>
  );
}

function ValueMaps({ maps }: { maps: ValueMapSummary[] }) {
  const [words, setWords] = useState('');
  const shown = maps.filter(({ title, integrationName }) => `${title} ${integrationName}`.toLowerCase().includes(words.toLowerCase()));
  const search = maps.length > 8 && (
    <TextInput
      size="xs"
      placeholder="Find a value map"
      aria-label="Find a value map"
      value={words}
      onChange={(event) => setWords(event.currentTarget.value)}
    />
  );
  return (
    <Section title="Value maps" lead="Which code of one side stands for which code of the other." actions={search}>
      {maps.length === 0 && <Empty title="No value map yet">They come with the flows of an integration.</Empty>}
      {maps.length > 0 && (
        <Table.ScrollContainer minWidth={640} type="native">
          <Table verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Value map</Table.Th>
                <Table.Th>Integration</Table.Th>
                <Table.Th ta="right">Missing</Table.Th>
                <Table.Th ta="right">Records waiting</Table.Th>
                <Table.Th ta="right">Entries</Table.Th>
                <Table.Th>Without entry</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map((map) => (
                <Row key={`${map.integrationId} ${map.id}`} {...map} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Section>
  );
}

const policyWords = { block: 'the record waits', default: 'a default is used', pass: 'the code goes through' } as const;

function Row({ integrationId, integrationName, id, title, missing, entries, missingCodes, waitingRecords }: ValueMapSummary) {
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} href={`/mappings/${integrationId}/${id}`} inherit>
          {title}
        </Anchor>
      </Table.Td>
      <Table.Td>{integrationName}</Table.Td>
      <Table.Td ta="right">
        {missingCodes > 0 ? <Badge color="red" variant="light" tt="none" miw="max-content">{`${missingCodes} missing`}</Badge> : '–'}
      </Table.Td>
      <Table.Td ta="right" fw={waitingRecords > 0 ? 600 : 400}>
        {waitingRecords > 0 ? waitingRecords.toLocaleString() : '–'}
      </Table.Td>
      <Table.Td ta="right">{entries.toLocaleString()}</Table.Td>
      <Table.Td>{policyWords[missing]}</Table.Td>
    </Table.Tr>
  );
}

function OverrideLists() {
  const names = useNames();
  const integrations = useApi('integrations.list', { path: { tenantId: useWho().tenantId }, query: { limit: 500 } }).data?.items ?? [];
  if (integrations.length === 0) return null;
  return (
    <Section title="Field overrides" lead="Where a field is to be filled otherwise than the flow does it.">
      {integrations.map(({ id, name, flows }) => (
        <Group key={id} gap="md" align="baseline">
          <Text size="sm" fw={600}>
            {name}
          </Text>
          {flows.map(({ flowId }) => (
            <Anchor key={flowId} component={Link} href={`/mappings/${id}/overrides/${flowId}`} size="sm">
              {names.flow(flowId)}
            </Anchor>
          ))}
        </Group>
      ))}
    </Section>
  );
}

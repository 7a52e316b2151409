import { Button, Table, Text } from '@mantine/core';
import { useAction, usePages } from '../../api/index.ts';
import { CopyText, Empty, FormProblem, Loading, MoreButton, ProblemView, Section, Time, useWho } from '../../shell/index.ts';

const kinds: Record<string, string> = { day: 'every day', now: 'asked for', removal: 'by the retention' };

/** Signed sums of the trail. Kept outside of the relay they show what was there, whoever can change the database. */
export function Anchors() {
  const path = { tenantId: useWho().tenantId };
  const anchors = usePages('audit.anchors.list', { path, query: { limit: 10 } });
  const make = useAction('audit.anchors.make');
  const { items, error } = anchors;
  return (
    <Section
      title="Anchors"
      lead="Signed sums of the trail. Kept outside of the relay, they prove what was there; an alert channel can get them every day."
      actions={
        <Button variant="default" loading={make.isPending} onClick={() => make.mutate({ path })}>
          Anchor now
        </Button>
      }
    >
      <FormProblem problem={make.error?.problem} />
      {error && !items && <ProblemView problem={error.problem} />}
      {!items && !error && <Loading />}
      {items?.length === 0 && <Empty title="No anchors yet">The first is made at the end of the day.</Empty>}
      {items && items.length > 0 && (
        <Table.ScrollContainer minWidth={640}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Number</Table.Th>
                <Table.Th>Through</Table.Th>
                <Table.Th>Made</Table.Th>
                <Table.Th>Trails</Table.Th>
                <Table.Th>Hash</Table.Th>
                <Table.Th>Signature</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map(({ number, kind, throughAt, madeAt, chains, hash, signature }) => (
                <Table.Tr key={number}>
                  <Table.Td>{number}</Table.Td>
                  <Table.Td>
                    <Time at={throughAt} />
                  </Table.Td>
                  <Table.Td>
                    <Time at={madeAt} />
                    <Text size="xs" c="dimmed">
                      {kinds[kind] ?? kind}
                    </Text>
                  </Table.Td>
                  <Table.Td>{chains.toLocaleString()}</Table.Td>
                  <Table.Td>
                    <CopyText text={hash} label={`${hash.slice(0, 12)}…`} />
                  </Table.Td>
                  <Table.Td>
                    <CopyText text={signature} label={`${signature.slice(0, 12)}…`} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <MoreButton pages={anchors} />
    </Section>
  );
}

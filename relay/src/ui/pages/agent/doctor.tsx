import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useAction, type Agent, type Answer } from '../../api/index.ts';
import { CodeLine, durationWords, Empty, ProblemView, Signal, useWho, WideTable, type Light } from '../../shell/index.ts';

type Finding = Answer<'agents.doctor'>['findings'][number];

const lights: Record<Finding['result'], Light> = { ok: 'good', warning: 'warning', failed: 'bad', skipped: 'off' };
const order: Finding['result'][] = ['failed', 'warning', 'ok', 'skipped'];

/** The agent's own checks, run from here: each is ok, or says what to do. */
export function Doctor({ agent }: { agent: Agent }) {
  const { tenantId } = useWho();
  const doctor = useAction('agents.doctor');
  const run = () => doctor.mutate({ path: { tenantId, agentId: agent.id }, body: {} });
  const findings = doctor.data?.findings.toSorted((one, other) => order.indexOf(one.result) - order.indexOf(other.result));
  return (
    <Stack>
      <Group>
        <Button onClick={run} loading={doctor.isPending} disabled={agent.session === null}>
          {findings ? 'Run the doctor again' : 'Run the doctor'}
        </Button>
        {findings && (
          <Text size="sm" component="output">
            {verdictOf(findings)}
          </Text>
        )}
      </Group>
      {agent.session === null && (
        <Stack gap="xs">
          <Text size="sm">It is not connected. Run its checks on {agent.machine}:</Text>
          <CodeLine text="ml-agent doctor" label="doctor" />
        </Stack>
      )}
      {doctor.error && <ProblemView problem={doctor.error.problem} />}
      {!findings && agent.session !== null && !doctor.error && (
        <Empty title="The doctor looks at everything the agent needs">
          The way to the relay, the SDK, logon, what its user may do, tables and functions. It changes nothing.
        </Empty>
      )}
      {findings && (
        <WideTable minWidth={600} about="Findings">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Result</Table.Th>
              <Table.Th>Check</Table.Th>
              <Table.Th>What was found, and what to do</Table.Th>
              <Table.Th ta="right">Took</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {findings.map((finding) => (
              <FindingRow key={finding.check} finding={finding} />
            ))}
          </Table.Tbody>
        </WideTable>
      )}
    </Stack>
  );
}

function FindingRow({ finding: { check, result, detail, fix, ms } }: { finding: Finding }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Signal light={lights[result]}>{result}</Signal>
      </Table.Td>
      <Table.Td>
        <Text size="sm" ff="monospace">
          {check}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{detail}</Text>
        {fix !== '' && (
          <Text size="sm" fw={600}>
            {fix}
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right">{durationWords(ms)}</Table.Td>
    </Table.Tr>
  );
}

function verdictOf(findings: readonly Finding[]): string {
  const failed = findings.filter(({ result }) => result === 'failed').length;
  const warnings = findings.filter(({ result }) => result === 'warning').length;
  if (failed === 0 && warnings === 0) return 'Everything is in place.';
  return [failed > 0 && `${failed} failed`, warnings > 0 && `${warnings} to look at`].filter(Boolean).join(', ');
}
